// Counts allocations, so that a test can say that there are none, and lets some of them fail. Link
// count_allocations.cpp.
#pragma once

#include <cstddef>

namespace wend::test {

/// Calls of operator new by this thread since it began.
std::size_t allocations() noexcept;

/// Lets `times` allocations of this thread throw `std::bad_alloc`, after `after` more of them.
/// Those that were to fail and did not are told by `failing_allocations`.
void fail_allocations(std::size_t after, std::size_t times) noexcept;
std::size_t failing_allocations() noexcept;

/// How many of them `run` makes.
template <class Run>
std::size_t allocations_in(Run&& run) {
  auto const before = allocations();
  run();
  return allocations() - before;
}

}  // namespace wend::test
