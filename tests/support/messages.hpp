// Requests as the tests of sessions send them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace wend::test {

inline constexpr std::string_view plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

inline std::string post(std::string_view fields, std::string_view body = {}) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

inline std::string post_sized(std::string_view body) {
  return post("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

/// Bytes that tell when they are out of place.
inline std::string pattern(std::size_t size) {
  std::string out(size, ' ');
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return out;
}

inline std::string chunked(std::string_view body, std::size_t piece) {
  std::string out;
  while (!body.empty()) {
    auto const n = std::min(piece, body.size());
    char size[20];
    auto const end = std::to_chars(size, size + sizeof size, n, 16).ptr;
    out.append(size, end).append("\r\n").append(body.substr(0, n)).append("\r\n");
    body.remove_prefix(n);
  }
  return out + "0\r\n\r\n";
}

}  // namespace wend::test
