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

/// These texts, one behind the other.
template <fixed_string... Parts>
consteval auto concatenated() {
  char text[(Parts.view().size() + ... + 1)]{};
  char* to = text;
  ((to = std::copy(Parts.view().begin(), Parts.view().end(), to)), ...);
  return fixed_string(text);
}

/// Some bytes of a text.
template <fixed_string Text, std::size_t At, std::size_t Size>
consteval auto part_of_text() {
  char text[Size + 1]{};
  std::copy_n(Text.text + At, Size, text);
  return fixed_string(text);
}

}  // namespace detail

}  // namespace wend
