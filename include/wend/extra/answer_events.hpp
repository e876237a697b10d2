// The server-sent events of an answer, one by one.
#pragma once

#include <wend/extra/answer_stream.hpp>
#include <wend/extra/client_options.hpp>
#include <wend/extra/detail/client_core.hpp>
#include <wend/http/event.hpp>
#include <wend/http/event_parser.hpp>
#include <wend/net/asio.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace wend {

/// Events as they come:
///
///     wend::answer_events ticks{web.open({.url = "http://127.0.0.1:8080/ticks"})};
///     while (auto tick = ticks.read()) std::cout << tick->data << '\n';
///
/// It does not connect again: `last_id` says what to send as Last-Event-ID then. Comments are
/// skipped, but each is something that has come: a server that sends them is waited for.
/// Errors: those of `answer_stream`; `client_error` for an event larger than `limits.body`.
/// Lifetime and thread safety: as the `answer_stream`, which is moved into it.
class answer_events {
 public:
  explicit answer_events(answer_stream in = answer_stream())
      : in_(std::move(in)), parser_(in_.limit()) {}

  /// The next event, as `event_parser` says; nothing at the end. Lifetime: the event until the next
  /// call.
  std::optional<event> read() { return detail::block_on(in_.core_.get(), async_read()); }
  asio::awaitable<std::optional<event>> async_read();

  /// The id of the last event, or what came behind it. Lifetime: until the next `read`.
  std::string_view last_id() const noexcept { return parser_.last_id(); }

 private:
  answer_stream in_;
  event_parser parser_;
  std::string_view unread_{};  // of the piece at hand
};

// ------------------------------------------------------------------------------------------------

inline asio::awaitable<std::optional<event>> answer_events::async_read() {
  for (;;) {
    auto const found = parser_.next(unread_);
    if (!found) throw client_error(std::string(found.error().detail));
    if (*found) co_return *found;
    auto const piece = co_await in_.async_read();
    if (!piece) co_return std::nullopt;
    unread_ = *piece;
  }
}

}  // namespace wend
