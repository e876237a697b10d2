// The request that a call of the typed client sends: the parameters of a handler, written instead
// of read.
#pragma once

#include <wend/extra/client_request.hpp>
#include <wend/extra/detail/client_fault.hpp>
#include <wend/handler/bind.hpp>
#include <wend/handler/extract.hpp>
#include <wend/handler/form.hpp>
#include <wend/handler/json.hpp>
#include <wend/handler/json_write.hpp>
#include <wend/handler/judge.hpp>
#include <wend/handler/provided.hpp>
#include <wend/http/ascii.hpp>
#include <wend/http/field_value.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/url_for.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend::detail {

/// A request while it is made of arguments.
struct question_parts {
  std::array<std::optional<std::string>, captures::max> values;  ///< of captures
  std::string query, cookies;
  client_request out;
};

/// For what the server would read as something else.
[[noreturn]] inline void refuse_value(std::string_view name, std::string_view text) {
  throw std::invalid_argument("wend: call: " + std::string(name) + " cannot be \"" +
                              std::string(text) + "\"");
}

/// What a parameter of a handler is of a request: a value of type `type`, that `put` writes.
template <class T>
struct question_part {  // an extractor that nobody knows
  using type = void;
};

template <class T>
  requires requires { typename extractor<T>::reads; }
struct question_part<T> : question_part<typename extractor<T>::reads> {};

template <class T, auto Default>
inline constexpr bool may_be_left_out =
    is_optional<T> || is_vector<T> ||
    !std::is_same_v<std::remove_const_t<decltype(Default)>, required>;

template <fixed_string Name, class T, auto Default>
struct question_part<query<Name, T, Default>> {
  using type = T;
  static constexpr bool optional = may_be_left_out<T, Default>;
  static void put(question_parts& to, T const& value) {
    append_value(to.query, Name.view(), value);
  }
};
template <fixed_string Name, class T, auto Default>
struct question_part<header<Name, T, Default>> {
  using type = T;
  static constexpr bool optional = may_be_left_out<T, Default>;
  static void put(question_parts& to, T const& value) {
    if constexpr (is_optional<T>) {
      if (value) question_part<header<Name, typename T::value_type>>::put(to, *value);
    } else {
      auto const text = converter<T>::to_text(value);
      if (trim(text) != text) refuse_value(Name.view(), text);
      to.out.fields.add(Name.view(), text);
    }
  }
};
template <fixed_string Name, class T, auto Default>
struct question_part<cookie<Name, T, Default>> {
  using type = T;
  static constexpr bool optional = may_be_left_out<T, Default>;
  static void put(question_parts& to, T const& value) {
    if constexpr (is_optional<T>) {
      if (value) question_part<cookie<Name, typename T::value_type>>::put(to, *value);
    } else {
      auto const text = converter<T>::to_text(value);
      auto const pair = std::string(Name.view()) + "=" + text;
      if (cookie_value(pair, Name.view()) != text) refuse_value(Name.view(), text);
      to.cookies.append(to.cookies.empty() ? "" : "; ").append(pair);
    }
  }
};
template <class T, json_options Options>
struct question_part<json<T, Options>> {
  using type = T;
  static constexpr bool optional = false;
  static void put(question_parts& to, T const& value) {
    write_json(to.out.body, value);
    to.out.content_type = "application/json";
  }
};
template <class T>
struct question_part<form<T>> {
  using type = T;
  static constexpr bool optional = false;
  static void put(question_parts& to, T const& value) {
    std::string text;
    for_each_member(value, [&](std::string_view name, auto const& member) {
      append_value(text, name, member);
    });
    to.out.body = text.substr(text.empty() ? 0 : 1);  // without the "?"
    to.out.content_type = "application/x-www-form-urlencoded";
  }
};

/// Bytes, read whole or in pieces.
struct question_bytes {
  using type = std::string_view;
  static constexpr bool optional = true;
  static void put(question_parts& to, std::string_view bytes) {
    to.out.body = bytes;
    to.out.content_type = "application/octet-stream";
  }
};

/// How a call makes a request for a route.
template <class Route>
class client_question {
  using F = typename Route::handler_type;
  using sig = signature_of<F>;

  template <class P>
  static constexpr bool is_part =
      parameter_kind_of<P>() != parameter_kind::request && !is_provided<std::remove_cvref_t<P>>;

  /// A capture: by its index, which the parameters before it tell.
  template <std::size_t Index, class T>
  struct capture_part {
    using type = T;
    static constexpr std::size_t index = Index;
    static constexpr bool optional = is_optional<T>;
    static void put(question_parts& to, T const& value) {
      to.values[Index] = url_text(Route::pattern::parsed.capture[Index], value);
    }
  };

  /// The parts of the request, in the order of the parameters, as types.
  template <std::size_t Captures, class... Parts>
  static constexpr auto parts_of_parameters(type_list<>, type_list<Parts...> out) {
    return out;
  }
  template <std::size_t Captures, class First, class... P, class... Parts>
  static constexpr auto parts_of_parameters(type_list<First, P...>, type_list<Parts...> out) {
    using T = std::remove_cvref_t<First>;
    constexpr auto kind = parameter_kind_of<T>();
    if constexpr (!is_part<First>) {
      return parts_of_parameters<Captures>(type_list<P...>{}, out);
    } else if constexpr (kind == parameter_kind::capture) {
      return parts_of_parameters<Captures + 1>(type_list<P...>{},
                                               type_list<Parts..., capture_part<Captures, T>>{});
    } else if constexpr (kind == parameter_kind::named) {
      constexpr auto index = Route::pattern::parsed.find(path_parts<T>::name);
      return parts_of_parameters<Captures>(
          type_list<P...>{},
          type_list<Parts..., capture_part<index, typename path_parts<T>::type>>{});
    } else if constexpr (std::is_void_v<typename question_part<T>::type> && takes_body<T>()) {
      return parts_of_parameters<Captures>(type_list<P...>{},
                                           type_list<Parts..., question_bytes>{});
    } else {
      return parts_of_parameters<Captures>(type_list<P...>{},
                                           type_list<Parts..., question_part<T>>{});
    }
  }
  using parts = decltype(parts_of_parameters<0>(typename sig::parameters{}, type_list<>{}));

  template <class Part>
  static constexpr bool is_capture = requires { Part::index; };

  template <class... Parts, class... Arguments>
  static constexpr call_fault fault_of(type_list<Parts...>, type_list<Arguments...>) {
    if ((std::is_void_v<typename Parts::type> || ...)) return call_fault::unknown_extractor;
    if ((std::size_t{0} + ... + is_capture<Parts>) != Route::pattern::capture_count)
      return call_fault::capture_untaken;
    if (sizeof...(Arguments) > sizeof...(Parts)) return call_fault::too_many;
    [[maybe_unused]] std::size_t i = 0;
    bool missing = false;
    [[maybe_unused]] auto const look = [&]<class Part>(std::type_identity<Part>) {
      if constexpr (requires { Part::optional; })
        missing = missing || (i >= sizeof...(Arguments) && !Part::optional);
      ++i;
    };
    (look(std::type_identity<Parts>{}), ...);
    if (missing) return call_fault::missing;
    return fits<typename Parts::type...>(type_list<Arguments...>{}) ? call_fault::none
                                                                    : call_fault::type;
  }
  /// Whether so many first parts can be made of the arguments.
  template <class... Types, class... Arguments>
  static constexpr bool fits(type_list<Arguments...>) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      using types = std::tuple<std::type_identity<Types>..., std::type_identity<Arguments>...>;
      return (
          std::is_convertible_v<Arguments const&, typename std::tuple_element_t<I, types>::type> &&
          ...);
    }(std::index_sequence_for<Arguments...>{});
  }

  template <class... Parts>
  static void put(question_parts&, type_list<Parts...>) {}
  template <class Part, class... Parts, class Argument, class... Arguments>
  static void put(question_parts& to,
                  type_list<Part, Parts...>,
                  Argument const& first,
                  Arguments const&... others) {
    Part::put(to, static_cast<typename Part::type>(first));
    put(to, type_list<Parts...>{}, others...);
  }

 public:
  /// What keeps the route from being called with arguments of these types.
  template <class... Arguments>
  static constexpr call_fault fault_of() {
    return fault_of(parts{}, type_list<Arguments...>{});
  }

  template <class... Arguments>
  static client_request make(std::string const& base, Arguments const&... arguments) {
    question_parts to;
    put(to, parts{}, arguments...);
    if (!to.cookies.empty()) to.out.fields.add("Cookie", to.cookies);
    using known = typename Route::pattern;
    to.out.method = Route::method == wend::method{} ? method::get : Route::method;
    to.out.url = base +
                 checked_url(known::parsed,
                             known::text,
                             static_tree<single_route<Route::text>>::view,
                             std::span(to.values).first(known::capture_count)) +
                 to.query;
    return std::move(to.out);
  }
};

}  // namespace wend::detail
