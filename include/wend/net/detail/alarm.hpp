// Waking a coroutine from another thread.
#pragma once

#include <wend/net/asio.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace wend::detail {

/// Something that one coroutine waits for and anybody may say, once.
///
/// Made by `std::make_shared` and owned by the coroutine that waits, so that it goes with the loop
/// of that coroutine. Thread safety: `ring` may be called from any thread that knows it to be
/// there.
template <class Executor>
class basic_alarm : public std::enable_shared_from_this<basic_alarm<Executor>> {
 public:
  using clock = std::chrono::steady_clock;

  explicit basic_alarm(Executor loop, clock::time_point until = clock::time_point::max())
      : timer_(std::move(loop), until) {}

  void ring() {
    // a timer may be touched on its own loop only: loops of servers do not lock theirs
    asio::post(timer_.get_executor(), [weak = this->weak_from_this()] {
      auto const self = weak.lock();
      if (!self) return;
      std::lock_guard const hold(self->lock_);
      self->rung_ = true;
      self->timer_.expires_at(clock::time_point::min());  // what waits, and what will
    });
  }

  /// Waits once, though `ring` may have come before; false when the time came first. Throws
  /// `asio::system_error` with `operation_aborted` when the coroutine is cancelled.
  asio::awaitable<bool> wait() {
    asio::error_code why;
    auto token = asio::redirect_error(asio::use_awaitable, why);
    co_await asio::async_initiate<decltype(token), void(asio::error_code)>(
        [this](auto&& handler) {
          std::lock_guard const hold(lock_);  // a loop may have several threads
          timer_.async_wait(std::forward<decltype(handler)>(handler));
        },
        token);
    std::lock_guard const hold(lock_);
    if (why && !rung_) throw asio::system_error(why);
    co_return rung_;
  }

 private:
  std::mutex lock_;
  asio::basic_waitable_timer<clock, asio::wait_traits<clock>, Executor> timer_;
  bool rung_ = false;
};

/// Of a coroutine on any loop. See coroutine.hpp for why it is a template.
using alarm = basic_alarm<asio::any_io_executor>;

/// The alarms of those who wait for the same, first come first served. Guarded by the lock of its
/// owner, under which an alarm takes itself out before it goes.
template <class Alarm>
class basic_alarm_list {
 public:
  void add(Alarm& a) { waiting_.push_back(&a); }
  void remove(Alarm const& a) { std::erase(waiting_, &a); }

  void ring_first() {
    if (waiting_.empty()) return;
    waiting_.front()->ring();
    waiting_.erase(waiting_.begin());
  }
  void ring_all() {
    for (auto* a : waiting_)
      a->ring();
    waiting_.clear();
  }

 private:
  std::vector<Alarm*> waiting_;
};
using alarm_list = basic_alarm_list<alarm>;

/// One that waits, on its list while this lives. The frame of a coroutine holds it, so that it
/// leaves the list however the coroutine ends, be it with its loop.
template <class Owner>
class waiting_alarm {
 public:
  /// `owner` has a `lock` and the `alarm_list` that `list` names; the caller holds the lock.
  waiting_alarm(Owner& owner,
                alarm_list Owner::* list,
                asio::any_io_executor loop,
                alarm::clock::time_point until)
      : owner_(owner), list_(list), alarm_(std::make_shared<alarm>(std::move(loop), until)) {
    (owner_.*list_).add(*alarm_);
  }
  ~waiting_alarm() {
    std::lock_guard const hold(owner_.lock);
    (owner_.*list_).remove(*alarm_);
  }
  waiting_alarm(waiting_alarm const&) = delete;
  waiting_alarm& operator=(waiting_alarm const&) = delete;

  asio::awaitable<bool> wait() { return alarm_->wait(); }

 private:
  Owner& owner_;
  alarm_list Owner::* list_;
  std::shared_ptr<alarm> alarm_;
};

}  // namespace wend::detail
