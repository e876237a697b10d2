// Binding: a callable becomes something that takes a request and makes a response.
//
// A request& is the request; an extractor is made from the request; anything else takes the next
// capture of the pattern, converted. That callable and pattern go together is judge.hpp's business.
#pragma once

#include <wend/handler/extract.hpp>
#include <wend/handler/judge.hpp>
#include <wend/handler/late.hpp>
#include <wend/handler/provided.hpp>
#include <wend/handler/respond.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/route/convert.hpp>
#include <wend/route/pattern.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend::detail {

using capture_specs = std::span<capture_spec const>;

/// A handler with its arguments, to be called once by whoever waits for its result. References to
/// the arguments hold as long as this does, and does not move.
template <class F, class Arguments, class... P>
class late_call {
 public:
  late_call(F const& f, Arguments&& arguments, type_list<P...>)
      : f_(&f), arguments_(std::move(arguments)) {}

  decltype(auto) operator()() {
    return [this]<std::size_t... I>(std::index_sequence<I...>) -> decltype(auto) {
      return (*f_)(static_cast<P&&>(*std::get<I>(arguments_))...);
    }(std::index_sequence_for<P...>{});
  }

 private:
  F const* f_;
  Arguments arguments_;
};

/// A callable that fits its pattern, as a function of a request. The pattern is an argument and not
/// a template parameter: one binding serves a table, a router, and all routes of the same lambda.
template <class F>
class binding {
  using sig = signature_of<F>;

  template <std::size_t I, class... P>
  using parameter = std::remove_cvref_t<typename nth_parameter<type_list<P...>, I + 1>::type>;

  /// The index of the capture that parameter `I` takes: by its name, or by those before it.
  template <std::size_t I, class... P>
  static constexpr std::size_t capture_index(capture_specs specs) {
    using T = parameter<I, P...>;
    if constexpr (is_path<T>) {
      std::size_t i = 0;
      while (specs[i].name != path_parts<T>::name)
        ++i;
      return i;
    } else {
      std::size_t before = 0, i = 0;
      ((before += i++ < I && parameter_kind_of<P>() == parameter_kind::capture), ...);
      return before;
    }
  }

  template <class T>
  static std::optional<T> take_capture(capture_spec const& spec,
                                       std::string_view text,
                                       rejection& why) {
    using V = typename unwrap_optional<T>::type;
    if constexpr (is_optional<T>) {
      if (text.data() == nullptr) return std::optional<T>(std::in_place);
    }
    if (auto value = from_capture<V>(spec.type, text)) return T(std::move(*value));
    why.add("path", std::string(spec.name), why_not<V>(text));
    return std::nullopt;
  }

  template <std::size_t I, class... P>
  static auto take(capture_specs specs, request& in, rejection& why) {
    using T = parameter<I, P...>;
    constexpr auto kind = parameter_kind_of<T>();
    if constexpr (kind == parameter_kind::request) {
      return &in;
    } else if constexpr (kind == parameter_kind::extractor) {
      return extractor<T>::extract(in, why);
    } else {
      auto const i = capture_index<I, P...>(specs);
      if constexpr (kind == parameter_kind::capture) {
        return take_capture<T>(specs[i], in.captures[i], why);
      } else {
        auto value = take_capture<typename path_parts<T>::type>(specs[i], in.captures[i], why);
        return value ? std::optional<T>(T(std::move(*value))) : std::nullopt;
      }
    }
  }

  /// The type that a parameter makes of a capture, or void when it takes none or takes its text.
  template <class T>
  static constexpr auto converted() {
    if constexpr (is_path<T>)
      return converted<typename path_parts<T>::type>();
    else if constexpr (text_type<typename unwrap_optional<T>::type> ||
                       parameter_kind_of<T>() != parameter_kind::capture)
      return std::type_identity<void>{};
    else
      return std::type_identity<typename unwrap_optional<T>::type>{};
  }

  /// A capture is checked while routes are still being tried when its pattern promises something
  /// that the parameter may be too narrow for; any text for a plain one is answered with a 400.
  template <std::size_t I, class... P>
  static constexpr bool may_not_fit_one(capture_specs specs) {
    using T = parameter<I, P...>;
    if constexpr (std::is_void_v<typename decltype(converted<T>())::type>)
      return false;
    else
      return specs[capture_index<I, P...>(specs)].type < capture_type::chunk;
  }

  template <std::size_t I, class... P>
  static bool fits_one(capture_specs specs, captures const& c) {
    using V = typename decltype(converted<parameter<I, P...>>())::type;
    if constexpr (!std::is_void_v<V>) {
      auto const i = capture_index<I, P...>(specs);
      if (specs[i].type < capture_type::chunk && c[i].data() != nullptr)
        return from_capture<V>(specs[i].type, c[i]).has_value();
    }
    return true;
  }

  template <std::size_t... I, class... P>
  static void call(F const& f,
                   [[maybe_unused]] capture_specs specs,
                   request& in,
                   response& out,
                   std::index_sequence<I...>,
                   type_list<P...>) {
    rejection why;
    // Braces: from left to right, so that errors come in the order of the parameters.
    std::tuple arguments{take<I, P...>(specs, in, why)...};
    if (!why.empty()) return why.answer().write(out);
    if constexpr (late_result<typename sig::result>::is_late) {
      late_result<typename sig::result>::start(
          late_call(f, std::move(arguments), type_list<P...>{}), in, out);
    } else if constexpr (std::is_void_v<typename sig::result>) {
      f(static_cast<P&&>(*std::get<I>(arguments))...);
      out.status = status::no_content;
    } else {
      using R = std::remove_cvref_t<typename sig::result>;
      respond(out, R(f(static_cast<P&&>(*std::get<I>(arguments))...)));
    }
  }

  template <class Each>
  static constexpr bool any_parameter(Each&& each) {
    return [&]<class... P>(type_list<P...> all) {
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return (each(std::integral_constant<std::size_t, I>{}, all) || ...);
      }(std::index_sequence_for<P...>{});
    }(typename sig::parameters{});
  }

 public:
  static constexpr body_mode body = []<class... P>(type_list<P...>) {
    body_mode out = body_mode::unwanted;  // at most one parameter wants it
    ((out = std::max(out, body_of<std::remove_cvref_t<P>>())), ...);
    return out;
  }(typename sig::parameters{});

  /// The parameters that middleware has to supply.
  static constexpr auto needs = []<class... P>(type_list<P...>) {
    constexpr std::size_t count = (std::size_t{0} + ... + is_provided<std::remove_cvref_t<P>>);
    std::array<provided_need, count> out{};
    if constexpr (count > 0) {
      std::size_t i = 0, position = 0;
      auto const add = [&](type_id type, bool of_host) {
        ++position;
        if (type) out[i++] = {type, position, of_host};
      };
      (add(provided_type<std::remove_cvref_t<P>>, is_host_part<std::remove_cvref_t<P>>), ...);
    }
    return out;
  }(typename sig::parameters{});

  /// Whether `fits` can be false for a path that the pattern matches.
  static constexpr bool may_not_fit(capture_specs specs) {
    return any_parameter(
        [&]<std::size_t I, class... P>(std::integral_constant<std::size_t, I>, type_list<P...>) {
          return may_not_fit_one<I, P...>(specs);
        });
  }

  /// Whether all captures fit the parameters that take them: an integer in range, a known name.
  static bool fits(capture_specs specs, captures const& c) {
    return !any_parameter(
        [&]<std::size_t I, class... P>(std::integral_constant<std::size_t, I>, type_list<P...>) {
          return !fits_one<I, P...>(specs, c);
        });
  }

  /// Takes the parameters from the request, calls, and makes the response; or answers with all that
  /// is wrong with the request. A result that comes later is left to be run in `out.later`. Throws
  /// what the callable throws.
  static void call(F const& f, capture_specs specs, request& in, response& out) {
    call(f,
         specs,
         in,
         out,
         std::make_index_sequence<sig::parameters::size>{},
         typename sig::parameters{});
  }
};

}  // namespace wend::detail
