// Counts allocations, so that a test can say that there are none. Link count_allocations.cpp.
#pragma once

#include <cstddef>

namespace wend::test {

/// Calls of operator new by this thread since it began.
std::size_t allocations() noexcept;

/// How many of them `run` makes.
template <class Run>
std::size_t allocations_in(Run&& run) {
  auto const before = allocations();
  run();
  return allocations() - before;
}

}  // namespace wend::test
