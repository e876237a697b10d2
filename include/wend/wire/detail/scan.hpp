// Finding the ends of lines and the bytes that no line may hold (RFC 9112 2.2, RFC 9110 5.5).
//
// All text that frames messages (heads, chunk lines, trailers) goes through `find_line_end`, so
// the rule for line ends stands here and nowhere else.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace wend::detail {

/// A bit for each of `n` bytes, at most 16, that is a control byte: below 0x20, or 0x7F.
inline unsigned control_mask_bytewise(char const* at, std::size_t n) noexcept;

/// The same for 16 bytes at once.
inline unsigned control_mask(char const* at) noexcept;

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

inline unsigned control_mask_bytewise(char const* at, std::size_t n) noexcept {
  unsigned out = 0;
  for (std::size_t i = 0; i < n; ++i) {
    auto const byte = static_cast<unsigned char>(at[i]);
    out |= static_cast<unsigned>(byte < 0x20 || byte == 0x7f) << i;
  }
  return out;
}

inline unsigned control_mask(char const* at) noexcept {
#if defined(__SSE2__)
  auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
  auto const low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  auto const del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(low, del)));
#else
  if constexpr (std::endian::native != std::endian::little) return control_mask_bytewise(at, 16);
  // In each byte no sum leaves its eight bits: 0x7F + 0x60 is below 0x100.
  constexpr std::uint64_t ones = 0x0101010101010101, sevens = 0x7f * ones;
  unsigned out = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    std::uint64_t word;
    std::memcpy(&word, at + 8 * i, sizeof word);
    auto const not_low = (word & sevens) + 0x60 * ones;
    auto const not_del = ((word ^ sevens) & sevens) + sevens;
    auto const hits = (~(not_low | word) | ~(not_del | (word ^ sevens))) & ~sevens;
    // gathers the highest bit of each byte in the highest byte
    out |= static_cast<unsigned>((hits >> 7) * 0x0102040810204080 >> 56) << 8 * i;
  }
  return out;
#endif
}

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
