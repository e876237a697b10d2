// The replaced operator new of the tests: every form ends in one of these (C++20 17.6.3).
// ThreadSanitizer has one of its own, so that build counts nothing; all the others do.
#include "support/count_allocations.hpp"

#include <cstdlib>
#include <new>

#if defined(__SANITIZE_THREAD__)
#define WEND_TEST_COUNTS_NOTHING
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WEND_TEST_COUNTS_NOTHING
#endif
#endif

#if defined(WEND_TEST_COUNTS_NOTHING)

std::size_t wend::test::allocations() noexcept {
  return 0;
}
namespace {
thread_local std::size_t asked = 0;
}
void wend::test::fail_allocations(std::size_t, std::size_t times) noexcept {
  asked = times;
}
std::size_t wend::test::failing_allocations() noexcept {
  return asked;  // none of them does
}

#else

namespace {

thread_local std::size_t count = 0;
thread_local std::size_t passing = 0, failing = 0;

/// Counts one, and tells whether it is to fail.
bool fails() {
  ++count;
  if (failing == 0) return false;
  if (passing > 0) return --passing, false;
  return --failing, true;
}

void* counted(std::size_t size) {
  if (fails()) throw std::bad_alloc();
  if (void* const p = std::malloc(size > 0 ? size : 1)) return p;
  throw std::bad_alloc();
}

void* counted(std::size_t size, std::align_val_t alignment) {
  if (fails()) throw std::bad_alloc();
  auto const align = static_cast<std::size_t>(alignment);
  if (void* const p = std::aligned_alloc(align, (size + align - 1) / align * align)) return p;
  throw std::bad_alloc();
}

}  // namespace

std::size_t wend::test::allocations() noexcept {
  return count;
}
void wend::test::fail_allocations(std::size_t after, std::size_t times) noexcept {
  passing = after;
  failing = times;
}
std::size_t wend::test::failing_allocations() noexcept {
  return failing;
}

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, alignment);
}
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
  if (fails()) return nullptr;
  return std::malloc(size > 0 ? size : 1);
}
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept {
  if (fails()) return nullptr;
  return std::malloc(size > 0 ? size : 1);
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete[](void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}

#endif
