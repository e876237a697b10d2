// Values from one to many: what a component has to say, for whoever listens.
#pragma once

#include <wend/net/asio.hpp>
#include <wend/net/detail/alarm.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace wend {

namespace detail {

template <class T>
struct broadcast_state;

}  // namespace detail

/// Sends values to any number of subscribers, and keeps the newest for those who come late:
///
///     wend::broadcast<std::string> news(100);
///
///     wend::get<"/news">([&](wend::header<"Last-Event-ID", std::optional<std::uint64_t>> last) {
///       return wend::events([s = news.subscribe(*last)](wend::event_writer& out) mutable
///                           -> asio::awaitable<void> {
///         while (auto v = co_await s.next())
///           co_await out.send({.id = std::to_string(v->number), .data = **v});
///       });
///     })
///
/// The values are numbered from 1, and held once for all subscribers.
///
/// Choice: a subscriber that is slower than the values loses the oldest ones and is told how many,
/// rather than hold up who sends, or cost memory.
///
/// Lifetime: destroying it closes it; subscriptions may outlive it. Thread safety: all of it; a
/// coroutine goes on where it was.
template <class T>
class broadcast {
 public:
  /// A value, shared with all who received it.
  class item {
   public:
    std::uint64_t number = 0;  ///< its place among all that were sent; 0: there is none
    std::uint64_t missed = 0;  ///< so many before it came too fast, and are gone

    T const& operator*() const noexcept { return *value_; }
    T const* operator->() const noexcept { return value_.get(); }
    explicit operator bool() const noexcept { return value_ != nullptr; }

   private:
    friend broadcast;
    std::shared_ptr<T const> value_;
  };

  /// One that listens. Lifetime: it outlives its `next`.
  class subscription {
   public:
    /// The next value; nothing once the broadcast is closed and what it holds was read. Throws
    /// `asio::system_error` with `operation_aborted` when the coroutine is cancelled.
    asio::awaitable<std::optional<item>> next();

   private:
    friend broadcast;
    std::shared_ptr<detail::broadcast_state<T>> state_;
    std::uint64_t seen_ = 0;
  };

  /// The newest `capacity` values are held, at least 1.
  explicit broadcast(std::size_t capacity = 64)
      : state_(std::make_shared<detail::broadcast_state<T>>(std::max<std::size_t>(capacity, 1))) {}
  ~broadcast() { close(); }
  broadcast(broadcast const&) = delete;
  broadcast& operator=(broadcast const&) = delete;

  /// Sends to all who listen, and never waits. Returns the number of the value. Complexity: linear
  /// in the subscribers that wait.
  std::uint64_t send(T value);

  /// Listens to all that is sent from now on, or to what came after the value with the number
  /// `after` as far as it is held.
  ///
  /// Choice: a number that was not given yet is from before a restart, so all that is held is new.
  subscription subscribe(std::optional<std::uint64_t> after = std::nullopt) const;

  /// The value that was sent last, for a plain handler; none before the first.
  item latest() const;

  /// Lets subscriptions come to their end. What is sent after that is dropped.
  void close() noexcept;
  bool closed() const;

 private:
  std::shared_ptr<detail::broadcast_state<T>> state_;
};

// ------------------------------------------------------------------------------------------------

namespace detail {

template <class T>
struct broadcast_state {
  explicit broadcast_state(std::size_t limit) : capacity(limit) {}

  /// How many values are gone.
  std::uint64_t dropped() const noexcept { return last - held.size(); }

  std::mutex lock;
  std::size_t const capacity;
  std::deque<std::shared_ptr<T const>> held;
  std::uint64_t last = 0;  // the number of the newest
  bool closed = false;
  alarm_list listeners;  // that wait
};

}  // namespace detail

template <class T>
std::uint64_t broadcast<T>::send(T value) {
  auto shared = std::make_shared<T const>(std::move(value));
  std::shared_ptr<T const> oldest;  // goes when the lock is free, as the value is the user's
  std::lock_guard const hold(state_->lock);
  if (state_->closed) return state_->last;
  if (state_->held.size() == state_->capacity) {
    oldest = std::move(state_->held.front());
    state_->held.pop_front();
  }
  state_->held.push_back(std::move(shared));
  ++state_->last;
  state_->listeners.ring_all();
  return state_->last;
}

template <class T>
auto broadcast<T>::subscribe(std::optional<std::uint64_t> after) const -> subscription {
  subscription out;
  out.state_ = state_;
  std::lock_guard const hold(state_->lock);
  out.seen_ = after.value_or(state_->last);
  if (out.seen_ > state_->last) out.seen_ = state_->dropped();
  return out;
}

template <class T>
auto broadcast<T>::latest() const -> item {
  item out;
  std::lock_guard const hold(state_->lock);
  if (state_->held.empty()) return out;
  out.number = state_->last;
  out.value_ = state_->held.back();
  return out;
}

template <class T>
void broadcast<T>::close() noexcept {
  std::lock_guard const hold(state_->lock);
  state_->closed = true;
  state_->listeners.ring_all();
}

template <class T>
bool broadcast<T>::closed() const {
  std::lock_guard const hold(state_->lock);
  return state_->closed;
}

template <class T>
auto broadcast<T>::subscription::next() -> asio::awaitable<std::optional<item>> {
  using state = detail::broadcast_state<T>;
  auto const all = state_;
  auto const loop = co_await asio::this_coro::executor;
  while (true) {
    std::unique_lock hold(all->lock);
    if (seen_ < all->last) {
      item out;
      auto const before = std::max(seen_, all->dropped());
      out.missed = before - seen_;
      out.number = seen_ = before + 1;
      out.value_ = all->held[static_cast<std::size_t>(before - all->dropped())];
      co_return out;
    }
    if (all->closed) co_return std::nullopt;
    detail::waiting_alarm<state> waiting(
        *all, &state::listeners, loop, detail::alarm::clock::time_point::max());
    hold.unlock();
    co_await waiting.wait();
  }
}

}  // namespace wend
