// Which JSON a C++ type stands for: decided here once for the writer, the reader and the docs.
#pragma once

#include <wend/handler/constrained.hpp>
#include <wend/handler/reflect.hpp>
#include <wend/http/timestamp.hpp>
#include <wend/http/uuid.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace wend::detail {

/// What a type is in JSON.
enum class json_kind {
  none,     // nothing that wend knows
  any,      // nlohmann's own value
  null,     // monostate, nullptr
  boolean,  // bool
  integer,
  number,       // floating point
  enumeration,  // a string out of a list
  uuid,         // a string
  text,         // text<Min, Max>
  range,        // range<T, Min, Max>
  string,
  nullable,  // optional, unique_ptr, shared_ptr
  time,      // a string: date-time, or a date for sys_days and year_month_day
  duration,  // a number of its unit
  variant,
  tuple,  // an array of fixed length: pair, tuple
  map,    // an object with any names
  array,
  object,  // a reflected aggregate
};

/// The kind of `T`, which has no const and no reference.
template <class T>
consteval json_kind kind_of();

/// Whether a member that holds `value` may be left out of a text that is read: see json.hpp.
template <class T>
bool has_value(T const& value);

/// The first type within `T`, itself included, for which `Look<...>::unfit`, as `unfit<that>`;
/// `unfit<void>` when there is none. Below a type for which `Look<...>::closed` is not looked.
template <template <class> class Look, class T, class... Outer>
consteval auto find_unfit();

/// The type of JSON that `T` is read from, in the words of JSON Schema.
template <class T>
constexpr std::string_view json_type();

// ------------------------------------------------------------------------------------------------

template <class T>
inline constexpr bool is_nullable = false;
template <class T>
inline constexpr bool is_nullable<std::optional<T>> = true;
template <class T, class D>
inline constexpr bool is_nullable<std::unique_ptr<T, D>> = !std::is_array_v<T>;
template <class T>
inline constexpr bool is_nullable<std::shared_ptr<T>> = !std::is_array_v<T>;

template <class T>
inline constexpr bool is_time = std::is_same_v<T, std::chrono::year_month_day>;
template <class D>
inline constexpr bool is_time<std::chrono::sys_time<D>> = whole_ticks<D>;

template <class T>
inline constexpr bool is_duration = false;
template <class R, class P>
inline constexpr bool is_duration<std::chrono::duration<R, P>> = true;

template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

template <class T>
inline constexpr bool is_tuple = false;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;

template <class T, class... Others>
inline constexpr bool is_any_of = (std::is_same_v<T, Others> || ...);

// A char is no number and no text: nobody can say which its author means.
template <class T>
inline constexpr bool is_char = is_any_of<T, char, wchar_t, char8_t, char16_t, char32_t>;

/// What an iteration over `T` gives.
template <class T>
using element_of = std::remove_cvref_t<decltype(*std::begin(std::declval<T const&>()))>;

// A path is a range of paths, without end.
template <class T>
concept iterable = requires(T const& value) {
  std::begin(value);
  std::end(value);
  requires !std::same_as<element_of<T>, T>;
};

// A multimap has no at(): it is an array of pairs.
template <class T>
concept map_like = iterable<T> && requires(T const& value, typename T::key_type const& key) {
  { value.at(key) } -> std::same_as<typename T::mapped_type const&>;
};

/// A value of nlohmann's: told by what it can do, since its header is not included here.
template <class T>
concept nlohmann_value = requires(T const& value) {
  typename T::json_pointer;
  value.dump(-1, ' ', false, T::error_handler_t::replace);
};

template <class T>
consteval json_kind kind_of_class() {
  if constexpr (nlohmann_value<T>)
    return json_kind::any;
  else if constexpr (std::is_same_v<T, std::monostate>)
    return json_kind::null;
  else if constexpr (std::is_same_v<T, wend::uuid>)
    return json_kind::uuid;
  else if constexpr (is_text<T>)
    return json_kind::text;
  else if constexpr (is_range<T>)
    return json_kind::range;
  else if constexpr (std::is_convertible_v<T const&, std::string_view>)
    return json_kind::string;
  else if constexpr (is_nullable<T>)
    return json_kind::nullable;
  else if constexpr (is_time<T>)
    return json_kind::time;
  else if constexpr (is_duration<T>)
    return json_kind::duration;
  else if constexpr (is_variant<T>)
    return json_kind::variant;
  else if constexpr (is_tuple<T>)
    return json_kind::tuple;
  else if constexpr (map_like<T>)
    return json_kind::map;
  else if constexpr (iterable<T>)
    return json_kind::array;
  else if constexpr (reflectable<T>)
    return json_kind::object;
  else
    return json_kind::none;
}

template <class T>
consteval json_kind kind_of() {
  if constexpr (std::is_class_v<T>)
    return kind_of_class<T>();
  else if constexpr (std::is_same_v<T, bool>)
    return json_kind::boolean;
  else if constexpr (std::is_integral_v<T>)
    return is_char<T> ? json_kind::none : json_kind::integer;
  else if constexpr (std::is_floating_point_v<T>)
    return json_kind::number;
  else if constexpr (std::is_enum_v<T>)
    return json_kind::enumeration;
  else if constexpr (std::is_null_pointer_v<T>)
    return json_kind::null;
  else if constexpr (is_any_of<std::decay_t<T>, char const*, char*>)
    return json_kind::string;
  else if constexpr (std::is_array_v<T>)
    return json_kind::array;
  else
    return json_kind::none;
}

/// What may be the key of a map: it is a string in JSON, or becomes one.
template <class T>
consteval bool is_json_key() {
  constexpr json_kind kind = kind_of<T>();
  return kind == json_kind::string || kind == json_kind::integer || kind == json_kind::text ||
         kind == json_kind::enumeration || kind == json_kind::uuid;
}

template <class Tuple>
struct tuple_parts;
template <template <class...> class Tuple, class... T>
struct tuple_parts<Tuple<T...>> {
  using type = part_list<T...>;
};

/// The types that a `T` holds.
template <class T>
consteval auto parts_of() {
  constexpr json_kind kind = kind_of<T>();
  if constexpr (kind == json_kind::nullable)
    return part_list<std::remove_cvref_t<decltype(*std::declval<T const&>())>>{};
  else if constexpr (kind == json_kind::array)
    return part_list<element_of<T>>{};
  else if constexpr (kind == json_kind::map)
    return part_list<typename T::key_type, typename T::mapped_type>{};
  else if constexpr (kind == json_kind::tuple || kind == json_kind::variant)
    return typename tuple_parts<T>::type{};
  else if constexpr (kind == json_kind::object)
    return parts_of_aggregate<T>();
  else
    return part_list<>{};
}

template <template <class> class Look, class... Outer, class... P>
consteval auto find_unfit_part(part_list<P...>) {
  return (unfit<void>{} | ... | find_unfit<Look, P, Outer...>());
}

template <template <class> class Look, class T, class... Outer>
consteval auto find_unfit() {
  if constexpr (is_any_of<T, Outer...>)
    return unfit<void>{};  // a type within itself: it is being looked at
  else if constexpr (Look<T>::unfit)
    return unfit<T>{};
  else if constexpr (Look<T>::closed)
    return unfit<void>{};
  else
    return find_unfit_part<Look, T, Outer...>(parts_of<T>());
}

template <class T>
bool has_value(T const& value) {
  constexpr json_kind kind = kind_of<T>();
  if constexpr (kind == json_kind::text || kind == json_kind::range)
    return value.valid();
  else if constexpr (kind == json_kind::string)
    return !std::string_view(value).empty();
  else if constexpr (kind == json_kind::uuid)
    return !value.is_nil();
  else if constexpr (kind == json_kind::enumeration)
    return enum_names<T>.empty() || !wend::enum_name(value).empty();
  else if constexpr (std::is_same_v<T, std::chrono::year_month_day>)
    return value.ok();
  else if constexpr (kind == json_kind::time)
    return value != T{};
  else if constexpr (kind == json_kind::variant)
    return std::visit([](auto const& held) { return detail::has_value(held); }, value);
  else if constexpr (kind == json_kind::tuple)
    return std::apply([](auto const&... v) { return (detail::has_value(v) && ...); }, value);
  else if constexpr (kind == json_kind::array)
    return std::all_of(std::begin(value), std::end(value), [](element_of<T> const& v) {
      return detail::has_value(v);
    });
  else if constexpr (kind == json_kind::object)
    return detail::apply_members<member_count<T>>(
        value, [](auto const&... m) { return (detail::has_value(m) && ...); });
  else
    return kind != json_kind::none;
}

template <class T>
constexpr std::string_view json_type() {
  switch (kind_of<T>()) {
    case json_kind::null: return "null";
    case json_kind::boolean: return "boolean";
    case json_kind::integer: return "integer";
    case json_kind::number:
    case json_kind::duration: return "number";
    case json_kind::enumeration:
    case json_kind::uuid:
    case json_kind::text:
    case json_kind::string:
    case json_kind::time: return "string";
    case json_kind::tuple:
    case json_kind::array: return "array";
    case json_kind::map:
    case json_kind::object: return "object";
    case json_kind::range:
      if constexpr (is_range<T>) return json_type<typename T::value_type>();
      break;
    case json_kind::nullable:
      if constexpr (is_nullable<T>)
        return json_type<std::remove_cvref_t<decltype(*std::declval<T&>())>>();
      break;
    default: break;
  }
  return "value";
}

// ---- nlohmann's to_json, found without its header ----

template <class T>
consteval bool is_nlohmann() {
  return std::string_view(__PRETTY_FUNCTION__).find("nlohmann::") != std::string_view::npos;
}

/// Stands in for nlohmann::json in a call that is only looked at.
struct json_probe {
  template <class J>
    requires(is_nlohmann<J>())
  operator J&() const;
};

template <class T>
concept user_type = std::is_class_v<T> || std::is_enum_v<T> || std::is_union_v<T>;

template <class T>
concept takes_probe = requires(json_probe& j, T const& value) { to_json(j, value); };

/// Hands a value to nlohmann's library. json.hpp defines it: a type with a to_json needs that one.
template <class T>
struct nlohmann_bridge;

// By argument-dependent lookup with the probe, so that the answer depends on the type and not on
// what else the translation unit includes. A to_json that is a template for nlohmann's types alone
// (its macros, from 3.11.4 on) refuses the probe: that one is found once json.hpp is included.
template <class T>
concept has_to_json =
    user_type<T> && (takes_probe<T> || requires { requires nlohmann_bridge<T>::takes; });

}  // namespace wend::detail
