// The bytes of the request at hand and of what came behind it: where they are kept, how head and
// body are read from them, and what may move when.
//
// A head is read in place, and from then on it does not move. A body that is read whole stands
// behind it or, if it does not fit there, in a block of its own. A body that is read in pieces is
// viewed where it arrived: behind the head, then in one block that is filled again and again.
#pragma once

#include <wend/http/error.hpp>
#include <wend/http/fields.hpp>
#include <wend/wire/detail/input_buffer.hpp>
#include <wend/wire/detail/output_queue.hpp>
#include <wend/wire/framing.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace wend::detail {

inline constexpr std::size_t first_input = 2 * 1024;  // holds nearly every head
inline constexpr std::size_t least_room = 256;        // a smaller read is not worth a system call
inline constexpr std::size_t body_step = 16 * 1024;   // first block for a body, only one for pieces

/// What a connection received and is not done with.
class request_input {
 public:
  explicit request_input(limits const& l) : limits_(&l), parser_(l), chunks_(l) {}

  // --- bytes ---

  /// All of them, from the first of the request at hand.
  std::string_view view() const noexcept { return bytes_.view(); }
  std::size_t size() const noexcept { return bytes_.size(); }

  std::span<char> room() noexcept { return bytes_.room(); }
  void received(std::size_t n) noexcept { bytes_.commit(n); }

  /// Forgets all bytes, or the first `n` of them.
  void discard() noexcept { bytes_.consume(bytes_.size()); }
  void discard(std::size_t n) noexcept { bytes_.consume(n); }

  /// Makes the room that a connection has which expects nothing in particular.
  void make_some_room() {
    if (bytes_.capacity() == 0) bytes_ = input_buffer(first_input);
  }

  /// Puts the request aside until the end: nothing of it goes, whatever is received from now on.
  void hold() noexcept {
    (held_head_.capacity() == 0 ? held_head_ : held_body_) = std::move(bytes_);
  }

  /// Forgets the request: what came behind it is first now.
  void finish();

  /// Gives a large buffer back when it is empty.
  void release_memory() {
    if (bytes_.empty() && bytes_.capacity() > idle_memory) bytes_ = input_buffer();
  }

  // --- the head ---

  result<bool> read_head() { return parser_.parse(bytes_.view()); }
  request_head const& head() const noexcept { return parser_.head(); }
  bool request_line_read() const noexcept { return parser_.request_line_read(); }

  /// True when a head has begun: an empty line before it is no beginning.
  bool begun() const noexcept { return bytes_.size() > parser_.skipped(); }

  /// Grows up to the limit of a head: the parser refuses what does not fit, so there is room then.
  void make_head_room();

  /// Takes the complete head off; a body follows as `length` says.
  void take_head(body_length length) noexcept {
    used_ = parser_.head().size;
    length_ = length;
    decoded_ = 0;
  }

  // --- the body ---

  body_length length() const noexcept { return length_; }

  /// Says that a body of at most `limit` bytes will be read; returns how many bytes came already.
  std::size_t begin_body(std::size_t limit) noexcept;

  /// Reads on; true when the body is complete, as `body()`. Errors: 400, 413, 431.
  result<bool> read_body();
  std::string_view body() const noexcept {
    return bytes_.view().substr(body_at_, static_cast<std::size_t>(decoded_));
  }

  /// The next piece; empty when the body is complete, or all was taken that is there. Errors: as
  /// `read_body`. Lifetime: until `make_piece_room`.
  result<std::string_view> next_piece();

  /// True when the last byte of the body was read.
  bool complete() const noexcept {
    return length_.is_chunked() ? chunks_.done() : decoded_ == length_.bytes();
  }

  /// Bytes of a body with a length that were not read; 0 of chunks, as nobody knows.
  std::uint64_t unread() const noexcept {
    return length_.is_chunked() ? 0 : length_.bytes() - decoded_;
  }

  fields_view trailers() const noexcept { return chunks_.trailers(); }

  /// The head may not move any more. A body that does not fit behind it gets a block of its own,
  /// which grows as bytes come and not as Content-Length promises.
  void make_body_room();

  /// Makes room for the next pieces where the last ones were; only when all were taken.
  void make_piece_room();

 private:
  result<std::string_view> next_data(std::string_view& rest);
  std::optional<error> take_chunks();

  limits const* limits_;
  input_buffer bytes_;      // not yet done with
  input_buffer held_head_;  // the head, when the body did not fit behind it
  input_buffer held_body_;  // the body, when a handler is late and the session is not
  head_parser parser_;
  chunk_decoder chunks_;

  std::size_t used_ = 0;       // bytes_ that belong to the request
  std::size_t body_at_ = 0;    // where in bytes_ its body begins: 0 in a block of its own
  std::size_t limit_ = 0;      // of the body
  std::uint64_t decoded_ = 0;  // bytes of the body that were read, free of chunking
  body_length length_ = body_length::none();
};

// ------------------------------------------------------------------------------------------------

inline void request_input::finish() {
  bytes_.consume(used_);
  used_ = 0;
  if (held_head_.capacity() > 0) held_head_ = input_buffer();
  if (length_.is_chunked()) chunks_.reset();
  parser_.reset();
}

inline void request_input::make_head_room() {
  if (bytes_.room().size() >= least_room) return;
  auto capacity = std::max(bytes_.capacity(), first_input);
  auto const most = limits_->head + std::min(least_room, SIZE_MAX - limits_->head);
  if (bytes_.size() + least_room > capacity && capacity < most)
    capacity = std::min(2 * capacity, most);
  auto const* const from = bytes_.data();
  auto const old = bytes_.make_room(capacity);
  parser_.rebase(from, bytes_.size(), bytes_.data());
}

inline std::size_t request_input::begin_body(std::size_t limit) noexcept {
  limit_ = limit;
  body_at_ = used_;
  return bytes_.size() - used_;
}

inline result<bool> request_input::read_body() {
  if (length_.is_chunked()) {
    if (auto const why = take_chunks()) return *why;
  } else {
    decoded_ = std::min<std::uint64_t>(bytes_.size() - body_at_, length_.bytes());
    used_ = body_at_ + static_cast<std::size_t>(decoded_);
  }
  return complete();
}

/// Takes chunks off `rest`, up to the next run of data.
inline result<std::string_view> request_input::next_data(std::string_view& rest) {
  auto const data = chunks_.next(rest);
  if (data && data->size() + chunks_.left() > limit_ - decoded_)  // a chunk size, so no overflow
    return error{status::content_too_large, "the body is too large", "RFC 9110 15.5.14"};
  return data;
}

/// Decodes what came in place.
inline std::optional<error> request_input::take_chunks() {
  auto rest = bytes_.view().substr(used_);
  while (!rest.empty() && !chunks_.done()) {
    auto const data = next_data(rest);
    if (!data) return data.error();
    if (data->empty()) continue;
    std::memmove(bytes_.data() + body_at_ + decoded_, data->data(), data->size());
    decoded_ += data->size();
  }
  used_ = bytes_.size() - rest.size();
  if (chunks_.done()) return std::nullopt;
  used_ = body_at_ + static_cast<std::size_t>(decoded_);  // all of it was taken
  bytes_.truncate(used_);
  return std::nullopt;
}

inline result<std::string_view> request_input::next_piece() {
  auto rest = bytes_.view().substr(used_);
  result<std::string_view> piece = rest;
  if (length_.is_chunked()) {
    piece = next_data(rest);
    if (!piece) return piece;
  } else {
    piece =
        rest.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), unread())));
    rest.remove_prefix(piece->size());
  }
  decoded_ += piece->size();
  used_ = bytes_.size() - rest.size();
  return piece;
}

inline void request_input::make_body_room() {
  bool const own = body_at_ == 0;
  auto const least = std::uint64_t{least_room};
  auto const left = length_.is_chunked() ? least : unread();
  if (bytes_.room().size() >= (own ? std::min(left, least) : left)) return;
  auto const promised = length_.is_chunked() ? limit_ : static_cast<std::size_t>(length_.bytes());
  if (own) {
    auto const twice = 2 * bytes_.capacity();
    bytes_.make_room(length_.is_chunked() ? twice : std::min(twice, promised));
    return;
  }
  auto const have = bytes_.view().substr(body_at_);
  input_buffer block(
      std::max({std::min(promised, body_step), have.size() + least_room, first_input}));
  std::copy(have.begin(), have.end(), block.room().begin());
  block.commit(have.size());
  held_head_ = std::move(bytes_);
  bytes_ = std::move(block);
  used_ -= body_at_;
  body_at_ = 0;
}

inline void request_input::make_piece_room() {
  bytes_.truncate(body_at_);
  used_ = body_at_;
  bool const own = body_at_ == 0;
  if (own || (!length_.is_chunked() && bytes_.room().size() >= unread())) return;
  held_head_ = std::move(bytes_);
  bytes_ = input_buffer(body_step);
  used_ = body_at_ = 0;
}

}  // namespace wend::detail
