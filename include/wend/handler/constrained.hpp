// Values that carry their bounds in their type: text of some length, numbers in some range.
//
// Checked where a request is read, told in its documentation, and plain values after that.
#pragma once

#include <wend/http/problem.hpp>

#include <charconv>
#include <compare>
#include <concepts>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend {

namespace detail {

/// What can be put into a number of type `T` without a change of kind: no bool, no 1.5 into an int.
template <class N, class T>
concept number_for = std::is_arithmetic_v<N> && !std::same_as<N, bool> &&
                     (std::is_floating_point_v<T> || std::is_integral_v<N>);

/// What a `Text` compares with as with a string.
template <class U, class Text>
concept other_string = !std::same_as<U, Text> && std::convertible_to<U const&, std::string_view>;

}  // namespace detail

/// For `text`: no upper bound.
inline constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

/// A string of `Min` to `Max` characters, that is code points of UTF-8, not bytes.
///
///     wend::text<1, 200> title = "Emma";   // "" would throw std::out_of_range
///
/// A default one is empty and not `valid()` unless `Min` is 0: it stands for a text not yet given.
template <std::size_t Min = 0, std::size_t Max = unlimited>
class text {
  static_assert(Min <= Max, "wend::text: the minimum exceeds the maximum");

 public:
  using value_type = std::string;
  static constexpr std::size_t min = Min;  ///< in characters
  static constexpr std::size_t max = Max;  ///< in characters, or `unlimited`

  text() = default;
  /// Throws std::out_of_range, with the sentence of `check`, when the value does not fit.
  text(std::string value) : value_(std::move(value)) {
    if (auto why = check(value_)) throw std::out_of_range(*why);
  }
  text(std::string_view value) : text(std::string(value)) {}
  text(char const* value) : text(std::string(value)) {}

  /// Why `value` does not fit: "expected 1 to 200 characters, got 0"; nothing when it does.
  static std::optional<std::string> check(std::string_view value);

  /// False only for a default one that its bounds do not allow.
  bool valid() const noexcept { return Min == 0 || !value_.empty(); }

  std::string const& operator*() const noexcept { return value_; }
  std::string const* operator->() const noexcept { return &value_; }
  operator std::string const&() const noexcept { return value_; }
  operator std::string_view() const noexcept { return value_; }

  friend bool operator==(text const&, text const&) = default;
  friend auto operator<=>(text const&, text const&) = default;
  template <detail::other_string<text> U>
  friend bool operator==(text const& a, U const& b) {
    return a.value_ == std::string_view(b);
  }

 private:
  std::string value_;
};

/// A number from `Min` to `Max`, both included.
///
///     wend::range<int, 1, 100> limit = 20;   // 0 would throw std::out_of_range
///
/// A default one is 0. Where the bounds exclude 0 it is not `valid()`, which stands for a number
/// not yet given, and reads as `Min`. Compares as the number that it converts to.
template <class T, T Min = std::numeric_limits<T>::lowest(), T Max = std::numeric_limits<T>::max()>
class range {
  static_assert(detail::number_for<T, T>, "wend::range: the type must be a number");
  static_assert(Min <= Max, "wend::range: the minimum exceeds the maximum");

 public:
  using value_type = T;
  static constexpr T min = Min;
  static constexpr T max = Max;

  constexpr range() noexcept = default;
  /// Throws std::out_of_range, with the sentence of `check`, when the value does not fit.
  template <detail::number_for<T> N>
  constexpr range(N value) : value_(static_cast<T>(value)) {
    if (!fits(value)) throw std::out_of_range(*check(value));
  }

  /// Why `value` does not fit: "expected 1 to 100, got 500"; nothing when it does.
  template <detail::number_for<T> N>
  static std::optional<std::string> check(N value);

  /// False only for a default one that its bounds do not allow.
  constexpr bool valid() const noexcept { return fits(value_); }

  constexpr T operator*() const noexcept { return valid() ? value_ : Min; }
  constexpr operator T() const noexcept { return **this; }

 private:
  template <class N>
  static constexpr bool fits(N value) noexcept;

  T value_{};
};

// ------------------------------------------------------------------------------------------------

namespace detail {

template <class T>
inline constexpr bool is_text = false;
template <std::size_t Min, std::size_t Max>
inline constexpr bool is_text<text<Min, Max>> = true;

template <class T>
inline constexpr bool is_range = false;
template <class T, T Min, T Max>
inline constexpr bool is_range<range<T, Min, Max>> = true;

/// Appends a number in its shortest form that reads back as the same value.
template <class N>
void append_number(std::string& out, N value) {
  char digits[64];
  auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

/// How many code points `text` has; nothing when it is not UTF-8.
constexpr std::optional<std::size_t> count_characters(std::string_view text) noexcept {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    std::size_t const length = utf8_length(text);
    if (length == 0) return std::nullopt;
    text.remove_prefix(length);
  }
  return count;
}

/// "expected 1 to 100", "expected at least 1", "expected at most 9", "expected 5".
template <class N>
std::string expected_between(N min, N max, bool has_min, bool has_max) {
  std::string out = "expected ";
  if (!has_max) out += "at least ";
  if (!has_min) out += "at most ";
  if (has_min) append_number(out, min);
  if (has_min && has_max && min != max) out += " to ";
  if (has_max && (!has_min || min != max)) append_number(out, max);
  return out;
}

}  // namespace detail

template <std::size_t Min, std::size_t Max>
std::optional<std::string> text<Min, Max>::check(std::string_view value) {
  auto const count = detail::count_characters(value);
  if (!count) return "expected UTF-8 text";
  if (*count >= Min && *count <= Max) return std::nullopt;
  std::string why = detail::expected_between(Min, Max, Min > 0, Max != unlimited);
  why += (Max == unlimited ? Min : Max) == 1 ? " character, got " : " characters, got ";
  detail::append_number(why, *count);
  return why;
}

template <class T, T Min, T Max>
template <class N>
constexpr bool range<T, Min, Max>::fits(N value) noexcept {
  if constexpr (std::is_floating_point_v<T>)
    return static_cast<T>(value) >= Min && static_cast<T>(value) <= Max;
  else
    return std::cmp_greater_equal(+value, +Min) && std::cmp_less_equal(+value, +Max);
}

template <class T, T Min, T Max>
template <detail::number_for<T> N>
std::optional<std::string> range<T, Min, Max>::check(N value) {
  if (fits(value)) return std::nullopt;
  using numbers = std::numeric_limits<T>;
  // A number that the type cannot hold at all is told both ends.
  bool const has_min = Min != numbers::lowest() || Max == numbers::max();
  bool const has_max = Max != numbers::max() || Min == numbers::lowest();
  std::string why = detail::expected_between(+Min, +Max, has_min, has_max);
  why += ", got ";
  detail::append_number(why, +value);
  return why;
}

}  // namespace wend
