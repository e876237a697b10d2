// The times that a session keeps: what runs since when, and whether it ran out.
#pragma once

#include <wend/wire/clock.hpp>
#include <wend/wire/limits.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace wend::detail {

/// The deadlines of one connection. One is watched at a time, for the owner waits for one thing;
/// that of the handler is apart, since reading and writing may go on around it.
class deadlines {
 public:
  deadlines(limits const& l, coarse_clock const& c)
      : limits_(&l), clock_(&c), head_began_(c.now), since_(c.now) {}

  deadline watched() const noexcept { return watched_; }
  std::chrono::steady_clock::time_point since() const noexcept { return since_; }

  /// Nothing has been asked for since then.
  void idle_since(std::chrono::steady_clock::time_point then) noexcept {
    watched_ = deadline::keep_alive;
    since_ = then;
  }

  /// Watches another deadline from now on; nothing changes when it is watched already.
  void watch(deadline next) noexcept {
    if (next == watched_) return;
    watched_ = next;
    since_ = clock_->now;
  }

  /// The peer took some bytes.
  void sent() noexcept { since_ = clock_->now; }

  void head_begins() noexcept { head_began_ = clock_->now; }

  /// From now on a body is waited for, of which `bytes` were there before.
  void body_begins(std::size_t bytes) noexcept {
    body_began_ = since_ = clock_->now;
    body_received_ = bytes;
  }
  void body_received(std::size_t n) noexcept {
    body_received_ += n;
    if (watched_ == deadline::body) since_ = clock_->now;
  }

  /// True when nothing of the body has come.
  bool body_missing() const noexcept { return body_received_ == 0; }

  void handler_begins() noexcept { asked_ = turned_ = clock_->now; }

  /// The handler waits for its body: the time is the peer's, and then the handler's again.
  void handler_waits() noexcept {
    body_began_ += clock_->now - turned_;
    turned_ = clock_->now;
  }
  void handler_goes_on() noexcept {
    asked_ += clock_->now - turned_;
    turned_ = clock_->now;
  }

  /// Whether handlers have a deadline at all, and whether that passed.
  bool handler_has_one() const noexcept { return limits_->handler_deadline.count() > 0; }
  bool handler_is_late() const noexcept {
    return handler_has_one() && passed(asked_, limits_->handler_deadline);
  }

  /// Whether the watched deadline passed; never that of the handler.
  bool passed() const noexcept {
    switch (watched_) {
      case deadline::head: return passed(head_began_, limits_->head_deadline);
      case deadline::body: return passed(since_, limits_->body_deadline) || body_is_slow();
      case deadline::keep_alive: return passed(since_, limits_->keep_alive);
      case deadline::linger: return passed(since_, limits_->linger);
      case deadline::write: return passed(since_, limits_->write_deadline);
      case deadline::none:
      case deadline::handler: break;
    }
    return false;
  }

 private:
  using time = std::chrono::steady_clock::time_point;

  bool passed(time since, std::chrono::milliseconds limit) const noexcept {
    return clock_->now - since >= limit;
  }

  bool body_is_slow() const noexcept {
    auto const age = clock_->now - body_began_;
    if (age < limits_->body_deadline) return false;
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    return body_received_ / static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 1)) <
           limits_->body_rate;
  }

  limits const* limits_;
  coarse_clock const* clock_;
  time head_began_;
  time body_began_{};  // moved on by the time in which nobody waited for the body
  time asked_{};       // when the handler was called, moved on by the time in which it waited
  time turned_{};      // when waiting and working last changed places
  time since_;         // last progress of what is watched
  std::uint64_t body_received_ = 0;  // raw bytes, for the rate
  deadline watched_ = deadline::none;
};

}  // namespace wend::detail
