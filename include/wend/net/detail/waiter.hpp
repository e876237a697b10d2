// How a coroutine waits for something that happens on its own loop.
#pragma once

#include <wend/net/asio.hpp>

namespace wend::detail {

/// Something that a coroutine waits for and its connection will say.
class waiter {
 public:
  explicit waiter(executor loop) : timer_(loop, loop_timer::time_point::max()) {}
  void notify() {
    done_ = true;
    timer_.cancel();
  }
  bool done() const noexcept { return done_; }
  /// Waits once; `notify` may have come before. Fails when the coroutine is cancelled.
  asio::awaitable<asio::error_code> wait() {
    asio::error_code why;
    if (!done_) co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, why));
    co_return done_ ? asio::error_code() : why;
  }

 private:
  loop_timer timer_;
  bool done_ = false;
};

}  // namespace wend::detail
