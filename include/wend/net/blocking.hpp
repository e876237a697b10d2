// Handlers that block: they run on threads of their own, so that the loop goes on.
#pragma once

#include <wend/handler/extract.hpp>
#include <wend/handler/guard.hpp>
#include <wend/handler/judge.hpp>
#include <wend/handler/late.hpp>
#include <wend/handler/respond.hpp>
#include <wend/net/content_stream.hpp>
#include <wend/net/detail/coroutine.hpp>
#include <wend/net/transport.hpp>

#include <istream>
#include <memory>
#include <type_traits>
#include <utility>

namespace wend {

namespace detail {

/// What a blocking handler returns, as its signature says it: a `T`, later.
template <class T>
struct blocked {};

template <class F>
struct blocking_handler {
  F function;

  template <class... Arguments>
  auto operator()(Arguments&&... arguments) const -> std::invoke_result_t<F const&, Arguments...> {
    return function(std::forward<Arguments>(arguments)...);
  }
  // what produces content is used once, and may change what it goes through
  template <class... Arguments>
  auto operator()(Arguments&&... arguments) -> std::invoke_result_t<F&, Arguments...> {
    return function(std::forward<Arguments>(arguments)...);
  }
};

template <class F>
inline constexpr bool is_blocking = false;
template <class F>
inline constexpr bool is_blocking<blocking_handler<F>> = true;

/// The signature is that of the function, so that errors speak of what the user wrote.
template <class F>
struct signature_of<blocking_handler<F>> : signature_of<F> {};
template <class F>
  requires requires { typename signature_of<F>::result; }
struct signature_of<blocking_handler<F>> : signature_of<F> {
  using result = blocked<typename signature_of<F>::result>;
};

/// A blocking handler with its arguments. The response is made on the pool as well.
template <class Call, class Peer = transport>
class blocking_call final : public coroutine_work<Peer> {
 public:
  blocking_call(Call call, response& out) : call_(std::move(call)), out_(&out) {}

  asio::awaitable<void> run(Peer& peer) override { co_await on_a_thread(peer.pool(), on_pool()); }

 private:
  asio::awaitable<void> on_pool() {
    guard(*out_, [this] {
      using T = std::remove_cvref_t<decltype(call_())>;
      if constexpr (std::is_void_v<T>) {
        call_();
        out_->status = status::no_content;
      } else {
        respond(*out_, T(call_()));
      }
    });
    co_return;
  }

  Call call_;
  response* out_;
};

template <class T>
struct late_result<blocked<T>> {
  static constexpr bool is_late = true;
  using type = T;

  template <class Call>
  static void start(Call call, request&, response& out) {
    out.later = std::make_unique<blocking_call<Call>>(std::move(call), out);
  }
};

}  // namespace detail

/// A handler that may block: it runs on a thread of the server's pool, and its result is awaited.
///
///     wend::post<"/reports">(wend::blocking([&](wend::json<order> o) { return crunch(*o); }))
///
/// Such a handler may take the body as a `std::istream&`, piece by piece as it reads. It cannot be
/// cancelled, only its streams fail then. Thread safety: it is called by many threads at once; and
/// when its request is refused meanwhile, beside the `after` of the middleware around it.
template <class F>
constexpr auto blocking(F&& f) {
  return detail::blocking_handler<std::decay_t<F>>{std::forward<F>(f)};
}

/// The parameter `std::istream&` of a blocking handler: the body as it comes, in constant memory. A
/// body that is malformed, too large or cut short is an exception from the read, a `problem`.
template <>
struct extractor<std::istream> {
  static constexpr bool takes_body = true;
  static constexpr body_mode mode = body_mode::pieces;
  static constexpr bool by_reference = true;

  template <class Request>
  static std::unique_ptr<std::istream> extract(Request& in, rejection&) {
    return std::make_unique<detail::body_istream>(*in.connection);
  }
};

}  // namespace wend
