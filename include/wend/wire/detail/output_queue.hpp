// What is on its way to a peer: heads and small bodies in one string, so that they leave in one
// write, a large body beside it, and the pieces that a `body_source` makes or that are pushed.
#pragma once

#include <wend/http/fields.hpp>
#include <wend/http/response.hpp>
#include <wend/wire/serializer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wend::detail {

inline constexpr std::size_t high_water = 64 * 1024;  // output that is sent before more is made
inline constexpr std::size_t idle_memory = 4 * 1024;  // a larger buffer is given back when idle

/// Gives the memory of a text back that is large and not in use.
inline void release(std::string& text) {
  if (text.capacity() > idle_memory) std::string().swap(text);
}

/// A queue of bytes. Lifetime of `view`: until any other function is called.
class output_queue {
 public:
  enum class pulled : std::uint8_t { piece, end, failure };

  /// What is to be sent next; empty when all is sent.
  std::string_view view() const noexcept;

  /// Drops the first `n` bytes of `view`.
  void sent(std::size_t n);

  bool empty() const noexcept { return at_ == text_.size() && large_at_ == large_.size(); }

  /// True when something has to be sent before more may be added.
  bool full() const noexcept { return text_.size() - at_ >= high_water || !large_.empty(); }

  /// Where to append; not when `full`.
  std::string& text() noexcept { return text_; }

  /// Adds a body and leaves it unspecified: a large one is taken over, not copied.
  void add(std::string& body);

  /// Adds the next piece that `source` makes, in its framing; `left` counts down what a source of
  /// known size still has to give. A size that is not the one it said is a failure; nothing of that
  /// piece is added then (RFC 9112 8), nor when the source throws.
  pulled pull(body_source& source, content_framing framing, std::uint64_t& left);

  /// True when a source may be pulled: what is left of an earlier round goes first.
  bool may_pull() const noexcept { return at_ == 0 && !full(); }

  /// Adds a piece of content in its framing; empty is nothing. Allocates: when the text has to
  /// grow, which ends at twice `high_water` and a piece if nothing is pushed while `full`.
  void push(std::string_view data, content_framing framing);

  /// Adds what ends the content in this framing, and the fields behind it if they can be sent.
  void push_end(content_framing framing, trailer_fields const& behind) {
    if (framing != content_framing::chunked) return;
    text_.append("0\r\n").append(behind.lines()).append("\r\n");
  }

  /// Gives large buffers back; only when empty.
  void release_memory() { release(text_); }

 private:
  std::string text_;   // to send, from at_ on
  std::string large_;  // to send after it, from large_at_ on
  std::size_t at_ = 0;
  std::size_t large_at_ = 0;
};

// ------------------------------------------------------------------------------------------------

inline std::string_view output_queue::view() const noexcept {
  if (at_ < text_.size()) return {text_.data() + at_, text_.size() - at_};
  return {large_.data() + large_at_, large_.size() - large_at_};
}

inline void output_queue::sent(std::size_t n) {
  bool const small = at_ < text_.size();
  auto& at = small ? at_ : large_at_;
  at += n;
  if (at < (small ? text_ : large_).size()) return;
  at = 0;
  if (small)
    text_.clear();
  else
    std::string().swap(large_);
}

inline void output_queue::add(std::string& body) {
  if (body.size() > copied_content)
    large_.swap(body);
  else
    text_.append(body);
}

inline output_queue::pulled output_queue::pull(body_source& source,
                                               content_framing framing,
                                               std::uint64_t& left) {
  // The size of a chunk is known after it was made: it is patched in, so that nothing is copied.
  static constexpr std::string_view blank_size = "00000000\r\n", digits = "0123456789abcdef";
  bool const chunked = framing == content_framing::chunked;
  bool const counted = framing == content_framing::length;
  auto const start = text_.size();
  if (chunked) text_.append(blank_size);
  auto const data = text_.size();
  bool more = false;
  try {
    more = source.read(text_);
  } catch (...) {
    text_.resize(start);
    throw;
  }
  bool const shrunk = text_.size() < data;
  auto const size = shrunk ? 0 : text_.size() - data;
  if (shrunk || (counted && size > left) || (chunked && size > 0xffffffff)) {
    text_.resize(std::min(start, text_.size()));
    return pulled::failure;
  }
  if (counted) left -= size;
  if (chunked && size == 0) text_.resize(start);  // it would read as the last chunk
  if (chunked && size > 0) {
    for (std::size_t i = 0; i < 8; ++i)
      text_[start + i] = digits[size >> (28 - 4 * i) & 15];
    text_.append("\r\n");
  }
  if (more) return pulled::piece;
  if (counted && left > 0) return pulled::failure;
  trailer_fields behind;
  if (chunked) source.trailers(behind);
  push_end(framing, behind);
  return pulled::end;
}

inline void output_queue::push(std::string_view data, content_framing framing) {
  if (data.empty()) return;  // it would read as the last chunk
  if (at_ >= high_water) {   // a peer that takes a little at a time does not make it grow for ever
    text_.erase(0, at_);
    at_ = 0;
  }
  if (framing != content_framing::chunked) {
    text_.append(data);
    return;
  }
  std::array<char, 18> size;
  auto* const end = std::to_chars(size.data(), size.data() + 16, data.size(), 16).ptr;
  std::copy_n("\r\n", 2, end);
  text_.append(size.data(), end + 2).append(data).append("\r\n");
}

}  // namespace wend::detail
