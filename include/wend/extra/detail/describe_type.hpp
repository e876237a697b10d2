// Types as data: what documentation says of the types that handlers take and return. The compiler
// makes one constant for each type; what reads them is no template.
#pragma once

#include <wend/handler/json.hpp>
#include <wend/handler/reflect.hpp>
#include <wend/http/detail/routing_state.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace wend::detail {

/// The end of a range of numbers: none, or included.
using number_bound = std::variant<std::monostate, std::int64_t, std::uint64_t, double>;

/// A type as JSON has it. Lifetime: static.
struct type_description {
  json_kind kind = json_kind::none;
  type_id id{};                       ///< equal for equal types
  std::string_view spelled{};         ///< by the compiler
  std::string_view type{};            ///< in the words of JSON Schema; "value" for any
  std::string_view format{};          ///< as OpenAPI registers them; or empty
  number_bound minimum{}, maximum{};  ///< of a number
  std::size_t min_length = 0;         ///< of a text, in characters
  std::size_t max_length = unlimited;
  std::span<type_description const* const> parts{};  ///< what it holds; key and value of a map
  std::span<std::string_view const> names{};         ///< of the members, or the values of an enum
  /// Of each member what it is when it is left out, as JSON; nothing when it must not be.
  std::vector<std::optional<std::string>> (*defaults)() = nullptr;
};

template <class T>
constexpr type_description describe_type();

/// What there is to say of `T`.
template <class T>
inline constexpr type_description type_description_of = describe_type<T>();

// ------------------------------------------------------------------------------------------------

template <class T>
constexpr std::string_view spell_type() {
  std::string_view text = __PRETTY_FUNCTION__;
  constexpr std::string_view label = "T = ";
  text.remove_prefix(text.find(label) + label.size());
  auto const end = text.find("; std::string_view = ");  // g++ explains its aliases
  return text.substr(0, end != text.npos ? end : text.size() - 1);
}

/// A number of any type as one that JSON Schema can be given.
template <class N>
constexpr number_bound bound_of(N value) {
  if constexpr (std::is_floating_point_v<N>)
    return static_cast<double>(value);
  else if constexpr (std::is_unsigned_v<N>)
    return static_cast<std::uint64_t>(value);
  else
    return static_cast<std::int64_t>(value);
}

template <class N>
constexpr std::string_view number_format() {
  if constexpr (std::is_floating_point_v<N>) {
    return sizeof(N) == 4 ? "float" : "double";
  } else {
    constexpr std::string_view with_sign[] = {"int8", "int16", "int32", "int64"};
    constexpr std::string_view without[] = {"uint8", "uint16", "uint32", "uint64"};
    constexpr std::size_t size = sizeof(N) == 1 ? 0 : sizeof(N) == 2 ? 1 : sizeof(N) == 4 ? 2 : 3;
    return std::is_signed_v<N> ? with_sign[size] : without[size];
  }
}

/// The bounds of a number type: told where its format is not known to everybody.
template <class N>
constexpr void describe_number(type_description& out) {
  out.format = number_format<N>();
  if constexpr (std::is_integral_v<N>) {
    if (std::is_unsigned_v<N> || sizeof(N) < 4)
      out.minimum = bound_of(std::numeric_limits<N>::min());
    if (sizeof(N) < 4 || (std::is_unsigned_v<N> && sizeof(N) == 4))
      out.maximum = bound_of(std::numeric_limits<N>::max());
  }
}

template <class... P>
struct described_parts {
  static constexpr std::array<type_description const*, sizeof...(P)> list{
      &type_description_of<P>...};
};
template <class... P>
constexpr std::span<type_description const* const> describe_parts(part_list<P...>) {
  return described_parts<P...>::list;
}

template <class T>
std::vector<std::optional<std::string>> defaults_of_members() {
  std::vector<std::optional<std::string>> out;
  T const blank{};
  for_each_member(blank, [&]<class M>(std::string_view, M const& member) {
    auto& text = out.emplace_back();
    if (!detail::has_value(member)) return;
    text.emplace();
    if constexpr (json_writable<M>) write_json(*text, member);
  });
  return out;
}

template <class T>
constexpr type_description describe_type() {
  constexpr auto kind = kind_of<T>();
  type_description out;
  out.kind = kind;
  out.id = id_of<T>;
  out.spelled = spell_type<T>();
  out.type = json_type<T>();
  if constexpr (has_to_json<T>) {
    out.kind = json_kind::any;  // nobody but its to_json knows what it is
    out.type = "value";
    return out;
  } else {
    if constexpr (kind == json_kind::integer || kind == json_kind::number) {
      describe_number<T>(out);
    } else if constexpr (kind == json_kind::range) {
      describe_number<typename T::value_type>(out);
      using numbers = std::numeric_limits<typename T::value_type>;
      if (T::min != numbers::lowest()) out.minimum = bound_of(T::min);
      if (T::max != numbers::max()) out.maximum = bound_of(T::max);
    } else if constexpr (kind == json_kind::text) {
      out.min_length = T::min;
      out.max_length = T::max;
    } else if constexpr (kind == json_kind::uuid) {
      out.format = "uuid";
    } else if constexpr (kind == json_kind::time) {
      out.format =
          std::is_same_v<T, std::chrono::year_month_day> || std::is_same_v<T, std::chrono::sys_days>
              ? "date"
              : "date-time";
    } else if constexpr (kind == json_kind::enumeration) {
      out.names = enum_names<T>;
    } else if constexpr (kind == json_kind::object) {
      out.names = member_names<T>;
      if constexpr (std::is_default_constructible_v<T>) out.defaults = &defaults_of_members<T>;
    }
    out.parts = describe_parts(parts_of<T>());
    return out;
  }
}

}  // namespace wend::detail
