// A text whose end is the end of readable memory: a read of one byte too many ends the program.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

namespace wend::test {

/// Holds a copy of a text that ends at a page which cannot be touched.
class guarded {
 public:
  explicit guarded(std::string_view text) : size_(text.size()) {
    auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    readable_ = (size_ / page + 1) * page;
    mapped_ = readable_ + page;
    void* const at =
        mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    base_ = static_cast<char*>(at);
    mprotect(base_ + readable_, page, PROT_NONE);
    if (size_ > 0) std::memcpy(base_ + readable_ - size_, text.data(), size_);
  }
  guarded(guarded const&) = delete;
  guarded& operator=(guarded const&) = delete;
  ~guarded() { munmap(base_, mapped_); }

  std::string_view view() const noexcept { return {base_ + readable_ - size_, size_}; }

 private:
  char* base_ = nullptr;
  std::size_t size_;
  std::size_t readable_ = 0;
  std::size_t mapped_ = 0;
};

}  // namespace wend::test
