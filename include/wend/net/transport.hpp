// What a handler that waits is given of its connection: the body as it comes, the content as it
// goes, and a place to run. A connection is one; so is the client of a test.
#pragma once

#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/net/asio.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace wend {

namespace detail {

/// Threads for what blocks, made when they are first asked for: a program of one thread is quicker.
///
/// Thread safety: all of it.
class blocking_pool {
 public:
  explicit blocking_pool(unsigned threads) noexcept : size_(threads) {}
  ~blocking_pool() { end(); }

  /// Where to run. Throws `asio::system_error` with `operation_aborted` after `end`.
  asio::thread_pool::executor_type executor() {
    std::lock_guard const hold(lock_);
    if (ending_) throw asio::system_error(asio::error::operation_aborted);
    if (!threads_) threads_.emplace(size_);
    return threads_->get_executor();
  }

  /// True when nothing should be waited for any more.
  bool ending() const noexcept { return ending_; }

  /// Waits for what runs and drops what has not begun. Not while a loop runs that uses it, but for
  /// the thread of that loop.
  void end() {
    if (ending_.exchange(true)) return;
    std::unique_lock hold(lock_);
    if (!threads_) return;
    hold.unlock();  // nobody gets in any more
    threads_->stop();
    threads_->join();
    threads_.reset();
  }

 private:
  unsigned size_;
  std::mutex lock_;
  std::atomic<bool> ending_ = false;
  std::optional<asio::thread_pool> threads_;
};

/// Runs work on the pool. Cancelling does not reach it: it could not be stopped, and the slots of
/// Asio are not for several threads.
inline asio::awaitable<void> on_a_thread(blocking_pool& pool, asio::awaitable<void> work) {
  co_await asio::co_spawn(
      pool.executor(),
      std::move(work),
      asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
}

}  // namespace detail

/// The way between a handler that waits and its peer. Users see `body_reader`, `writer` and `next`,
/// which are made of it.
///
/// Thread safety: none; all but `wait_for` is used on the loop of the connection. Every function
/// that waits throws `asio::system_error` with `operation_aborted` when the handler is cancelled.
class transport {
 public:
  virtual ~transport() = default;

  /// The next piece of the request's body; nothing at its end. Lifetime: until the next call.
  /// Throws a `problem` when the body is malformed, too large, too slow or cut short.
  virtual asio::awaitable<std::optional<std::string_view>> read_body() = 0;

  /// Sends a piece of the response's content, and waits while the peer is slow.
  virtual asio::awaitable<void> write_content(std::string_view piece) = 0;

  /// Has `text` sent whenever no content was for so long; looked at twice a second.
  virtual void beat(std::chrono::milliseconds period, std::string text) = 0;

  /// Says that the content has no end of its own: a server that drains ends it then, and well.
  virtual void endless() = 0;

  /// Goes on inside of a middleware that waits, and returns the response from there.
  virtual asio::awaitable<response> run_inside() = 0;

  /// The loop of the connection, and the threads for what blocks.
  virtual detail::executor loop() = 0;
  virtual detail::blocking_pool& pool() = 0;

  /// Runs `work` on the loop and blocks until it is done: for a thread of the pool. Throws what the
  /// work throws; `std::logic_error` on the thread of the loop, which would wait for itself.
  template <class T>
  T wait_for(asio::awaitable<T> work);
};

namespace detail {

/// Work that goes on after a handler has returned, as net/ knows it. It lives until `run` is done.
class coroutine_work : public late_work {
 public:
  virtual asio::awaitable<void> run(transport& peer) = 0;
};

}  // namespace detail

// ------------------------------------------------------------------------------------------------

template <class T>
T transport::wait_for(asio::awaitable<T> work) {
  if (loop().running_in_this_thread())
    throw std::logic_error("wend: only a blocking handler may take a stream (see wend::blocking)");
  auto done = asio::co_spawn(loop(), std::move(work), asio::use_future);
  // a loop that was given up never answers
  while (done.wait_for(std::chrono::milliseconds(100)) == std::future_status::timeout)
    if (pool().ending()) throw asio::system_error(asio::error::operation_aborted);
  return done.get();
}

}  // namespace wend
