// Server-Sent Events as text: one event as the lines of a text/event-stream (WHATWG HTML 9.2.5).
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wend {

/// An event for a page that listens with `EventSource`:
///
///     wend::event{.id = "7", .event = "tick", .data = "12:00"}
///
/// An event without `event` and `data` is not seen by the page: it sets `id` and `retry` alone.
/// Lifetime: it views its texts, so make it where it is sent. (GCC 12 destroys an aggregate of
/// strings twice that is made in a `co_await`; one of views it cannot.)
struct event {
  std::string_view
      id{};  ///< what a client that reconnects sends as Last-Event-ID; empty: as before
  std::string_view event{};  ///< the name that listeners choose by; empty: "message"
  std::string_view data{};   ///< UTF-8, of any number of lines
  std::optional<std::chrono::milliseconds> retry{};  ///< how long to wait before reconnecting

  friend bool operator==(wend::event const&, wend::event const&) = default;
};

/// Appends `e` as lines, and the empty line that completes it. Every CRLF, CR and LF in the data
/// ends a line, and reaches the page as LF.
///
/// Throws `std::invalid_argument`, and appends nothing, for CR or LF in `id` or `event`, NUL in
/// `id`, and a `retry` below zero: a client would drop those, or read them as other lines.
void write_event(std::string& out, event const& e);

/// Appends a comment of one or more lines, which clients ignore: one now and then keeps an idle
/// connection from being closed by what stands between.
void write_comment(std::string& out, std::string_view text = {});

// ------------------------------------------------------------------------------------------------

namespace detail {

/// Appends `text`, each of its lines after `start`.
inline void write_event_lines(std::string& out, std::string_view start, std::string_view text) {
  while (true) {
    auto const end = text.find_first_of("\r\n");
    out.append(start).append(text.substr(0, end)).append(1, '\n');
    if (end == text.npos) return;
    bool const two = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
    text.remove_prefix(end + (two ? 2 : 1));
  }
}

}  // namespace detail

inline void write_event(std::string& out, event const& e) {
  if (e.id.find_first_of(std::string_view("\r\n\0", 3)) != e.id.npos)
    throw std::invalid_argument("the id of an event is one line without NUL");
  if (e.event.find_first_of("\r\n") != e.event.npos)
    throw std::invalid_argument("the name of an event is one line");
  if (e.retry && e.retry->count() < 0)
    throw std::invalid_argument("the retry of an event is not below zero");
  // One blank after the colon belongs to the line, not to the value: with it, a value that begins
  // with a blank keeps that.
  if (e.retry) out.append("retry: ").append(std::to_string(e.retry->count())).append(1, '\n');
  if (!e.id.empty()) out.append("id: ").append(e.id).append(1, '\n');
  if (!e.event.empty()) out.append("event: ").append(e.event).append(1, '\n');
  if (!e.event.empty() || !e.data.empty()) detail::write_event_lines(out, "data: ", e.data);
  out += '\n';
}

inline void write_comment(std::string& out, std::string_view text) {
  detail::write_event_lines(out, ": ", text);
  out += '\n';  // not needed, but some clients hand on whole blocks only
}

}  // namespace wend
