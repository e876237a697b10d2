// Server-sent events as a client reads them (WHATWG HTML 9.2.6), from bytes that arrive in any
// pieces. The counterpart of event.hpp.
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/error.hpp>
#include <wend/http/event.hpp>
#include <wend/http/status.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace wend {

/// Takes events out of a text/event-stream.
///
///     while (!in.empty()) {
///       result<std::optional<event>> found = parser.next(in);
///       if (!found) return found.error();
///       if (*found) use(**found);
///     }
///
/// Allocates: for the event at hand.
class event_parser {
 public:
  /// `limit`: bytes that an event may have, its lines of data and the line at hand together.
  explicit event_parser(std::size_t limit) : limit_(limit) {}

  /// Takes bytes off the front of `in`; an event as soon as one is complete, nothing when `in` is
  /// used up. What is not complete when the stream ends is no event.
  ///
  /// `id` is the last one that the stream had, of this event or one before. An empty `event` means
  /// "message". `data` has LF between its lines. `retry` is there if the stream had one since the
  /// event before. Texts are not checked for UTF-8.
  /// Errors: 502 for an event over the limit; there is then nothing more to be read.
  /// Lifetime: the event until the next call.
  result<std::optional<event>> next(std::string_view& in);

  /// What to reconnect with as Last-Event-ID; a block without data sets it, too. Lifetime: until
  /// the next call of `next`.
  std::string_view last_id() const noexcept { return last_id_; }

 private:
  void take_line(std::string_view line);

  std::size_t limit_;
  std::string line_;              // the front of the line at hand
  std::string id_, name_, data_;  // of the event at hand; each line of data with its LF
  std::string last_id_;           // of the last that was complete
  std::optional<std::chrono::milliseconds> retry_;
  bool first_ = true;  // no line was complete yet
  bool cr_ = false;    // the last byte was a CR: an LF belongs to it
  bool told_ = false;  // the event at hand was returned
};

// ------------------------------------------------------------------------------------------------

/// stream        = [ bom ] *event
/// event         = *( comment / field ) end-of-line
/// comment       = colon *any-char end-of-line
/// field         = 1*name-char [ colon [ space ] *any-char ] end-of-line
/// end-of-line   = ( cr lf / cr / lf )
inline result<std::optional<event>> event_parser::next(std::string_view& in) {
  if (std::exchange(told_, false)) {
    data_.clear();
    name_.clear();
    retry_.reset();
  }
  while (!in.empty()) {
    if (std::exchange(cr_, false) && in.front() == '\n') {
      in.remove_prefix(1);
      continue;
    }
    auto const end = std::min(in.find_first_of("\r\n"), in.size());
    if (end > limit_ - data_.size() - line_.size())
      return error{status::bad_gateway, "an event is too large", ""};
    line_.append(in.substr(0, end));
    bool const complete = end < in.size();
    cr_ = complete && in[end] == '\r';
    in.remove_prefix(complete ? end + 1 : end);
    if (!complete) break;
    std::string_view line = line_;
    if (std::exchange(first_, false) && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    bool const blank = line.empty();
    if (!blank) take_line(line);
    line_.clear();
    if (!blank) continue;
    last_id_ = id_;
    if (data_.empty()) {
      name_.clear();
      continue;
    }
    data_.pop_back();
    told_ = true;
    return std::optional(event{last_id_, name_, data_, retry_});
  }
  return std::optional<event>();
}

inline void event_parser::take_line(std::string_view line) {
  auto const colon = std::min(line.find(':'), line.size());
  auto const name = line.substr(0, colon);  // of a comment: none
  auto value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") {
    data_.append(value).append(1, '\n');
  } else if (name == "event") {
    name_ = value;
  } else if (name == "id") {
    if (value.find('\0') == value.npos) id_ = value;
  } else if (name == "retry" && detail::digit.all(value)) {
    std::int32_t n = 0;  // Choice: more milliseconds than fit here, over three weeks, are ignored
    if (std::from_chars(value.data(), value.data() + value.size(), n).ec == std::errc())
      retry_ = std::chrono::milliseconds(n);
  }
}

}  // namespace wend
