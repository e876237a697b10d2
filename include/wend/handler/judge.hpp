// The judge: whether a callable and a pattern go together.
//
// The parameters are read off the callable's type. The verdict is a plain value, computed once;
// only when it is bad is the template instantiated whose static_assert says why
// (handler_fault.hpp), so that there is one error, and short. A router asks for the same verdict at
// run time.
#pragma once

#include <wend/handler/extract.hpp>
#include <wend/handler/handler_fault.hpp>
#include <wend/handler/late.hpp>
#include <wend/handler/respond.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/route/convert.hpp>
#include <wend/route/pattern.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

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

/// What a parameter of this type wants of the body.
template <class T>
constexpr body_mode body_of() {
  if constexpr (!takes_body<T>())
    return body_mode::unwanted;
  else if constexpr (requires { extractor<T>::mode; })
    return extractor<T>::mode;
  else
    return body_mode::whole;
}

/// Whether a parameter is a `T&`, like a request.
template <class T>
constexpr bool taken_by_reference() {
  if constexpr (requires { extractor<T>::by_reference; })
    return extractor<T>::by_reference;
  else
    return std::same_as<T, request>;
}

/// What is wrong with an extractor, whatever the pattern: it may say so in `fault`, and in
/// `culprit` which part of the type is to blame.
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
    if (kind == parameter_kind::request ? !std::is_lvalue_reference_v<P>
                                        : writable_reference && !taken_by_reference<T>())
      fail(handler_fault::reference);
    if (taken_by_reference<T>() && !std::is_lvalue_reference_v<P>) fail(handler_fault::by_value);
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
    using culprit = unfit_result<awaited_t<typename sig::result>>;
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
  using type = shown<result, unfit_result<awaited_t<result>>>;
};
template <class F, std::size_t Position>
using parameter_at = typename parameter_type<F, Position>::type;

}  // namespace wend::detail
