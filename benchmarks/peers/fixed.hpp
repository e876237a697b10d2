// What the peers share: the port of the command line, the texts of the answers, and for the limits
// the answer to everything.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace peers {

inline std::uint16_t port(int argc, char** argv) {
  return argc > 1 ? static_cast<std::uint16_t>(std::atoi(argv[1])) : std::uint16_t{8080};
}

inline constexpr std::string_view hello = "Hello, world!";

/// Made anew for every request, as a service would.
inline std::string json() {
  return nlohmann::json{{"message", hello}}.dump();
}

/// The least that is an answer; a power of two of them, for requests that come together.
inline std::string_view fixed_answers(std::size_t count) {
  static constexpr std::string_view one =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, world!";
  static std::string const all = [] {
    std::string text;
    for (int i = 0; i < 64; ++i)
      text += one;
    return text;
  }();
  return std::string_view(all).substr(0, count * one.size());
}

/// Counts the empty lines that end requests, over as many reads as they take. Nothing else of a
/// request is looked at.
class heads {
 public:
  std::size_t count(std::string_view bytes) {
    std::size_t n = 0;
    for (char const c : bytes) {
      matched_ = c == "\r\n\r\n"[matched_] ? matched_ + 1 : (c == '\r' ? 1 : 0);
      if (matched_ < 4) continue;
      matched_ = 0;
      ++n;
    }
    return n;
  }

 private:
  unsigned matched_ = 0;
};

}  // namespace peers
