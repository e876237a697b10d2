// Bytes that came from a peer and are not yet done with, in one piece of memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace wend::detail {

/// A buffer that is written at the back, read at the front, and moved only by `make_room`.
///
/// `room` and `view` hold until `make_room`; they are views into the same memory.
class input_buffer {
 public:
  input_buffer() = default;
  explicit input_buffer(std::size_t capacity)
      : data_(std::make_unique_for_overwrite<char[]>(capacity)), capacity_(capacity) {}
  input_buffer(input_buffer&& other) noexcept { swap(other); }
  input_buffer& operator=(input_buffer&& other) noexcept {
    input_buffer(std::move(other)).swap(*this);
    return *this;
  }
  ~input_buffer() = default;

  std::string_view view() const noexcept { return {data_.get() + begin_, end_ - begin_}; }
  char* data() noexcept { return data_.get() + begin_; }
  std::size_t size() const noexcept { return end_ - begin_; }
  bool empty() const noexcept { return begin_ == end_; }
  std::size_t capacity() const noexcept { return capacity_; }

  std::span<char> room() noexcept { return {data_.get() + end_, capacity_ - end_}; }
  void commit(std::size_t n) noexcept { end_ += n; }

  /// Forgets the first `n` bytes. Nothing moves, but the memory may be given out again by `room`.
  void consume(std::size_t n) noexcept {
    begin_ += n;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  /// Forgets all but the first `n` bytes.
  void truncate(std::size_t n) noexcept { end_ = begin_ + n; }

  /// Moves what is there to the front, of a new block if this one is smaller than `capacity`.
  /// Returns the old block then, so that views into it can be compared with before it goes.
  input_buffer make_room(std::size_t capacity) {
    input_buffer old;
    auto const kept = size();
    if (capacity > capacity_) {
      old = input_buffer(capacity);
      std::copy_n(data(), kept, old.data_.get());
      swap(old);
    } else if (begin_ > 0) {
      std::memmove(data_.get(), data(), kept);
    }
    begin_ = 0;
    end_ = kept;
    return old;
  }

 private:
  void swap(input_buffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(capacity_, other.capacity_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace wend::detail
