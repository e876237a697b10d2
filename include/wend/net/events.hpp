// Server-sent events (WHATWG HTML 9.2): a response that a browser's EventSource reads.
#pragma once

#include <wend/handler/respond.hpp>
#include <wend/http/event.hpp>
#include <wend/net/awaitable.hpp>
#include <wend/net/transport.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend {

/// Sends events.
class event_writer {
 public:
  explicit event_writer(transport& peer) noexcept : peer_(&peer) {}

  /// Sends an event: `co_await out.send({.id = "7", .data = "two\nlines"})`. Waits while the client
  /// is slow. Throws `std::invalid_argument` for a line break in id or event, and
  /// `asio::system_error` when the client has left.
  template <class Event = event>
  asio::awaitable<void> send(Event const& what) {
    std::string text;
    write_event(text, what);
    return write(std::move(text));
  }

  /// Sends a comment, which the client ignores.
  template <class Text = std::string_view>
  asio::awaitable<void> comment(Text const& text) {
    std::string line;
    write_comment(line, text);
    return write(std::move(line));
  }

 private:
  template <class Text>
  asio::awaitable<void> write(Text text) {
    co_await detail::write_content(*peer_, text);
  }

  transport* peer_;
};

/// How events are sent.
struct event_options {
  /// After so long without an event a comment is sent, so that proxies keep the connection and a
  /// client that is gone is noticed; 0: never.
  std::chrono::milliseconds heartbeat = std::chrono::seconds(15);
};

/// A response whose events are made by a coroutine while it is sent: see `events`.
template <class Producer>
struct event_stream {
  Producer producer;
  event_options options;
};

/// A stream of server-sent events, made by a coroutine until it returns or the client leaves:
///
///     return wend::events([&](wend::event_writer& out) -> asio::awaitable<void> {
///       for (int n = 0;; ++n)
///         co_await out.send({.id = std::to_string(n), .data = co_await tick()});
///     });
///
/// When the server drains, the coroutine is cancelled and the stream ends: the client comes back,
/// to whoever serves then. A client that comes back says what it saw last: `header<"Last-Event-ID",
/// std::optional<...>>`.
template <class Producer>
auto events(Producer&& producer, event_options options = {}) {
  using plain = std::decay_t<Producer>;
  static_assert(
      requires(plain& p, event_writer& out) {
        { p(out) } -> std::same_as<asio::awaitable<void>>;
      },
      "wend: the producer of events is a coroutine that takes a wend::event_writer&, "
      "[](wend::event_writer& out) -> asio::awaitable<void>");
  return event_stream<plain>{std::forward<Producer>(producer), options};
}

// ------------------------------------------------------------------------------------------------

namespace detail {

template <class Producer, class Peer = transport>
class event_work final : public coroutine_work<Peer> {
 public:
  explicit event_work(event_stream<Producer> all) : all_(std::move(all)) {}

  asio::awaitable<void> run(Peer& peer) override {
    peer.endless();
    if (all_.options.heartbeat.count() > 0) peer.beat(all_.options.heartbeat, ":\n\n");
    return all_.producer(out_.emplace(peer));
  }

 private:
  event_stream<Producer> all_;
  std::optional<event_writer> out_;
};

}  // namespace detail

template <class Producer>
struct responder<event_stream<Producer>> {
  static void respond(event_stream<Producer>&& value, response& out) {
    out.fields.set("Content-Type", "text/event-stream");
    out.fields.set("Cache-Control", "no-store");
    out.producer = std::make_unique<detail::event_work<Producer>>(std::move(value));
  }
};

}  // namespace wend
