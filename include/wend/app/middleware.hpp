// Middleware: what wraps the handlers of a table or group, and their error answers.
//
// A plain middleware is a type with a `before`, an `after`, or both, and costs no coroutine. One
// that itself has to wait is a callable with the signature of `next` below.
#pragma once

#include <wend/app/layer.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/handler/judge.hpp>
#include <wend/handler/late.hpp>
#include <wend/handler/provided.hpp>
#include <wend/http/error.hpp>
#include <wend/http/problem.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace wend {

/// What is inside of a middleware that waits; net/ defines it:
///
///     asio::awaitable<wend::response> operator()(wend::request& in, wend::next next) const {
///       if (!co_await allowed(in)) co_return wend::response(wend::status::forbidden);
///       co_return co_await next(in);
///     }
class next;

/// The middleware of a table or group: see `use`.
template <class... M>
class use_list {
 public:
  constexpr explicit use_list(M... all) : all_(std::move(all)...) {}

  /// Middleware number `I`. Not const, though the table is: see `use`.
  template <std::size_t I>
  constexpr auto& at() const noexcept {
    return std::get<I>(all_);
  }

 private:
  mutable std::tuple<M...> all_;
};

/// Puts middleware around all routes of a `routes(...)`, a `group<"/prefix">(...)` or a router, and
/// around the errors that are answered in their place. It is their first entry; the first of
/// several is the outermost.
///
///     struct timing {
///       auto before(wend::request&) { return std::chrono::steady_clock::now(); }
///       void after(wend::request const&, wend::response& out,
///                  std::chrono::steady_clock::time_point since);
///     };
///     auto app = wend::routes(wend::use(timing{}), wend::get<"/">(hello));
///
/// `before` may take values that middleware outside of it supplies, as `provided<T>`, and parts of
/// the host, as `host_part`; one of these that does not fit is answered as for a handler. It returns
/// nothing; or a value, which `after` may take as its third parameter, and handlers as
/// `provided<T>`; or a response, a problem or an optional one of these, or a result<T>, or a
/// std::variant of a T and a response or problem: these may answer at once, so that nothing inside
/// runs and the body is not read. `after` is called exactly if `before` has let the request in.
/// What either throws is answered like what a handler throws. Both are called by many threads at
/// once.
template <class... M>
constexpr auto use(M... all);

// ------------------------------------------------------------------------------------------------

namespace detail {

template <class C, class R, class... P>
type_list<P...> parameters_of(R (C::*)(P...));
template <class C, class R, class... P>
type_list<P...> parameters_of(R (C::*)(P...) const);
template <class C, class R, class... P>
type_list<P...> parameters_of(R (C::*)(P...) noexcept);
template <class C, class R, class... P>
type_list<P...> parameters_of(R (C::*)(P...) const noexcept);

/// What a `before` may return: what it supplies, and how it answers at once.
template <class R>
struct before_result {
  using value = R;
  static R* let_in(R& r, response&) { return &r; }
};
template <class V>
struct before_result<result<V>> {
  using value = V;
  static V* let_in(result<V>& r, response& out) {
    if (r) return &*r;
    problem(r.error().status, std::string(r.error().detail)).write(out);
    return nullptr;
  }
};
inline void refuse(response& out, response&& with) {
  out = std::move(with);
}
inline void refuse(response& out, problem&& with) {
  with.write(out);
}
template <class V, class Refusal>
  requires(std::same_as<Refusal, response> || std::same_as<Refusal, problem>)
struct before_result<std::variant<V, Refusal>> {
  using value = V;
  static V* let_in(std::variant<V, Refusal>& r, response& out) {
    if (r.index() == 0) return &std::get<0>(r);
    refuse(out, std::move(std::get<1>(r)));
    return nullptr;
  }
};
template <class Refusal>
struct refusal_result {
  using value = void;
  static bool let_in(Refusal& r, response& out) {
    refuse(out, std::move(r));
    return false;
  }
  static bool let_in(std::optional<Refusal>& r, response& out) { return !r || let_in(*r, out); }
};
template <>
struct before_result<response> : refusal_result<response> {};
template <>
struct before_result<problem> : refusal_result<problem> {};
template <>
struct before_result<std::optional<response>> : refusal_result<response> {};
template <>
struct before_result<std::optional<problem>> : refusal_result<problem> {};
template <>
struct before_result<void> {
  using value = void;
};

/// The parameters of a `before` after the request.
template <class M>
constexpr auto provided_parameters() {
  if constexpr (requires(M& m, request& in) { m.before(in); })
    return type_list<>{};
  else
    return []<class First, class... Rest>(type_list<First, Rest...>) {
      return type_list<Rest...>{};
    }(decltype(parameters_of(&M::before)){});
}

template <class M, class... P>
concept before_takes = (is_provided<std::remove_cvref_t<P>> && ...) &&
                       requires(M& m, request& in, P&&... values) { m.before(in, values...); };
template <class M, class... P>
constexpr bool takes_all(type_list<P...>) {
  return before_takes<M, P...>;
}

template <class M>
concept has_before =
    requires(M& m, request& in) { m.before(in); } || requires { parameters_of(&M::before); };
template <class M>
concept has_after = requires(M& m, request const& in, response& out) { m.after(in, out); } ||
                    requires { &M::after; };

/// How the `before` of a middleware is called.
template <class M>
struct middleware_traits {
  template <class... P>
  static auto take(request& in, rejection& why, type_list<P...>) {
    return std::tuple{extractor<std::remove_cvref_t<P>>::extract(in, why)...};
  }
  /// What it takes besides the request, each an optional; `why` has what does not fit.
  static auto arguments(request& in, rejection& why) {
    return take(in, why, provided_parameters<M>());
  }
  template <class Arguments>
  static decltype(auto) call(M& m, request& in, Arguments& all) {
    return std::apply([&](auto&... one) -> decltype(auto) { return m.before(in, *one...); }, all);
  }
  using taken = decltype(arguments(std::declval<request&>(), std::declval<rejection&>()));
  using result = std::remove_cvref_t<decltype(call(
      std::declval<M&>(), std::declval<request&>(), std::declval<taken&>()))>;
};

/// What a middleware supplies, or void.
template <class M>
struct supplied_by {
  using type = void;
};
template <class M>
  requires has_before<M>
struct supplied_by<M> {
  using type = typename before_result<typename middleware_traits<M>::result>::value;
};

template <class M, class V>
concept after_takes =
    requires(M& m, request const& in, response& out, V& value) { m.after(in, out, value); };
template <class M>
concept after_takes_no_value =
    requires(M& m, request const& in, response& out) { m.after(in, out); };

/// Whether this is the callable of a middleware that waits.
template <class M>
constexpr bool waits() {
  if constexpr (signature_of<M>::known) {
    using sig = signature_of<M>;
    if constexpr (sig::is_const)
      return std::same_as<typename sig::parameters, type_list<request&, next>> &&
             late_result<typename sig::result>::is_late;
  }
  return false;
}

template <class M>
constexpr middleware_fault fault_of_middleware() {
  if constexpr (waits<M>()) {
    return middleware_fault::none;
  } else if constexpr (!has_before<M> && !has_after<M>) {
    return middleware_fault::shape;
  } else {
    if constexpr (has_before<M>) {
      if constexpr (!requires(M& m, request& in) { m.before(in); }) {
        using parameters = decltype(parameters_of(&M::before));
        if constexpr (parameters::size == 0)
          return middleware_fault::before;
        else if constexpr (!takes_all<M>(provided_parameters<M>()))
          return middleware_fault::before;
      }
    }
    if constexpr (has_after<M> && !after_takes_no_value<M>) {
      if constexpr (std::is_void_v<typename supplied_by<M>::type>)
        return middleware_fault::after;
      else if constexpr (!after_takes<M, typename supplied_by<M>::type>)
        return middleware_fault::after;
    }
    return middleware_fault::none;
  }
}

/// A middleware as a layer. `Access::get(self)` is the middleware.
template <class M, class Access>
struct layer_maker {
  static bool before(void const* self, frame& at, request& in, response& out) {
    M& m = Access::get(self);
    using traits = middleware_traits<M>;
    at.value = nullptr;
    at.type = {};
    rejection why;
    auto arguments = traits::arguments(in, why);
    if (!why.empty()) {
      why.answer().write(out);
      return false;
    }
    if constexpr (std::is_void_v<typename traits::result>) {
      traits::call(m, in, arguments);
      return true;
    } else {
      using result = before_result<typename traits::result>;
      typename traits::result r = traits::call(m, in, arguments);
      auto const let_in = result::let_in(r, out);
      if constexpr (std::is_void_v<typename result::value>) {
        return let_in;
      } else {
        if (let_in == nullptr) return false;
        at.value = &in.routing.values.put(std::move(*let_in));
        at.type = id_of<typename result::value>;
        return true;
      }
    }
  }

  static void after(void const* self,
                    [[maybe_unused]] frame& at,
                    request const& in,
                    response& out) {
    M& m = Access::get(self);
    if constexpr (after_takes_no_value<M>)
      m.after(in, out);
    else
      m.after(in, out, *static_cast<typename supplied_by<M>::type*>(at.value));
  }

  static void wait(void const* self, request& in, response& out) {
    using result = typename signature_of<M>::result;
    M const& m = Access::get(self);
    late_result<result>::start_middleware(m, in, out);
  }

  static constexpr auto needs = [] {
    if constexpr (has_before<M>)
      return []<class... P>(type_list<P...>) {
        return std::array<type_id, sizeof...(P)>{provided_type<std::remove_cvref_t<P>>...};
      }(provided_parameters<M>());
    else
      return std::array<type_id, 0>{};
  }();

  static constexpr layer make() {
    layer out;
    if constexpr (waits<M>()) {
      out.wait = &wait;
    } else {
      if constexpr (has_before<M>) {
        out.before = &before;
        if constexpr (!std::is_void_v<typename supplied_by<M>::type>)
          out.provides = id_of<typename supplied_by<M>::type>;
      }
      if constexpr (has_after<M>) out.after = &after;
      out.needs = needs;
    }
    return out;
  }
};

/// The layers of a list that is itself what `self` points to.
template <class List>
struct list_layers;
template <class... M>
struct list_layers<use_list<M...>> {
  template <class Sequence>
  struct all;
  template <std::size_t... I>
  struct all<std::index_sequence<I...>> {
    template <std::size_t K>
    struct access {
      static auto& get(void const* self) {
        return static_cast<use_list<M...> const*>(self)->template at<K>();
      }
    };
    static constexpr std::array<layer, sizeof...(M)> layers{layer_maker<M, access<I>>::make()...};
  };
  static constexpr std::span<layer const> layers = all<std::index_sequence_for<M...>>::layers;
};

template <class T>
inline constexpr bool is_use = false;
template <class... M>
inline constexpr bool is_use<use_list<M...>> = true;

}  // namespace detail

template <class... M>
constexpr auto use(M... all) {
  constexpr auto sound = [](detail::middleware_fault f) {
    return f == detail::middleware_fault::none;
  };
  if constexpr ((sound(detail::fault_of_middleware<M>()) && ...)) {
    return use_list<M...>(std::move(all)...);
  } else {
    ((void)detail::explain_middleware<detail::fault_of_middleware<M>(), M>{}, ...);
    return use_list<>();
  }
}

}  // namespace wend
