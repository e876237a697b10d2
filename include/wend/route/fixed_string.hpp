// A string that can be a template argument.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace wend {

/// A string literal as a value of class type, so that a template can take it: `get<"/notes">`.
///
/// `Size` counts the terminating NUL. Two equal texts are the same template argument.
template <std::size_t Size>
struct fixed_string {
  char text[Size]{};

  consteval fixed_string(char const (&literal)[Size]) { std::copy_n(literal, Size, text); }

  constexpr std::string_view view() const noexcept { return {text, Size - 1}; }
  constexpr bool empty() const noexcept { return Size == 1; }
};

namespace detail {

template <fixed_string A, fixed_string B>
consteval auto concatenated() {
  char text[A.view().size() + B.view().size() + 1]{};
  std::copy(B.view().begin(), B.view().end(), std::copy(A.view().begin(), A.view().end(), text));
  return fixed_string(text);
}

}  // namespace detail

}  // namespace wend
