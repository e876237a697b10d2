// Classes of bytes as the RFCs define them, and comparison without regard to ASCII case.
//
// Never the locale's idea of a letter: `std::isalpha` and friends are not used in wend.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace wend {

namespace detail {

/// A set of bytes, as a table that one load answers.
class byte_set {
 public:
  consteval byte_set() = default;
  consteval explicit byte_set(std::string_view members) {
    for (char c : members)
      add(c, c);
  }
  consteval byte_set with(char first, char last) const {
    byte_set out = *this;
    out.add(first, last);
    return out;
  }
  consteval byte_set without(std::string_view members) const {
    byte_set out = *this;
    for (char c : members)
      out.has_[static_cast<unsigned char>(c)] = false;
    return out;
  }
  constexpr bool operator()(char c) const noexcept { return has_[static_cast<unsigned char>(c)]; }
  constexpr bool all(std::string_view text) const noexcept {
    for (char c : text)
      if (!(*this)(c)) return false;
    return true;
  }

 private:
  consteval void add(char first, char last) {
    for (int c = static_cast<unsigned char>(first); c <= static_cast<unsigned char>(last); ++c)
      has_[static_cast<std::size_t>(c)] = true;
  }
  std::array<bool, 256> has_{};
};

inline constexpr byte_set digit = byte_set{}.with('0', '9');
inline constexpr byte_set hex_digit = digit.with('a', 'f').with('A', 'F');
inline constexpr byte_set alphanumeric = digit.with('a', 'z').with('A', 'Z');
inline constexpr byte_set token_byte =  // tchar, RFC 9110 5.6.2
    byte_set{"!#$%&'*+-.^_`|~"}.with('0', '9').with('a', 'z').with('A', 'Z');
inline constexpr byte_set field_byte =  // what a field value may hold, RFC 9110 5.5
    byte_set{"\t"}.with(' ', '~').with('\x80', '\xff');
inline constexpr byte_set unreserved =  // RFC 3986 2.3
    byte_set{"-._~"}.with('0', '9').with('a', 'z').with('A', 'Z');

}  // namespace detail

/// The byte in lower case if it is an ASCII letter, else itself.
constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

namespace detail {

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    c = to_lower(c);
  return out;
}

}  // namespace detail

/// Equal but for the case of ASCII letters: how field names and most tokens compare.
constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

/// The tchar that `text` begins with (RFC 9110 5.6.2); perhaps none.
constexpr std::string_view token_prefix(std::string_view text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && detail::token_byte(text[n]))
    ++n;
  return text.substr(0, n);
}

/// One or more tchar (RFC 9110 5.6.2).
constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() && detail::token_byte.all(text);
}

/// `text` without the spaces and tabs at both ends (OWS, RFC 9110 5.6.3).
constexpr std::string_view trim(std::string_view text) noexcept {
  auto const blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && blank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  c = to_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace wend
