// Memory that is there when there is no other.
#pragma once

#include <cstddef>
#include <new>

namespace wend::detail {

/// Memory for one operation at a time: for what a loop cannot do without, as its clock. Lifetime:
/// it outlives the operation.
class reserved_memory {
 public:
  void* take(std::size_t size) {
    if (taken_ || size > sizeof bytes_) return ::operator new(size);
    taken_ = true;
    return bytes_;
  }
  void give_back(void* p) noexcept {
    if (p == bytes_)
      taken_ = false;
    else
      ::operator delete(p);
  }

 private:
  alignas(std::max_align_t) std::byte bytes_[256];
  bool taken_ = false;
};

/// Has Asio take the memory of an operation from there.
template <class T>
class reserved_allocator {
 public:
  using value_type = T;

  explicit reserved_allocator(reserved_memory& from) noexcept : from_(&from) {}
  template <class U>
  reserved_allocator(reserved_allocator<U> const& other) noexcept : from_(other.from_) {}

  T* allocate(std::size_t n) { return static_cast<T*>(from_->take(n * sizeof(T))); }
  void deallocate(T* p, std::size_t) noexcept { from_->give_back(p); }

  template <class U>
  bool operator==(reserved_allocator<U> const& other) const noexcept {
    return from_ == other.from_;
  }

 private:
  template <class>
  friend class reserved_allocator;

  reserved_memory* from_;
};

}  // namespace wend::detail
