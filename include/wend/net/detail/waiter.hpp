// How a coroutine waits for something that happens on its own loop.
#pragma once

#include <wend/net/asio.hpp>

namespace wend::detail {

/// Something that a coroutine waits for and its connection will say.
class waiter {
 public:
  explicit waiter(executor loop) : timer_(loop, loop_timer::time_point::max()) {}
  waiter(waiter const&) = delete;
  waiter& operator=(waiter const&) = delete;
  ~waiter() {
    if (place_ && *place_ == this) *place_ = nullptr;
  }

  /// Can be found at `place` for as long as this lives. `place` outlives it.
  void wait_at(waiter*& place) {
    place = this;
    place_ = &place;
  }

  void notify() {
    done_ = true;
    timer_.cancel();
  }
  bool done() const noexcept { return done_; }

  /// Waits once; `notify` may have come before. Fails when the coroutine is cancelled.
  template <class Error = asio::error_code>
  asio::awaitable<Error> wait() {
    Error why;
    if (!done_) co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, why));
    co_return done_ ? Error() : why;
  }

 private:
  loop_timer timer_;
  waiter** place_ = nullptr;
  bool done_ = false;
};

}  // namespace wend::detail
