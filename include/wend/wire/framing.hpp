// Where a request body ends (RFC 9112 6), and the decoder of the chunked coding (RFC 9112 7.1).
//
// Two parties that see different ends see different requests: all that could be read in two ways is
// refused, and the connection with it. Limits on the body itself are the session's.
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/error.hpp>
#include <wend/http/fields.hpp>
#include <wend/wire/detail/scan.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wend {

/// How the end of a request body is known: there is none, it has a length, or it is chunked.
class body_length {
 public:
  static constexpr body_length none() noexcept { return {}; }
  static constexpr body_length of(std::uint64_t bytes) noexcept { return {bytes, false}; }
  static constexpr body_length chunked() noexcept { return {0, true}; }

  constexpr bool is_chunked() const noexcept { return chunked_; }

  /// True when no byte of the request follows its head: no body, or one of length 0.
  constexpr bool empty() const noexcept { return bytes_ == 0 && !chunked_; }

  /// The length in bytes; 0 when chunked.
  constexpr std::uint64_t bytes() const noexcept { return bytes_; }

  friend constexpr bool operator==(body_length, body_length) noexcept = default;

 private:
  constexpr body_length() = default;
  constexpr body_length(std::uint64_t bytes, bool chunked) : bytes_(bytes), chunked_(chunked) {}

  std::uint64_t bytes_ = 0;
  bool chunked_ = false;
};

/// The framing of the body that follows `head`, as RFC 9112 6.3 says.
///
/// Errors: 400 for Content-Length beside Transfer-Encoding, more than one of either, a length that
/// is not plain digits or does not fit 64 bits, a Transfer-Encoding in HTTP/1.0, or one that does
/// not end in a single "chunked"; 501 for a coding before it.
/// Choice: RFC 9110 8.6 lets equal lengths in a list pass as one; they are refused.
result<body_length> request_body_length(request_head const& head);

/// Takes the chunked coding off a body that arrives in any pieces.
///
///     while (!in.empty() && !decoder.done()) {
///       result<std::string_view> data = decoder.next(in);
///       if (!data) return data.error();
///       body += *data;
///     }
///
/// Lifetime: keeps a reference to the limits. Allocates: when a line is split between pieces, and
/// for trailers.
class chunk_decoder {
 public:
  explicit chunk_decoder(limits const& l) : limits_(&l) {}

  /// Takes bytes off the front of `in` and returns data among them, a view into `in`. Stops after
  /// each run of data, at the end of `in`, and after the last byte of the body. Errors: 400 for
  /// what is not the chunked coding, 431 for trailers over the limit.
  ///
  /// Choice: extensions are checked and forgotten; all in a body together may not be larger than a
  /// head. A trailer that would frame or route a request (RFC 9110 6.5.1) is refused, not dropped.
  result<std::string_view> next(std::string_view& in);

  /// Bytes of the chunk at hand that are still to come: what a limit can refuse before they do.
  std::uint64_t left() const noexcept { return state_ == state::data ? left_ : 0; }

  /// True when the last byte of the body, trailers included, was taken.
  bool done() const noexcept { return state_ == state::done; }

  /// The fields after the body; none until `done`. Lifetime: until `reset`.
  fields_view trailers() const noexcept { return done() ? fields_view{trailers_} : fields_view{}; }

  /// Makes ready for the next body.
  void reset();

 private:
  enum class state : std::uint8_t { size, data, data_end, trailers, done };

  result<bool> take_line(std::string_view& in, std::size_t limit, error const& too_long);
  std::optional<error> take_size();
  std::optional<error> take_data_end(std::string_view& in);
  std::optional<error> take_trailer();

  limits const* limits_;
  state state_ = state::size;
  std::uint64_t left_ = 0;      // of the chunk at hand; of its CRLF in data_end
  std::size_t extensions_ = 0;  // bytes of extensions so far
  std::string_view line_;       // what take_line found
  std::string carry_;           // the front of a line that is split
  bool split_ = false;          // carry_ is in use
  bool cr_ = false;             // the CR after it was the last byte of a piece
  std::string trailer_text_;    // the trailer lines, without their ends
  std::vector<field> trailers_;
};

// ------------------------------------------------------------------------------------------------

namespace detail {

inline result<body_length> content_length(std::string_view text) {
  if (text.empty() || !digit.all(text))
    return error{status::bad_request, "Content-Length is not one number", "RFC 9112 6.3"};
  std::uint64_t value = 0;
  for (char c : text) {
    auto const next = static_cast<std::uint64_t>(c - '0');
    if (value > (std::numeric_limits<std::uint64_t>::max() - next) / 10)
      return error{status::bad_request, "Content-Length does not fit 64 bits", "RFC 9110 8.6"};
    value = value * 10 + next;
  }
  return body_length::of(value);
}

inline result<body_length> transfer_encoding(std::string_view list) {
  error const bad{
      status::bad_request, "Transfer-Encoding does not end in one chunked", "RFC 9112 6.1"};
  bool other = false, chunked = false;
  while (true) {  // not for_each_element: an empty element is an error here
    auto const comma = list.find(',');
    auto const coding = trim(list.substr(0, comma));
    if (chunked || !is_token(trim(coding.substr(0, coding.find(';'))))) return bad;
    chunked = iequals(coding, "chunked");
    other |= !chunked;
    if (comma == list.npos) break;
    list.remove_prefix(comma + 1);
  }
  if (!chunked) return bad;
  if (other)
    return error{status::not_implemented, "the transfer coding is unknown", "RFC 9112 6.1"};
  return body_length::chunked();
}

inline void skip_blanks(std::string_view& text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
}

inline bool skip_token(std::string_view& text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && token_byte(text[n]))
    ++n;
  text.remove_prefix(n);
  return n > 0;
}

inline bool skip_quoted(std::string_view& text) noexcept {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

/// chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ) (RFC 9112 7.1.1)
inline bool is_chunk_extension(std::string_view text) noexcept {
  while (!text.empty()) {
    skip_blanks(text);
    if (text.empty() || text.front() != ';') return false;
    text.remove_prefix(1);
    skip_blanks(text);
    if (!skip_token(text)) return false;
    auto value = text;
    skip_blanks(value);
    if (value.empty() || value.front() != '=') continue;
    value.remove_prefix(1);
    skip_blanks(value);
    bool const quoted = !value.empty() && value.front() == '"';
    if (!(quoted ? skip_quoted(value) : skip_token(value))) return false;
    text = value;
  }
  return true;
}

/// The size in a chunk's first line, 1*HEXDIG; `line` is left with the extensions.
inline result<std::uint64_t> chunk_size(std::string_view& line) {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < line.size() && hex_digit(line[digits]); ++digits) {
    if (size > std::numeric_limits<std::uint64_t>::max() >> 4)
      return error{status::bad_request, "a chunk size does not fit 64 bits", "RFC 9112 7.1"};
    size = size << 4 | static_cast<std::uint64_t>(hex_value(line[digits]));
  }
  if (digits == 0) return error{status::bad_request, "a chunk has no size", "RFC 9112 7.1"};
  line.remove_prefix(digits);
  return size;
}

}  // namespace detail

inline result<body_length> request_body_length(request_head const& head) {
  auto const lengths = head.count(framing_field::content_length);
  auto const codings = head.count(framing_field::transfer_encoding);
  if (lengths == 0 && codings == 0) return body_length::none();
  auto const refuse = [](std::string_view why, std::string_view section) {
    return error{status::bad_request, why, section};
  };
  if (lengths > 0 && codings > 0)
    return refuse("Content-Length stands beside Transfer-Encoding", "RFC 9112 6.1");
  if (lengths > 1) return refuse("there is more than one Content-Length", "RFC 9112 6.3");
  if (lengths == 1) return detail::content_length(head.value(framing_field::content_length));
  if (codings > 1) return refuse("there is more than one Transfer-Encoding", "RFC 9112 6.1");
  if (head.version_minor == 0)
    return refuse("Transfer-Encoding stands in an HTTP/1.0 request", "RFC 9112 6.1");
  return detail::transfer_encoding(head.value(framing_field::transfer_encoding));
}

inline result<std::string_view> chunk_decoder::next(std::string_view& in) {
  static constexpr error long_line{
      status::bad_request, "a chunk line is too long", "RFC 9112 7.1.1"};
  static constexpr error long_trailers{
      status::request_header_fields_too_large, "the trailers are too large", "RFC 6585 5"};
  while (!in.empty()) {
    std::optional<error> bad;
    if (state_ == state::done) break;
    if (state_ == state::data) {
      auto const data =
          in.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
      in.remove_prefix(data.size());
      left_ -= data.size();
      if (left_ == 0) {
        state_ = state::data_end;
        left_ = 2;
      }
      return data;
    }
    if (state_ == state::data_end) {
      bad = take_data_end(in);
    } else {
      bool const size = state_ == state::size;
      auto const line =
          take_line(in,
                    size ? limits_->chunk_line : limits_->trailers - trailer_text_.size(),
                    size ? long_line : long_trailers);
      if (!line) return line.error();
      if (!*line) break;
      bad = size ? take_size() : take_trailer();
    }
    if (bad) return *bad;
  }
  return std::string_view{};
}

/// True when a line is complete; it is then in `line_` until the next call.
inline result<bool> chunk_decoder::take_line(std::string_view& in,
                                             std::size_t limit,
                                             error const& too_long) {
  if (!split_) carry_.clear();
  if (cr_) {
    if (in.front() != '\n')
      return error{status::bad_request, "a CR stands without its LF", "RFC 9112 2.2"};
    in.remove_prefix(1);
    split_ = cr_ = false;
    line_ = carry_;
    return true;
  }
  auto const end = detail::find_line_end(in, 0);
  if (carry_.size() + end.at > limit) return too_long;
  if (end.what == detail::line_end::is::broken) return detail::bad_line(end, in);
  line_ = in.substr(0, end.at);
  bool const found = end.what == detail::line_end::is::found;
  if (split_ || !found) {
    carry_.append(line_);
    line_ = carry_;
  }
  cr_ = !found && end.at < in.size();
  split_ = !found;
  in.remove_prefix(found ? end.at + 2 : in.size());
  return found;
}

inline std::optional<error> chunk_decoder::take_size() {
  auto rest = line_;
  auto const size = detail::chunk_size(rest);
  if (!size) return size.error();
  if (!detail::is_chunk_extension(rest))
    return error{status::bad_request, "a chunk extension is invalid", "RFC 9112 7.1.1"};
  extensions_ += rest.size();
  if (extensions_ > limits_->head)
    return error{status::bad_request, "the chunk extensions are too large", "RFC 9112 7.1.1"};
  left_ = *size;
  state_ = left_ == 0 ? state::trailers : state::data;
  return std::nullopt;
}

inline std::optional<error> chunk_decoder::take_data_end(std::string_view& in) {
  if (in.front() != (left_ == 2 ? '\r' : '\n'))
    return error{status::bad_request, "a chunk does not end in CRLF", "RFC 9112 7.1"};
  in.remove_prefix(1);
  if (--left_ == 0) state_ = state::size;
  return std::nullopt;
}

inline std::optional<error> chunk_decoder::take_trailer() {
  if (!line_.empty()) {
    auto const parsed = parse_field_line(line_);
    if (!parsed) return parsed.error();
    if (framing_field_of(parsed->name) != framing_field::other)
      return error{status::bad_request, "a trailer may not frame a message", "RFC 9110 6.5.1"};
    trailers_.push_back(*parsed);
    trailer_text_.append(line_).append("\r\n");
    if (trailers_.size() <= limits_->fields && trailer_text_.size() <= limits_->trailers)
      return std::nullopt;
    return error{status::request_header_fields_too_large, "too many trailers", "RFC 6585 5"};
  }
  trailers_.clear();  // again, now that the text stays where it is
  for (std::string_view rest = trailer_text_; !rest.empty();) {
    auto const end = rest.find('\r');
    trailers_.push_back(*parse_field_line(rest.substr(0, end)));
    rest.remove_prefix(end + 2);
  }
  state_ = state::done;
  return std::nullopt;
}

inline void chunk_decoder::reset() {
  state_ = state::size;
  left_ = 0;
  extensions_ = 0;
  split_ = cr_ = false;
  line_ = {};
  trailers_.clear();
  trailer_text_.clear();
}

}  // namespace wend
