// What the connections of a loop have in common.
#pragma once

#include <wend/app/service.hpp>
#include <wend/http/request.hpp>
#include <wend/net/transport.hpp>
#include <wend/wire/clock.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/session.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <utility>
#include <vector>

namespace wend::detail {

class connection;

/// What the connections of a loop have in common. Lifetime: each connection shares it.
struct loop_context {
  loop_context(service a, wend::limits const& l) : app(a), limits(l) { spare_.reserve(most_spare); }
  virtual ~loop_context() = default;

  /// Called when a connection was closed and is gone.
  virtual void closed() = 0;

  service app;
  wend::limits limits;
  coarse_clock clock;
  std::function<void(request const&, std::exception_ptr)> on_error;
  std::shared_ptr<blocking_pool> pool;
  bool half_close = false;  ///< these two: see `server_options`
  bool proxy_protocol = false;
  std::list<connection*> connections;  ///< all that are open; a connection removes itself

  /// True when so many connections hold a session that one which is idle should not.
  ///
  /// Choice: to fall asleep and wake up costs a system call and saves one, so it is not for speed
  /// that the first 256 stay awake, but for what they hold: their input and output buffers.
  bool crowded() const noexcept { return awake_ > most_awake; }

  /// A blank session of a connection that has been idle since `since`. Allocates: unless one is
  /// left over.
  std::unique_ptr<session> wake_session(std::chrono::steady_clock::time_point since) {
    auto out = spare_.empty() ? std::make_unique<session>(limits, clock) : std::move(spare_.back());
    if (!spare_.empty()) spare_.pop_back();
    out->sends_files(true);
    out->begin(since);
    ++awake_;
    return out;
  }

  /// Takes a session back.
  void drop_session(std::unique_ptr<session> s) noexcept {
    --awake_;
    if (s->is_blank() && spare_.size() < most_spare) spare_.push_back(std::move(s));
  }

 private:
  static constexpr std::size_t most_awake = 256, most_spare = 32;

  std::size_t awake_ = 0;                        // sessions that connections hold
  std::vector<std::unique_ptr<session>> spare_;  // and blank ones that none does
};

}  // namespace wend::detail
