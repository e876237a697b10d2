// A route: method, pattern, name, options and handler, all but the last in its type.
#pragma once

#include <wend/app/route_options.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/handler/bind.hpp>
#include <wend/http/method.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/pattern.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend {

/// Where in the source a route was declared. (std::source_location is missing in some libraries.)
struct call_site {
  char const* file = "";
  unsigned line = 0;
};

/// An entry of a table, made by `get`, `post` and the others, or by `on` for any method.
template <method Method, fixed_string Pattern, fixed_string Name, class F, auto... Options>
struct route {
  static constexpr wend::method method = Method;
  static constexpr fixed_string text = Pattern;
  static constexpr std::string_view name = Name.view();
  using pattern = wend::pattern<Pattern>;
  using handler_type = F;

  /// The limit of the body among the options, in bytes.
  static constexpr std::optional<std::size_t> body_limit() {
    std::optional<std::size_t> out;
    (detail::read_limit(Options, out), ...);
    return out;
  }
  /// Calls `visit(option)` for each option; those of groups around the route come first.
  template <class Visitor>
  static constexpr void each_option([[maybe_unused]] Visitor&& visit) {
    (visit(Options), ...);
  }

  F handler;
  call_site where;  ///< for the errors of a router
};

namespace detail {

/// Stands in for the handler of a route that is wrong, so that its error remains the only one.
struct no_handler {
  void operator()() const {}
};

/// True for a route that stands in for one that is wrong.
template <class Route>
inline constexpr bool stands_in = false;
template <method Method, fixed_string Pattern, fixed_string Name, auto... Options>
inline constexpr bool stands_in<route<Method, Pattern, Name, no_handler, Options...>> = true;

/// The route that a declaration makes, and the verdict on it. `check` is instantiated by the
/// declaration itself, which keeps what the compiler prints between the sentence and the user's own
/// line to a minimum.
template <method Method, fixed_string Pattern, fixed_string Name, class F, auto... Options>
struct route_maker {
  static constexpr auto const& parsed = parsed_of<Pattern>;
  static constexpr bool pattern_sound = parsed.fault == pattern_fault::none;
  static constexpr handler_verdict verdict =
      pattern_sound ? judge<F>(parsed) : handler_verdict{handler_fault::none, 0};
  static constexpr bool options_sound = are_options<Options...>;
  static constexpr bool sound =
      pattern_sound && options_sound && verdict.fault == handler_fault::none;

  using check = std::conditional_t<
      pattern_sound && options_sound,
      explain_handler<verdict.fault, Pattern, verdict.position, parameter_at<F, verdict.position>>,
      std::conditional_t<pattern_sound,
                         explain_options<options_sound>,
                         pattern_is<parsed.fault, Pattern>>>;

  template <class G>
  static constexpr auto make(G&& handler, call_site where, check) {
    return make(std::forward<G>(handler), where);
  }
  template <class G>
  static constexpr auto make(G&& handler, call_site where) {
    if constexpr (sound)
      return route<Method, Pattern, Name, F, Options...>{std::forward<G>(handler), where};
    else
      return route<Method, "/", Name, no_handler>{{}, where};
  }
};

}  // namespace detail

/// A route for any method: `on<method{"PURGE"}, "/cache/{key}">(f)`.
///
/// `handler` is a function or lambda; its parameters say what a request must bring (captures in
/// order, or extractors), its result what the client gets (see respond.hpp). It is called by many
/// threads at once. A handler that does not fit the pattern does not compile; the error says why.
template <method Method, fixed_string Pattern, fixed_string Name, auto... Options, class F>
constexpr auto on(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<Method, Pattern, Name, std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}
template <method Method, fixed_string Pattern, auto... Options, class F>
constexpr auto on(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<Method, Pattern, "", std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}

/// A route for all methods, known or not, that no other route of its pattern takes. Takes a pattern,
/// perhaps a name, then options: see `on`.
template <fixed_string Pattern, fixed_string Name, auto... Options, class F>
constexpr auto any(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method{}, Pattern, Name, std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}
template <fixed_string Pattern, auto... Options, class F>
constexpr auto any(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method{}, Pattern, "", std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}

/// A route for GET; answers HEAD as well, unless there is a route for it. Takes a pattern, perhaps
/// a name, then options: see `on`.
template <fixed_string Pattern, fixed_string Name, auto... Options, class F>
constexpr auto get(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::get, Pattern, Name, std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}
template <fixed_string Pattern, auto... Options, class F>
constexpr auto get(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::get, Pattern, "", std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}

/// A route for HEAD. Takes a pattern, perhaps a name, then options: see `on`.
template <fixed_string Pattern, fixed_string Name, auto... Options, class F>
constexpr auto head(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::head, Pattern, Name, std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}
template <fixed_string Pattern, auto... Options, class F>
constexpr auto head(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::head, Pattern, "", std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}

/// A route for POST. Takes a pattern, perhaps a name, then options: see `on`.
template <fixed_string Pattern, fixed_string Name, auto... Options, class F>
constexpr auto post(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::post, Pattern, Name, std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}
template <fixed_string Pattern, auto... Options, class F>
constexpr auto post(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::post, Pattern, "", std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}

/// A route for PUT. Takes a pattern, perhaps a name, then options: see `on`.
template <fixed_string Pattern, fixed_string Name, auto... Options, class F>
constexpr auto put(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::put, Pattern, Name, std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}
template <fixed_string Pattern, auto... Options, class F>
constexpr auto put(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::put, Pattern, "", std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}

/// A route for DELETE. Takes a pattern, perhaps a name, then options: see `on`.
template <fixed_string Pattern, fixed_string Name, auto... Options, class F>
constexpr auto del(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::del, Pattern, Name, std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}
template <fixed_string Pattern, auto... Options, class F>
constexpr auto del(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::del, Pattern, "", std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}

/// A route for PATCH. Takes a pattern, perhaps a name, then options: see `on`.
template <fixed_string Pattern, fixed_string Name, auto... Options, class F>
constexpr auto patch(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::patch, Pattern, Name, std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}
template <fixed_string Pattern, auto... Options, class F>
constexpr auto patch(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::patch, Pattern, "", std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}

/// A route for OPTIONS, in place of the answer that the table would give. Takes a pattern, perhaps
/// a name, then options: see `on`.
template <fixed_string Pattern, fixed_string Name, auto... Options, class F>
constexpr auto options(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::options, Pattern, Name, std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}
template <fixed_string Pattern, auto... Options, class F>
constexpr auto options(F&& handler, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  using maker = detail::route_maker<method::options, Pattern, "", std::decay_t<F>, Options...>;
  return maker::make(std::forward<F>(handler), where, typename maker::check{});
}

}  // namespace wend
