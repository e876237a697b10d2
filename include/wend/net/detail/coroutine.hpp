// The coroutines between handlers that wait and their connection.
//
// All of them are templates, also where there is one type only: GCC compiles an inline coroutine
// that nobody calls, with all that Asio needs for it, and a template not before it is used.
#pragma once

#include <wend/net/asio.hpp>
#include <wend/net/transport.hpp>

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace wend::detail {

/// Work that is a coroutine. It lives until `run` is done. What derives from it has `Peer` for a
/// parameter of its own: Clang makes the functions of a base that it knows when it sees the class.
template <class Peer>
class coroutine_work : public startable_work {
 public:
  virtual asio::awaitable<void> run(Peer& peer) = 0;

  void start(Peer& peer, std::unique_ptr<task> done) final {
    auto const slot = done->cancel.slot();
    asio::co_spawn(
        peer.loop(),
        run_inside_of_coroutine(*this, peer),
        asio::bind_cancellation_slot(slot, [done = std::move(done)](std::exception_ptr failure) {
          done->ended(std::move(failure));
        }));
  }

 private:
  /// What the work throws before it is a coroutine is thrown by this one.
  static asio::awaitable<void> run_inside_of_coroutine(coroutine_work& work, Peer& peer) {
    co_await work.run(peer);
  }
};

/// The next piece of the request's body; nothing at its end.
template <class Peer>
asio::awaitable<std::optional<std::string_view>> read_body(Peer& peer) {
  while (true) {
    waiter later(peer.loop());
    if (auto const piece = peer.pull(later)) {
      if (piece->empty()) co_return std::nullopt;
      co_return *piece;
    }
    if (auto const why = co_await later.wait()) throw asio::system_error(why);
    // cancelled when it was woken already: nobody would get the piece, and the next call can
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      throw asio::system_error(asio::error::operation_aborted);
  }
}

/// Sends a piece of the response's content, and waits while the peer is slow.
template <class Peer>
asio::awaitable<void> write_content(Peer& peer, std::string_view piece) {
  while (!piece.empty()) {
    waiter later(peer.loop());
    if (auto const n = peer.push(piece, later))
      piece.remove_prefix(n);
    else if (auto const why = co_await later.wait())
      throw asio::system_error(why);
  }
}

/// Goes on inside of a middleware that waits, and returns the response from there. What is inside
/// ends before this does, whatever happens.
template <class Peer>
asio::awaitable<response> run_inside(Peer& peer) {
  waiter inner(peer.loop());
  peer.enter_inside(inner);
  co_await asio::this_coro::throw_if_cancelled(false);
  bool cancelled = false;
  while (!inner.done()) {
    if (!co_await inner.wait()) break;
    cancelled = true;
    peer.cancel_inside();
  }
  co_await asio::this_coro::throw_if_cancelled(true);
  co_return peer.leave_inside(cancelled);
}

/// Runs work on the pool. Cancelling does not reach it: it could not be stopped, and the slots of
/// Asio are not for several threads.
template <class Pool>
asio::awaitable<void> on_a_thread(Pool& pool, asio::awaitable<void> work) {
  co_await asio::co_spawn(
      pool.executor(),
      std::move(work),
      asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
}

/// Work on the connection that may be left behind by the handler it is for.
template <class T, class Peer>
asio::awaitable<T> keeping(Peer& peer, asio::awaitable<T> work) {
  auto const kept = peer.keep();
  co_return co_await std::move(work);
}

/// Runs `work` on the loop and blocks until it is done: for a thread of the pool. Throws what the
/// work throws; `std::logic_error` on the thread of the loop, which would wait for itself.
template <class T>
T wait_for(transport& peer, asio::awaitable<T> work) {
  if (peer.loop().running_in_this_thread())
    throw std::logic_error("wend: only a blocking handler may take a stream (see wend::blocking)");
  // the thread gives up when the server goes, and its connection with it: not before the coroutine
  auto done = asio::co_spawn(peer.loop(), keeping(peer, std::move(work)), asio::use_future);
  // a loop that was given up never answers
  while (done.wait_for(std::chrono::milliseconds(100)) == std::future_status::timeout)
    if (peer.pool().ending()) throw asio::system_error(asio::error::operation_aborted);
  return done.get();
}

}  // namespace wend::detail
