// What a plain C++ type knows of itself: the members of an aggregate and the names of an enum.
//
// No macro and no registration. Members are counted by how many values the braces of `T{...}` take,
// reached by structured binding, and named by what the compiler calls a pointer to each.
// Works with GCC and Clang. Not covered: base classes, reference members, bit-fields, unions, and
// C arrays whose elements have no default.
#pragma once

#include <wend/handler/detail/apply_members.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend {

namespace detail {

template <class T>
consteval bool is_reflectable();

}  // namespace detail

/// An aggregate whose members wend can name: a struct with public members only, no base class, and
/// at most 32 members. An array is none.
template <class T>
concept reflectable = detail::is_reflectable<std::remove_cv_t<T>>();

namespace detail {

/// Calls `visit(name, member)` for each member in the order of declaration.
template <class T, class Visitor>
constexpr void for_each_member(T& value, Visitor&& visit);

}  // namespace detail

/// The largest value that is looked up by name for `E`; specialise it for an enum with larger ones:
///
///     template <> inline constexpr int wend::enum_max<opcode> = 255;
///
/// Values start at 0: a negative one has no name.
template <class E>
inline constexpr int enum_max = 63;

/// The declared name of `value`, or nothing when it has none. The first of several wins.
template <class E>
  requires std::is_enum_v<E>
constexpr std::string_view enum_name(E value) noexcept;

/// The value that was declared as `name`, compared with regard to case.
template <class E>
  requires std::is_enum_v<E>
constexpr std::optional<E> enum_from_name(std::string_view name) noexcept;

// And, defined below: `enum_names<E>`, and in detail `member_count<T>` and `member_names<T>`.

// ------------------------------------------------------------------------------------------------

namespace detail {

/// Becomes any value, in unevaluated code only. (Clang 14 wants a body for types without linkage.)
struct any_value {
  template <class U>
  operator U() const noexcept {
    __builtin_unreachable();
  }
};

template <class Base, class T>
concept proper_base_of = std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>;

/// Becomes any base of `T`.
template <class T>
struct any_base {
  template <proper_base_of<T> U>
  operator U() const noexcept;
};

template <std::size_t>
using any_at = any_value;

template <class T, class Values>
inline constexpr bool takes = false;
template <class T, std::size_t... I>
inline constexpr bool takes<T, std::index_sequence<I...>> = requires { T{any_at<I>{}...}; };

// `{}` in the midst of the values stands for one whole member, an array too.
template <class T, class Before, class After>
inline constexpr bool takes_braces = false;
template <class T, std::size_t... B, std::size_t... A>
inline constexpr bool takes_braces<T, std::index_sequence<B...>, std::index_sequence<A...>> =
    requires { T{any_at<B>{}..., {}, any_at<A>{}...}; };

template <class T>
inline constexpr bool has_base = requires { T{any_base<T>{}}; };

inline constexpr std::size_t uncountable = static_cast<std::size_t>(-1);

/// The most values that the braces of `T` take. Fewer fit too, down to the last member without a
/// default, so the search starts at none and ends behind the first run that fits.
template <class T, std::size_t N = 0, bool Found = false>
consteval std::size_t value_count() {
  constexpr bool fits = takes<T, std::make_index_sequence<N>>;
  if constexpr (Found && !fits)
    return N - 1;
  else if constexpr (N > 2 * max_members)
    return uncountable;
  else
    return value_count<T, N + 1, fits>();
}

/// How many of the `Total` values belong to the member that starts with value `At`: more than one
/// for a C array, whose braces may be left out.
template <class T, std::size_t Total, std::size_t At, std::size_t Width = 1>
consteval std::size_t member_width() {
  if constexpr (At + Width > Total)
    return 1;  // a member that `{}` cannot make
  else if constexpr (takes_braces<T,
                                  std::make_index_sequence<At>,
                                  std::make_index_sequence<Total - At - Width>>)
    return Width;
  else
    return member_width<T, Total, At, Width + 1>();
}

template <class T, std::size_t Total, std::size_t At = 0, std::size_t Count = 0>
consteval std::size_t count_members() {
  if constexpr (Total == uncountable || At >= Total)
    return Total == uncountable ? uncountable : Count;
  else
    return count_members<T, Total, At + member_width<T, Total, At>(), Count + 1>();
}

/// How many members the aggregate `T` has.
template <class T>
inline constexpr std::size_t member_count = count_members<T, value_count<T>()>();

template <class T>
consteval bool is_reflectable() {
  if constexpr (!std::is_class_v<T> || !std::is_aggregate_v<T>)
    return false;
  else if constexpr (requires { std::tuple_size<T>::value; } || has_base<T>)
    return false;  // std::array is an aggregate too
  else
    return member_count<T> <= max_members;
}

template <class T>
struct holder {
  T value;
};

// Never defined and never read: only the addresses of its members are looked at.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class T>
extern const holder<T> nowhere;

/// Pointers to the members of an object that does not exist.
template <class T>
consteval auto member_pointers() {
  return apply_members<member_count<T>>(
      nowhere<T>.value, [](auto const&... members) { return std::tuple(&members...); });
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

// Clang 14 takes a pointer into an object as template argument inside a struct only.
template <class M>
struct member_pointer {
  M const* to;
};
template <class M>
member_pointer(M const*) -> member_pointer<M>;

template <member_pointer Pointer>
consteval char const* spell_member() {
  return __PRETTY_FUNCTION__;
}

template <class E, E... Values>
consteval char const* spell_values() {
  return __PRETTY_FUNCTION__;
}

constexpr bool is_identifier_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// The identifier at the end of `text`, whatever punctuation follows it.
constexpr std::string_view last_identifier(std::string_view text) noexcept {
  while (!text.empty() && !is_identifier_char(text.back()))
    text.remove_suffix(1);
  std::size_t first = text.size();
  while (first > 0 && is_identifier_char(text[first - 1]))
    --first;
  return text.substr(first);
}

template <class T, std::size_t... I>
consteval std::array<std::string_view, sizeof...(I)> spell_members(std::index_sequence<I...>) {
  // "...{&nowhere.value.title}]" or "...{(& nowhere<note>.holder<note>::value.note::title)}]"
  return {last_identifier(spell_member<member_pointer{std::get<I>(member_pointers<T>())}>())...};
}

/// The names of the members of `T` as they are declared.
template <reflectable T>
inline constexpr std::array<std::string_view, member_count<T>> member_names =
    spell_members<T>(std::make_index_sequence<member_count<T>>{});

template <class T, class Visitor>
constexpr void for_each_member(T& value, Visitor&& visit) {
  using plain = std::remove_cv_t<T>;
  detail::apply_members<member_count<plain>>(value, [&](auto&... members) {
    [[maybe_unused]] std::size_t i = 0;
    (visit(member_names<plain>[i++], members), ...);
  });
}

template <class... T>
struct part_list {};

struct list_members {
  template <class... M>
  constexpr part_list<M...> operator()(M const&...) const noexcept {
    return {};
  }
};

/// The types of the members of `T`.
template <class T>
consteval auto parts_of_aggregate() {
  return decltype(apply_members<member_count<T>>(std::declval<T const&>(), list_members{})){};
}

/// A type that something cannot be done with; of void there is none.
template <class T>
struct unfit {
  using type = T;
};
/// The first of two that is one.
template <class A, class B>
consteval auto operator|(unfit<A> a, unfit<B> b) {
  if constexpr (std::is_void_v<A>)
    return b;
  else
    return a;
}

/// The enumerator that `item` ends with, "mood::glad"; nothing for a mere value, "(mood)3".
constexpr std::string_view enumerator(std::string_view item) noexcept {
  auto const name = last_identifier(item);
  item.remove_suffix(name.size());
  return item.empty() || item.back() == ':' || item.back() == ' ' ? name : std::string_view{};
}

/// Splits "... Values = <mood::sad, (mood)1>]" or "... Values = {mood::sad, (mood)1}]".
template <std::size_t N>
constexpr std::array<std::string_view, N> split_values(std::string_view text) noexcept {
  constexpr std::string_view label = "Values = ";
  text.remove_prefix(text.find(label) + label.size() + 1);
  std::array<std::string_view, N> out;
  std::size_t item = 0;
  std::size_t start = 0;
  int depth = 0;  // the scope of a name may have brackets and commas of its own
  for (std::size_t i = 0; i < text.size() && depth >= 0; ++i) {
    char const c = text[i];
    if (c == '(' || c == '<' || c == '{' || c == '[') ++depth;
    if (c == ')' || c == '>' || c == '}' || c == ']') --depth;
    if (depth < 0 || (depth == 0 && c == ',')) {
      if (item < N) out[item++] = enumerator(text.substr(start, i - start));
      start = i + 1;
    }
  }
  return out;
}

// An enum without a fixed type has no more bits than its values need. Beyond them a cast is no
// constant; Clang 16 to 19 say so as a warning, so that it is no reason to choose another overload.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
#endif
template <class E, int Value>
inline constexpr E enum_constant = std::bit_cast<E>(static_cast<std::underlying_type_t<E>>(Value));

template <class E, int Value>
concept has_constant = requires { typename std::integral_constant<E, enum_constant<E, Value>>; };

template <class E>
consteval int first_limit() {
  constexpr auto most = std::numeric_limits<std::underlying_type_t<E>>::max();
  return std::cmp_less(+most, enum_max<E>) ? static_cast<int>(most) : enum_max<E>;
}

/// The largest value to look at.
template <class E, int Limit = first_limit<E>()>
consteval int last_value() {
  if constexpr (Limit <= 0 || has_constant<E, Limit>)
    return Limit;
  else
    return last_value<E, static_cast<int>(std::bit_floor(static_cast<unsigned>(Limit))) - 1>();
}

// One instantiation spells all the values: one for each would be most of the cost of an enum.
template <class E, int... I>
consteval auto spell_enum(std::integer_sequence<int, I...>) {
  return split_values<sizeof...(I)>(spell_values<E, enum_constant<E, I>...>());
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// The name of each value from 0 on, empty where there is none.
template <class E>
inline constexpr auto enum_table =
    spell_enum<E>(std::make_integer_sequence<int, last_value<E>() + 1>{});

template <class E>
consteval auto collect_enum_names() {
  constexpr auto named = [] {
    std::size_t n = 0;
    for (auto name : enum_table<E>)
      n += !name.empty();
    return n;
  }();
  std::array<std::string_view, named> out;
  std::size_t n = 0;
  for (auto name : enum_table<E>)
    if (!name.empty()) out[n++] = name;
  return out;
}

}  // namespace detail

/// The declared names of `E` in the order of their values: `std::array<std::string_view, N>`.
template <class E>
  requires std::is_enum_v<E>
inline constexpr auto enum_names = detail::collect_enum_names<E>();

template <class E>
  requires std::is_enum_v<E>
constexpr std::string_view enum_name(E value) noexcept {
  auto const& table = detail::enum_table<E>;
  auto const number = static_cast<std::underlying_type_t<E>>(value);
  if (std::cmp_less(+number, 0) || std::cmp_greater_equal(+number, table.size())) return {};
  return table[static_cast<std::size_t>(number)];
}

template <class E>
  requires std::is_enum_v<E>
constexpr std::optional<E> enum_from_name(std::string_view name) noexcept {
  auto const& table = detail::enum_table<E>;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (!name.empty() && table[i] == name) return static_cast<E>(i);
  return std::nullopt;
}

}  // namespace wend
