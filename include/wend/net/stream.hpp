// Content that is made while it is sent.
#pragma once

#include <wend/handler/respond.hpp>
#include <wend/net/awaitable.hpp>
#include <wend/net/blocking.hpp>
#include <wend/net/content_stream.hpp>
#include <wend/net/transport.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend {

/// Sends content piece by piece.
class writer {
 public:
  explicit writer(transport& peer) noexcept : peer_(&peer) {}

  /// Sends a piece, and waits while more than 64 KiB are on their way: a slow client slows down
  /// what it is sent, and costs no memory. Small pieces leave together when the producer waits for
  /// something. `piece` is copied. Throws `asio::system_error` when the client has left.
  template <class Peer = transport>
  asio::awaitable<void> write(std::string_view piece) {
    return detail::write_content<Peer>(*peer_, piece);
  }

  /// Fields to follow the content, known when it is made: `out.trailers().add("X-Sum", sum)`.
  /// HTTP/1.0 has none.
  trailer_fields& trailers() { return peer_->trailers(); }

 private:
  transport* peer_;
};

namespace detail {

template <class Producer>
concept waiting_producer = requires(Producer& p, writer& out) {
  { p(out) } -> std::same_as<asio::awaitable<void>>;
};
template <class Producer>
concept blocking_producer = requires(Producer& p, std::ostream& out) {
  { p(out) } -> std::same_as<void>;
} && is_blocking<Producer>;

}  // namespace detail

/// A response whose content is made by a coroutine while it is sent: see `stream`.
template <class Producer>
struct streamed {
  std::string content_type;
  Producer producer;
};

/// A 200 whose content `producer` writes, a coroutine or a blocking function:
///
///     return wend::stream("text/csv", [&](wend::writer& out) -> asio::awaitable<void> {
///       for (auto& row : rows) co_await out.write(to_csv(row));
///     });
///     return wend::stream("text/csv",
///                         wend::blocking([&](std::ostream& out) { print(rows, out); }));
///
/// The head is sent before the producer begins. If it throws, the connection is cut, so that the
/// client sees that the content is not complete; the error hook is told. HEAD does not run it.
template <class Producer>
auto stream(std::string content_type, Producer&& producer) {
  using plain = std::decay_t<Producer>;
  constexpr bool sound = detail::waiting_producer<plain> || detail::blocking_producer<plain>;
  static_assert(sound,
                "wend: the producer of a stream is a coroutine that takes a wend::writer&, "
                "[](wend::writer& out) -> asio::awaitable<void>, or wend::blocking of a function "
                "that takes a std::ostream&");
  if constexpr (sound)
    return streamed<plain>{std::move(content_type), std::forward<Producer>(producer)};
  else
    return response();  // harmless, so that this is the only error
}

// ------------------------------------------------------------------------------------------------

namespace detail {

/// A producer that waits.
template <class Producer, class Peer = transport>
class waiting_stream final : public coroutine_work<Peer> {
 public:
  explicit waiting_stream(Producer producer) : producer_(std::move(producer)) {}

  asio::awaitable<void> run(Peer& peer) override { return producer_(out_.emplace(peer)); }

 private:
  Producer producer_;
  std::optional<writer> out_;
};

/// A producer that blocks.
template <class Producer, class Peer = transport>
class blocking_stream final : public coroutine_work<Peer> {
 public:
  explicit blocking_stream(Producer producer) : producer_(std::move(producer)) {}

  asio::awaitable<void> run(Peer& peer) override {
    co_await on_a_thread(peer.pool(), on_pool(peer));
  }

 private:
  asio::awaitable<void> on_pool(Peer& peer) {
    content_ostream out(peer);
    producer_(static_cast<std::ostream&>(out));
    out.flush();
    co_return;
  }

  Producer producer_;
};

}  // namespace detail

template <class Producer>
struct responder<streamed<Producer>> {
  static void respond(streamed<Producer>&& value, response& out) {
    out.fields.set("Content-Type", value.content_type);
    if constexpr (detail::waiting_producer<Producer>)
      out.producer = std::make_unique<detail::waiting_stream<Producer>>(std::move(value.producer));
    else
      out.producer = std::make_unique<detail::blocking_stream<Producer>>(std::move(value.producer));
  }
};

}  // namespace wend
