// Results that come later: what a handler returns that has to wait. What waiting is, net/ knows.
#pragma once

namespace wend {

struct request;
struct response;

namespace detail {

/// How a result of type `R` is waited for. net/ specialises it for `asio::awaitable<T>`:
///
///     static constexpr bool is_late = true;
///     using type = T;                                     // what it becomes in the end
///     template <class Call>
///     static void start(Call call, request&, response&);  // sets `response::later`
///     template <class M>
///     static void start_middleware(M const& m, request&, response&);  // m(request&, next)
///
/// `call` owns the arguments of the handler and returns the `R`; whoever runs it keeps it until the
/// `T` is there, so that references to the arguments hold.
template <class R>
struct late_result {
  static constexpr bool is_late = false;
};

/// What a handler's result becomes: `R` itself, or what is waited for.
template <class R>
struct awaited {
  using type = R;
};
template <class R>
  requires(late_result<R>::is_late)
struct awaited<R> {
  using type = typename late_result<R>::type;
};
template <class R>
using awaited_t = typename awaited<R>::type;

}  // namespace detail

}  // namespace wend
