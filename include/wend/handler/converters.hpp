// Text converters for the value types of wend: enums by name, uuid, text and range.
#pragma once

#include <wend/handler/constrained.hpp>
#include <wend/handler/reflect.hpp>
#include <wend/http/uuid.hpp>
#include <wend/route/convert.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace wend {

/// An enum is its declared name, with regard to case.
template <class E>
  requires std::is_enum_v<E>
struct converter<E> {
  static std::optional<E> from_text(std::string_view name) { return enum_from_name<E>(name); }
  static std::string to_text(E value) { return std::string(enum_name(value)); }
  static std::string expected() {
    std::string out = "one of";
    for (auto name : enum_names<E>)
      out.append(out.size() > 6 ? ", " : " ").append(name);
    return out;
  }
};

/// The 36 characters of RFC 9562.
template <>
struct converter<uuid> {
  static std::optional<uuid> from_text(std::string_view text) { return uuid::parse(text); }
  static std::string to_text(uuid const& value) { return value.to_string(); }
  static std::string expected() { return "a UUID"; }
};

template <std::size_t Min, std::size_t Max>
struct converter<text<Min, Max>> {
  static std::optional<text<Min, Max>> from_text(std::string_view value) {
    if (text<Min, Max>::check(value)) return std::nullopt;
    return text<Min, Max>(value);
  }
  static std::string to_text(text<Min, Max> const& value) { return *value; }
  static std::string expected() { return "text"; }
  /// Says what `from_text` holds against a value.
  static std::string why(std::string_view value) { return text<Min, Max>::check(value).value(); }
};

template <class T, T Min, T Max>
struct converter<range<T, Min, Max>> {
  using value_type = range<T, Min, Max>;

  static std::optional<value_type> from_text(std::string_view text) {
    auto const number = converter<T>::from_text(text);
    if (!number || value_type::check(*number)) return std::nullopt;
    return value_type(*number);
  }
  static std::string to_text(value_type const& value) { return converter<T>::to_text(*value); }
  static std::string expected() { return converter<T>::expected(); }
  /// Says what `from_text` holds against a value.
  static std::string why(std::string_view text) {
    auto const number = converter<T>::from_text(text);
    return number ? value_type::check(*number).value() : detail::expected_but_got(expected(), text);
  }
};

namespace detail {

template <integer T, T Min, T Max>
inline constexpr bool integral_value<range<T, Min, Max>> = true;

}  // namespace detail

}  // namespace wend
