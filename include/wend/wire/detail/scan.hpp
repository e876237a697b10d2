// Finding the ends of lines and the bytes that no line may hold (RFC 9112 2.2, RFC 9110 5.5).
//
// All text that frames messages (heads, chunk lines, trailers) goes through `find_line_end`, so
// the rule for line ends stands here and nowhere else.
#pragma once

#include <wend/http/detail/sixteen.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wend::detail {

/// Where a line ends, as far as can be known.
struct line_end {
  enum class is : std::uint8_t { missing, found, broken };
  is what;
  std::size_t at;  ///< the CR, the byte that broke the line, or where to go on with more bytes
};

/// Looks for the CRLF of a line in `text`, of which the first `from` bytes were looked at before.
/// No byte outside of the text is read.
///
/// A CR without LF, a LF without CR and every control byte but HTAB break a line.
/// Choice: RFC 9112 2.2 lets a server take a bare LF as a line end; two parties that differ in it
/// see different messages, so it is refused.
inline line_end find_line_end(std::string_view text, std::size_t from) noexcept;

// ------------------------------------------------------------------------------------------------

inline line_end find_line_end(std::string_view text, std::size_t from) noexcept {
  char const* const first = text.data();
  auto const size = text.size();
  for (auto at = from; at < size;) {
    auto const left = size - at;
    unsigned hits;
    if (left >= 16)
      hits = control_mask(first + at);
    else if (size >= 16)  // the last 16 bytes, of which some were looked at before
      hits = control_mask(first + size - 16) >> (16 - left);
    else
      hits = control_mask_bytewise(first + at, left);
    if (hits == 0) {
      if (left <= 16) break;
      at += 16;
      continue;
    }
    at += static_cast<std::size_t>(std::countr_zero(hits));
    if (first[at] == '\r') {
      if (at + 1 == size) return {line_end::is::missing, at};
      return {first[at + 1] == '\n' ? line_end::is::found : line_end::is::broken, at};
    }
    if (first[at] != '\t') return {line_end::is::broken, at};
    ++at;
  }
  return {line_end::is::missing, size};
}

}  // namespace wend::detail
