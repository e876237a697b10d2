// Binding: a callable becomes something that takes a request and makes a response.
//
// The parameters are read off the callable's type. A request& is the request; an extractor is made
// from the request; anything else takes the next capture of the pattern, converted. The verdict
// whether a callable and a pattern go together is a plain value, computed once; only when it is bad
// is the template instantiated whose static_assert says why, so that there is one error, and short.
#pragma once

#include <wend/handler/extract.hpp>
#include <wend/handler/handler_fault.hpp>
#include <wend/handler/respond.hpp>
#include <wend/http/method.hpp>
#include <wend/route/convert.hpp>
#include <wend/route/pattern.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend::detail {

// ---- the signature of a callable

template <class... T>
struct type_list {
  static constexpr std::size_t size = sizeof...(T);
};

template <class R, class... P>
struct signature {
  using result = R;
  using parameters = type_list<P...>;
};

template <class T>
struct member_signature {
  static constexpr bool is_const = false;
};
template <class C, class R, class... P>
struct member_signature<R (C::*)(P...) const> : signature<R, P...> {
  static constexpr bool is_const = true;
};
template <class C, class R, class... P>
struct member_signature<R (C::*)(P...) const noexcept> : signature<R, P...> {
  static constexpr bool is_const = true;
};

template <class F>
struct signature_of {
  static constexpr bool known = false;
};
template <class R, class... P>
struct signature_of<R (*)(P...)> : signature<R, P...> {
  static constexpr bool known = true, is_const = true;
};
template <class R, class... P>
struct signature_of<R (*)(P...) noexcept> : signature<R, P...> {
  static constexpr bool known = true, is_const = true;
};
template <class F>
  requires requires { &F::operator(); }
struct signature_of<F> : member_signature<decltype(&F::operator())> {
  static constexpr bool known = true;
};

// ---- the verdict

/// What is wrong between a callable and its pattern, and with which parameter (from 1).
struct handler_verdict {
  handler_fault fault = handler_fault::none;
  std::size_t position = 0;
};

/// A parameter type with its meaning: the request, an extractor, a capture by name or in order.
enum class parameter_kind : std::uint8_t { request, extractor, named, capture };

template <class T>
inline constexpr bool is_path = false;
template <fixed_string Name, class T>
inline constexpr bool is_path<path<Name, T>> = true;

template <class T>
struct path_parts;
template <fixed_string Name, class T>
struct path_parts<path<Name, T>> {
  static constexpr std::string_view name = Name.view();
  using type = T;
};

template <class P>
constexpr parameter_kind parameter_kind_of() {
  using T = std::remove_cvref_t<P>;
  if constexpr (std::same_as<T, request>)
    return parameter_kind::request;
  else if constexpr (is_path<T>)
    return parameter_kind::named;
  else if constexpr (extractable<T>)
    return parameter_kind::extractor;
  else
    return parameter_kind::capture;
}

template <class T>
constexpr bool takes_body() {
  if constexpr (requires { extractor<T>::takes_body; })
    return extractor<T>::takes_body;
  else
    return false;
}

/// What is wrong with an extractor, whatever the pattern: it may say so in `fault`, and in `culprit`
/// which part of the type is to blame.
template <class T>
constexpr handler_fault fault_of_extractor() {
  if constexpr (requires { extractor<T>::fault; })
    return extractor<T>::fault;
  else
    return handler_fault::none;
}

/// Whether a capture may be taken as a `T`, which is optional exactly for a capture inside [ ].
template <class T>
constexpr handler_fault judge_capture(capture_spec const& c) {
  if (is_optional<T> != c.optional)
    return c.optional ? handler_fault::needs_optional : handler_fault::not_optional;
  switch (fit_of<typename unwrap_optional<T>::type>(c.type)) {
    case capture_fit::yes: return handler_fault::none;
    case capture_fit::no_converter: return handler_fault::no_converter;
    case capture_fit::wrong_type: break;
  }
  switch (c.type) {
    case capture_type::int_:
    case capture_type::uint: return handler_fault::not_integer;
    case capture_type::number: return handler_fault::not_floating;
    case capture_type::digits:
    case capture_type::hex: return handler_fault::not_text_or_integer;
    case capture_type::uuid: return handler_fault::not_uuid;
    default: return handler_fault::not_text;
  }
}

/// Goes through the parameters from left to right and keeps the first fault.
class handler_judge {
 public:
  /// What is wrong with a parameter for any pattern.
  template <class P>
  constexpr void parameter() {
    using T = std::remove_cvref_t<P>;
    ++position_;
    constexpr auto kind = parameter_kind_of<P>();
    constexpr bool writable_reference =
        std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;
    if (kind == parameter_kind::request ? !std::is_lvalue_reference_v<P> : writable_reference)
      fail(handler_fault::reference);
    if constexpr (kind == parameter_kind::extractor) {
      fail(fault_of_extractor<T>());
      if (takes_body<T>() && ++bodies_ > 1) fail(handler_fault::two_bodies);
    }
  }
  constexpr handler_verdict verdict() const { return out_; }

 protected:
  constexpr void fail(handler_fault why) {
    if (out_.fault == handler_fault::none && why != handler_fault::none) out_ = {why, position_};
  }

  std::size_t position_ = 0;

 private:
  std::size_t bodies_ = 0;
  handler_verdict out_;
};

/// The same for what the parameters take of one pattern.
class capture_judge : public handler_judge {
 public:
  constexpr explicit capture_judge(parsed_pattern const& p) : pattern_(p) {}

  template <class P>
  constexpr void parameter() {
    using T = std::remove_cvref_t<P>;
    ++position_;
    constexpr auto kind = parameter_kind_of<P>();
    if constexpr (kind == parameter_kind::named) {
      named_ = true;
      auto const i = pattern_.find(path_parts<T>::name);
      if (i == pattern_.capture_count) return fail(handler_fault::unknown_name);
      fail(judge_capture<typename path_parts<T>::type>(pattern_.capture[i]));
    } else if constexpr (kind == parameter_kind::capture) {
      if (in_order_ == pattern_.capture_count) return fail(handler_fault::no_source);
      fail(judge_capture<T>(pattern_.capture[in_order_++]));
    }
    if (named_ && in_order_ > 0) fail(handler_fault::two_styles);
  }

  constexpr handler_verdict verdict() {
    ++position_;
    if (in_order_ > 0 && in_order_ < pattern_.capture_count) fail(handler_fault::captures_left);
    return handler_judge::verdict();
  }

 private:
  parsed_pattern const& pattern_;
  std::size_t in_order_ = 0;
  bool named_ = false;
};

/// What is wrong with a callable for any pattern.
template <class F>
constexpr handler_verdict judge() {
  using sig = signature_of<F>;
  if constexpr (!sig::known) {
    return {handler_fault::no_signature, 0};
  } else if constexpr (!sig::is_const) {
    return {handler_fault::mutable_state, 0};
  } else {
    handler_judge all;
    [&]<class... P>(type_list<P...>) {
      (all.template parameter<P>(), ...);
    }(typename sig::parameters{});
    using culprit = unfit_result<typename sig::result>;
    if (std::is_void_v<culprit> || all.verdict().fault != handler_fault::none) return all.verdict();
    return {has_to_json<culprit> ? handler_fault::bridge : handler_fault::result, 0};
  }
}

/// What is wrong with a callable for this pattern.
template <class F>
constexpr handler_verdict judge(parsed_pattern const& p) {
  constexpr auto alone = judge<F>();
  if constexpr (alone.fault != handler_fault::none) {
    return alone;
  } else {
    capture_judge all(p);
    [&]<class... P>(type_list<P...>) {
      (all.template parameter<P>(), ...);
    }(typename signature_of<F>::parameters{});
    return all.verdict();
  }
}

template <class List, std::size_t Position>
struct nth_parameter {
  using type = void;
};
template <class... P, std::size_t Position>
  requires(Position >= 1 && Position <= sizeof...(P))
struct nth_parameter<type_list<P...>, Position> {
  using type = std::tuple_element_t<Position - 1, std::tuple<P...>>;
};

/// The type to show for one that is at fault: the part of it that is, and itself.
template <class Whole, class Part>
using shown = std::
    conditional_t<std::is_void_v<Part> || std::same_as<Part, Whole>, Whole, part_of<Part, Whole>>;

template <class P>
struct culprit_of {
  using type = void;
};
template <class P>
  requires requires { typename extractor<P>::culprit; }
struct culprit_of<P> {
  using type = typename extractor<P>::culprit;
};

/// The type of a parameter, from 1; the type of the result, for 0; void when there is none. Where
/// only a part of it is at fault, a `part_of`.
template <class F, std::size_t Position>
struct parameter_type {
  using type = void;
};
template <class F, std::size_t Position>
  requires(signature_of<F>::known && signature_of<F>::is_const)
struct parameter_type<F, Position> {
  using written = typename nth_parameter<typename signature_of<F>::parameters, Position>::type;
  using type = shown<written, typename culprit_of<std::remove_cvref_t<written>>::type>;
};
template <class F>
  requires(signature_of<F>::known && signature_of<F>::is_const)
struct parameter_type<F, 0> {
  using result = typename signature_of<F>::result;
  using type = shown<result, unfit_result<result>>;
};
template <class F, std::size_t Position>
using parameter_at = typename parameter_type<F, Position>::type;

// ---- the call

using capture_specs = std::span<capture_spec const>;

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
    if constexpr (std::is_void_v<typename sig::result>) {
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
  static constexpr bool wants_body = []<class... P>(type_list<P...>) {
    return (takes_body<std::remove_cvref_t<P>>() || ...);
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
  /// is wrong with the request. Throws what the callable throws.
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
