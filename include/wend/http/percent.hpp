// Percent-encoding (RFC 3986 2.1).
#pragma once

#include <wend/http/ascii.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace wend {

/// Replaces each "%XX" of `text` by its byte; nothing when an escape is malformed.
///
/// `plus_is_space` reads "+" as a space: queries and forms, never paths.
/// Allocates: the result.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// `text` with all but the unreserved characters and those in `keep` escaped (RFC 3986 2.3).
/// Allocates: the result.
constexpr std::string percent_encode(std::string_view text, std::string_view keep = {});

// ------------------------------------------------------------------------------------------------

inline std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      int const high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    out += c;
  }
  return out;
}

constexpr std::string percent_encode(std::string_view text, std::string_view keep) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    if (detail::unreserved(c) || keep.find(c) != keep.npos) {
      out += c;
    } else {
      auto const byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

}  // namespace wend
