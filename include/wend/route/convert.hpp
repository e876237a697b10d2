// Between text and values: what captures, queries, header fields, cookies and forms hold is text.
#pragma once

#include <wend/route/pattern.hpp>

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace wend {

/// How a `T` is read from text and written as text. Specialise it for a type of your own:
///
///     template <> struct wend::converter<color> {
///       static std::optional<color> from_text(std::string_view);   // nothing: does not fit
///       static std::string to_text(color);
///       static std::string expected();                             // "a color such as #ff8800"
///     };
///
/// A `static std::string why(std::string_view)` as well says more of a text that does not fit.
///
/// Known here: bool, integers, floating point and strings.
/// Lifetime: a `std::string_view` views into the text that it was read from.
template <class T>
struct converter;

/// True for a type that has a `converter`.
template <class T>
concept convertible_text = requires(std::string_view text, T const& value) {
  { converter<T>::from_text(text) } -> std::convertible_to<std::optional<T>>;
  { converter<T>::to_text(value) } -> std::convertible_to<std::string>;
  { converter<T>::expected() } -> std::convertible_to<std::string>;
};

// ------------------------------------------------------------------------------------------------

namespace detail {

template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// `T`, or what an optional `T` holds.
template <class T>
struct unwrap_optional {
  using type = T;
};
template <class T>
struct unwrap_optional<std::optional<T>> {
  using type = T;
};

/// std::from_chars knows no plus sign.
constexpr std::string_view without_plus(std::string_view number) {
  if (number.size() > 1 && number[0] == '+' && number[1] != '-') number.remove_prefix(1);
  return number;
}

template <integer T>
std::optional<T> integer_from(std::string_view text, int base = 10) {
  text = without_plus(text);
  T value{};
  auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class T>
inline constexpr bool text_type = std::same_as<T, std::string_view> || std::same_as<T, std::string>;

/// What an {x:int} may be taken as.
template <class T>
inline constexpr bool integral_value = integer<T>;

/// "expected an integer, got "x"", for the problem that tells a client.
inline std::string expected_but_got(std::string_view expected, std::string_view text) {
  constexpr std::size_t shown = 40;
  std::string out = "expected ";
  out.append(expected).append(", got \"").append(text.substr(0, shown));
  return out += text.size() > shown ? "...\"" : "\"";
}

/// What the converter of `T` holds against a text that it did not take.
template <class T>
std::string why_not(std::string_view text) {
  if constexpr (requires { converter<T>::why(text); })
    return converter<T>::why(text);
  else
    return expected_but_got(converter<T>::expected(), text);
}

/// How a parameter and a capture go together.
enum class capture_fit : std::uint8_t { yes, no_converter, wrong_type };

/// Whether a capture of this type may be taken as a `T`.
template <class T>
constexpr capture_fit fit_of(capture_type type) {
  auto const when = [](bool fits) { return fits ? capture_fit::yes : capture_fit::wrong_type; };
  switch (type) {
    case capture_type::int_:
    case capture_type::uint: return when(integral_value<T>);
    case capture_type::number: return when(std::floating_point<T>);
    case capture_type::digits:
    case capture_type::hex: return when(text_type<T> || integral_value<T>);
    case capture_type::any:
    case capture_type::rest: return when(text_type<T>);
    case capture_type::uuid:
      return when(text_type<T> ||
                  (convertible_text<T> && !integral_value<T> && !std::floating_point<T>));
    default: return convertible_text<T> ? capture_fit::yes : capture_fit::no_converter;
  }
}

/// The value of a capture. Nothing when it does not fit: an integer out of range, an unknown name.
template <class T>
std::optional<T> from_capture(capture_type type, std::string_view text) {
  if constexpr (integer<T>) {
    if (type == capture_type::hex) return integer_from<T>(text, 16);
  }
  return converter<T>::from_text(text);
}

}  // namespace detail

template <detail::integer T>
struct converter<T> {
  static std::optional<T> from_text(std::string_view text) { return detail::integer_from<T>(text); }
  static std::string to_text(T value) { return std::to_string(value); }
  static std::string expected() {
    return "an integer from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
           std::to_string(std::numeric_limits<T>::max());
  }
};

template <std::floating_point T>
struct converter<T> {
  static std::optional<T> from_text(std::string_view text) {
    T value{};
    text = detail::without_plus(text);
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
      return std::nullopt;
    return value;
  }
  static std::string to_text(T value) {
    char buffer[1200];  // the smallest double has 1074 places
    return {buffer,
            std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr};
  }
  static std::string expected() { return "a number"; }
};

template <>
struct converter<bool> {
  static std::optional<bool> from_text(std::string_view text) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
  }
  static std::string to_text(bool value) { return value ? "true" : "false"; }
  static std::string expected() { return "true or false"; }
};

template <>
struct converter<std::string> {
  static std::optional<std::string> from_text(std::string_view text) { return std::string(text); }
  static std::string to_text(std::string const& value) { return value; }
  static std::string expected() { return "text"; }
};

template <>
struct converter<std::string_view> {
  static std::optional<std::string_view> from_text(std::string_view text) { return text; }
  static std::string to_text(std::string_view value) { return std::string(value); }
  static std::string expected() { return "text"; }
};

}  // namespace wend
