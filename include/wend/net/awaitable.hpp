// Handlers and middleware that wait: `asio::awaitable<T>` for every `T` that may be returned.
//
// A coroutine runs on the loop of its connection. It is cancelled, by Asio's cancellation slots,
// when the peer leaves, when the handler deadline passes and when a stopping server has waited
// enough: what it waits for then throws `asio::system_error` with `operation_aborted`. Whatever it
// does after that reaches nobody, but request and arguments stay until it is done.
#pragma once

#include <wend/app/middleware.hpp>
#include <wend/handler/guard.hpp>
#include <wend/handler/late.hpp>
#include <wend/handler/respond.hpp>
#include <wend/net/detail/coroutine.hpp>
#include <wend/net/transport.hpp>

#include <exception>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace wend {

/// What stands inside of a middleware that waits:
///
///     auto retry = [](wend::request& in, wend::next next) -> asio::awaitable<wend::response> {
///       auto out = co_await next(in);
///       out.set("X-Seen", "yes");
///       co_return out;
///     };
class next {
 public:
  explicit next(transport& peer) noexcept : peer_(&peer) {}
  next(next&& other) noexcept : peer_(std::exchange(other.peer_, nullptr)) {}
  next& operator=(next&&) = delete;

  /// Runs what is inside, after it has read the body that is wanted there, and returns the
  /// response. To be called once: throws `std::logic_error` the second time.
  ///
  /// Choice: when the session refuses the request meanwhile (a malformed or too large body, a
  /// deadline), a middleware that waits is cancelled, and only plain middleware sees the response.
  template <class Request>
  asio::awaitable<response> operator()(Request&) {
    auto* const peer = std::exchange(peer_, nullptr);
    if (!peer) throw std::logic_error("wend: next() was called twice");
    return detail::run_inside(*peer);
  }

 private:
  transport* peer_;
};

namespace detail {

/// A handler that waits, with its arguments.
template <class T, class Call, class Peer = transport>
class awaited_call final : public coroutine_work<Peer> {
 public:
  awaited_call(Call call, response& out) : call_(std::move(call)), out_(&out) {}

  asio::awaitable<void> run(Peer&) override {
    // no co_await may stand in a catch: what was caught is looked at again by `guard`
    std::exception_ptr failure;
    try {
      if constexpr (std::is_void_v<T>) {
        co_await call_();
        out_->status = status::no_content;
      } else {
        respond(*out_, T(co_await call_()));
      }
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) guard(*out_, [&] { std::rethrow_exception(failure); });
  }

 private:
  Call call_;
  response* out_;
};

/// A middleware that waits.
template <class Middleware, class Peer = transport>
class late_middleware final : public coroutine_work<Peer> {
 public:
  late_middleware(Middleware const& m, request& in, response& out)
      : middleware_(&m), in_(&in), out_(&out) {}

  asio::awaitable<void> run(Peer& peer) override {
    std::exception_ptr failure;
    try {
      *out_ = co_await (*middleware_)(*in_, next(peer));
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) guard(*out_, [&] { std::rethrow_exception(failure); });
  }

 private:
  Middleware const* middleware_;
  request* in_;
  response* out_;
};

template <class T, class Executor>
struct late_result<asio::awaitable<T, Executor>> {
  static constexpr bool is_late = true;
  using type = T;

  template <class Call>
  static void start(Call call, request&, response& out) {
    out.later = std::make_unique<awaited_call<T, Call>>(std::move(call), out);
  }
  template <class Middleware>
  static void start_middleware(Middleware const& m, request& in, response& out) {
    out.later = std::make_unique<late_middleware<Middleware>>(m, in, out);
  }
};

}  // namespace detail

}  // namespace wend
