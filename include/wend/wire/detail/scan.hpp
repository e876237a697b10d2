// Finding the end of a line and the bytes that no line may hold (RFC 9112 2.2, RFC 9110 5.5).
//
// All text that frames messages (heads, chunk lines, trailers) goes through `find_line_end`, so
// the rule for line ends stands here and nowhere else.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace wend::detail {

/// The first control byte (below 0x20, or 0x7F) in [first, last), or `last`.
inline char const* find_control_bytewise(char const* first, char const* last) noexcept;

/// The same, eight bytes at a time.
inline char const* find_control(char const* first, char const* last) noexcept;

/// Where a line ends, as far as can be known.
struct line_end {
  enum class is : std::uint8_t { missing, found, broken };
  is what;
  std::size_t at;  ///< the CR, the byte that broke the line, or where to go on with more bytes
};

/// Looks for the CRLF of a line in `text`, of which the first `from` bytes were looked at before.
///
/// A CR without LF, a LF without CR and every control byte but HTAB break a line.
/// Choice: RFC 9112 2.2 lets a server take a bare LF as a line end; two parties that differ in it
/// see different messages, so it is refused.
inline line_end find_line_end(std::string_view text, std::size_t from) noexcept;

// ------------------------------------------------------------------------------------------------

inline char const* find_control_bytewise(char const* first, char const* last) noexcept {
  for (; first != last; ++first) {
    auto const byte = static_cast<unsigned char>(*first);
    if (byte < 0x20 || byte == 0x7f) break;
  }
  return first;
}

inline char const* find_control(char const* first, char const* last) noexcept {
  // A byte b is below n if b - n borrows and b is below 0x80. Borrows spill only to bytes above
  // a hit, so the lowest hit is always a true one.
  constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  if constexpr (std::endian::native == std::endian::little) {
    for (; last - first >= 8; first += 8) {
      std::uint64_t word;
      std::memcpy(&word, first, sizeof word);
      auto const del = word ^ (ones * 0x7f);
      auto const hits = (((word - ones * 0x20) & ~word) | ((del - ones) & ~del)) & highs;
      if (hits != 0) return first + std::countr_zero(hits) / 8;
    }
  }
  return find_control_bytewise(first, last);
}

inline line_end find_line_end(std::string_view text, std::size_t from) noexcept {
  char const* const last = text.data() + text.size();
  char const* p = text.data() + from;
  while (true) {
    p = find_control(p, last);
    auto const at = static_cast<std::size_t>(p - text.data());
    if (p == last) return {line_end::is::missing, at};
    if (*p == '\t') {
      ++p;
      continue;
    }
    if (*p != '\r') return {line_end::is::broken, at};
    if (p + 1 == last) return {line_end::is::missing, at};
    return {p[1] == '\n' ? line_end::is::found : line_end::is::broken, at};
  }
}

}  // namespace wend::detail
