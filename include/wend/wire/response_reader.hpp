// A response as a client reads it (RFC 9112 4 to 7), from bytes that arrive in any pieces.
//
// The counterpart of parser.hpp and framing.hpp. It keeps the head, as a client wants to have it when
// the connection is gone, and hands on the content.
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/error.hpp>
#include <wend/http/field_value.hpp>
#include <wend/http/fields.hpp>
#include <wend/http/method.hpp>
#include <wend/http/response.hpp>
#include <wend/http/status.hpp>
#include <wend/wire/framing.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wend {

/// Reads one response after the other.
///
///     response_reader reader(limits);
///     reader.begin(method::get);
///     while (!in.empty() && !reader.done()) {       // and again with what comes next
///       result<std::string_view> content = reader.next(in);
///       if (!content) return content.error();
///       body += *content;
///     }
///
/// Errors are 502, with the reason; there is then nothing more to be read from the connection.
/// Lifetime: keeps a reference to the limits, of which `head`, `fields`, `chunk_line` and
/// `trailers` count: content may have any size. Allocates: for the head.
class response_reader {
 public:
  explicit response_reader(limits const& l) : limits_(&l), chunks_(l) {}

  /// Makes ready for the response to a request with this method.
  void begin(method const& m);

  /// Takes bytes off the front of `in` and returns content among them, a view into `in`, empty when
  /// there is none. Stops after each head, after each run of content, at the end of `in` and at that
  /// of the response: what is left then is not its own. Interim responses (1xx) are skipped, but
  /// 101.
  ///
  /// Choice: a status line without a reason may lack the space before it, too; nothing may stand
  /// before it. A folded field line is unfolded (RFC 9112 5.2). Content-Length beside Transfer-Encoding, or more than one, is
  /// refused.
  result<std::string_view> next(std::string_view& in);

  /// Says that the peer has closed. An error, unless the response ends so or has ended before.
  std::optional<error> take_end();

  /// True while nothing of the response has come.
  bool blank() const noexcept { return state_ == state::head && head_.empty(); }

  /// True when `response` is there.
  bool has_head() const noexcept { return state_ != state::head; }

  /// True when the response is complete.
  bool done() const noexcept { return state_ == state::done; }

  /// Bytes of content that are known to come: what a limit can refuse before they do.
  std::uint64_t left() const noexcept { return state_ == state::chunks ? chunks_.left() : left_; }

  /// True when another request may be sent on the connection (RFC 9112 9.3).
  bool keep_alive() const noexcept { return keep_alive_; }

  /// Status and fields, without the content.
  wend::response& response() noexcept { return response_; }

 private:
  enum class state : std::uint8_t { head, length, chunks, until_close, done };

  static error bad(std::string_view why, std::string_view section) {
    return {status::bad_gateway, why, section};
  }
  std::optional<error> read_head(std::string_view& in);
  std::optional<error> take_head();
  std::optional<error> take_status_line(std::string_view line);
  std::optional<error> find_framing(std::optional<std::string_view> length,
                                    std::optional<std::string_view> coding);

  limits const* limits_;
  chunk_decoder chunks_;
  method method_;
  state state_ = state::head;
  std::string head_;
  std::uint64_t left_ = 0;
  int version_minor_ = 1;
  bool keep_alive_ = false;
  wend::response response_;
};

// ------------------------------------------------------------------------------------------------

inline void response_reader::begin(method const& m) {
  method_ = m;
  state_ = state::head;
  head_.clear();
  chunks_.reset();
  left_ = 0;
  keep_alive_ = false;
  response_ = {};
}

inline result<std::string_view> response_reader::next(std::string_view& in) {
  std::string_view content;
  switch (state_) {
    case state::head:
      if (auto const why = read_head(in)) return *why;
      break;
    case state::length:
      content = in.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
      in.remove_prefix(content.size());
      left_ -= content.size();
      if (left_ == 0) state_ = state::done;
      break;
    case state::chunks: {
      auto const piece = chunks_.next(in);
      if (!piece) return bad(piece.error().detail, piece.error().section);
      content = *piece;
      if (chunks_.done()) state_ = state::done;
      break;
    }
    case state::until_close:
      content = in;
      in.remove_prefix(in.size());
      break;
    case state::done: break;
  }
  return content;
}

inline std::optional<error> response_reader::read_head(std::string_view& in) {
  auto const had = head_.size();  // the end may be split between pieces
  auto const room = limits_->head - std::min(limits_->head, had);
  head_.append(in.substr(0, room));
  auto const end = head_.find("\r\n\r\n", had < 3 ? 0 : had - 3);
  if (end == head_.npos) {
    if (in.size() > room) return bad("the head is too large", "RFC 6585 5");
    in = {};
    return std::nullopt;
  }
  in.remove_prefix(end + 4 - had);
  head_.resize(end + 2);
  return take_head();
}

inline std::optional<error> response_reader::take_end() {
  keep_alive_ = false;
  if (state_ == state::until_close) state_ = state::done;
  if (state_ == state::done) return std::nullopt;
  return bad("the connection ended within the response", "RFC 9112 8");
}

/// status-line = HTTP-version SP status-code SP [ reason-phrase ]
inline std::optional<error> response_reader::take_status_line(std::string_view line) {
  bool const sound = line.size() >= 12 && line.starts_with("HTTP/1.") && detail::digit(line[7]) &&
                     line[8] == ' ' && detail::digit.all(line.substr(9, 3)) && line[9] > '0' &&
                     (line.size() == 12 || line[12] == ' ') && detail::field_byte.all(line);
  if (!sound) return bad("this is no response of HTTP/1.1", "RFC 9112 4");
  version_minor_ = line[7] - '0';
  response_.status =
      static_cast<status>((line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0'));
  return std::nullopt;
}

inline std::optional<error> response_reader::take_head() {
  for (std::size_t at = 0; (at = head_.find("\r\n", at)) + 2 < head_.size(); at += 2)
    if (head_[at + 2] == ' ' || head_[at + 2] == '\t') head_[at] = head_[at + 1] = ' ';
  std::string_view rest = head_;
  auto const line = [&] {
    auto const end = rest.find("\r\n");
    auto const out = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return out;
  };
  if (auto const why = take_status_line(line())) return why;

  bool close = false, alive = false;
  std::optional<std::string_view> length, coding;
  for (std::size_t count = 0; !rest.empty(); ++count) {
    auto const parsed = parse_field_line(line());
    if (!parsed) return bad(parsed.error().detail, parsed.error().section);
    if (!detail::field_byte.all(parsed->value))
      return bad("a line holds a control character", "RFC 9110 5.5");
    if (count == limits_->fields) return bad("there are too many fields", "RFC 6585 5");
    response_.fields.add(parsed->name, parsed->value);
    switch (framing_field_of(parsed->name)) {
      case framing_field::content_length:
        if (length) return bad("there is more than one Content-Length", "RFC 9112 6.3");
        length = parsed->value;
        break;
      case framing_field::transfer_encoding:
        if (coding) return bad("there is more than one Transfer-Encoding", "RFC 9112 6.1");
        coding = parsed->value;
        break;
      case framing_field::connection:
        for_each_element(parsed->value, [&](std::string_view option) {
          close |= iequals(option, "close");
          alive |= iequals(option, "keep-alive");
        });
        break;
      default: break;
    }
  }
  keep_alive_ = !close && (version_minor_ > 0 || alive);
  return find_framing(length, coding);
}

/// RFC 9112 6.3
inline std::optional<error> response_reader::find_framing(std::optional<std::string_view> length,
                                                          std::optional<std::string_view> coding) {
  auto const s = response_.status;
  if (is_informational(s) && s != status::switching_protocols) {
    begin(method(method_));
    return std::nullopt;
  }
  bool const tunnel = method_ == method::connect && code(s) / 100 == 2;
  if (tunnel || s == status::switching_protocols) keep_alive_ = false;  // it is HTTP no more
  if (method_ == method::head || forbids_content(s) || tunnel) {
    state_ = state::done;
    return std::nullopt;
  }
  if (length && coding)
    return bad("Content-Length stands beside Transfer-Encoding", "RFC 9112 6.1");
  if (coding) {
    if (version_minor_ == 0)
      return bad("Transfer-Encoding stands in an HTTP/1.0 response", "RFC 9112 6.1");
    auto const read = detail::transfer_encoding(*coding);
    if (!read) return bad(read.error().detail, read.error().section);
    state_ = state::chunks;
  } else if (length) {
    auto const read = detail::content_length(*length);
    if (!read) return bad(read.error().detail, read.error().section);
    left_ = read->bytes();
    state_ = left_ == 0 ? state::done : state::length;
  } else {
    state_ = state::until_close;
    keep_alive_ = false;
  }
  return std::nullopt;
}

}  // namespace wend
