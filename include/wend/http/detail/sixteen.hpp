// Sixteen bytes looked at together, where the processor can do that: a bit for each of them.
//
// The one header with instructions of a processor. Each function has twins that do it in words and
// byte by byte: for other processors, for what is shorter, and under the same tests.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace wend::detail {

/// Which of `n` bytes, at most 16, are control bytes: below 0x20, or 0x7F.
inline unsigned control_mask_bytewise(char const* at, std::size_t n) noexcept {
  unsigned out = 0;
  for (std::size_t i = 0; i < n; ++i) {
    auto const byte = static_cast<unsigned char>(at[i]);
    out |= static_cast<unsigned>(byte < 0x20 || byte == 0x7f) << i;
  }
  return out;
}

/// Which of `n` bytes, at most 16, are this one.
inline unsigned equal_mask_bytewise(char const* at, std::size_t n, char c) noexcept {
  unsigned out = 0;
  for (std::size_t i = 0; i < n; ++i)
    out |= static_cast<unsigned>(at[i] == c) << i;
  return out;
}

/// Which of `n` bytes, at most 16, cannot stand in a JSON string as they are (RFC 8259 7), or may
/// be part of what is no UTF-8: control bytes, quotes, backslashes and all above 0x7E.
inline unsigned json_mask_bytewise(char const* at, std::size_t n) noexcept {
  unsigned out = 0;
  for (std::size_t i = 0; i < n; ++i) {
    auto const byte = static_cast<unsigned char>(at[i]);
    out |= static_cast<unsigned>(byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\') << i;
  }
  return out;
}

/// Calls `hits(word)`, which gives the highest bit of each byte that it wants, for two words, and
/// returns a bit for each byte.
template <class Hits>
unsigned gather(char const* at, Hits&& hits) noexcept {
  unsigned out = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    std::uint64_t word;
    std::memcpy(&word, at + 8 * i, sizeof word);
    // multiplied, those bits come together in the highest byte
    auto const bits = (hits(word) >> 7 & 0x0101010101010101) * 0x0102040810204080 >> 56;
    out |= static_cast<unsigned>(bits) << 8 * i;
  }
  return out;
}

inline constexpr std::uint64_t all_ones = 0x0101010101010101, all_sevens = 0x7f * all_ones;

/// The highest bit of each byte that is not zero. No sum leaves its eight bits.
constexpr std::uint64_t nonzero_bytes(std::uint64_t word) noexcept {
  return ((word & all_sevens) + all_sevens) | word;
}

/// Which of 16 bytes are control bytes, eight at a time; first byte lowest, so little-endian only.
inline unsigned control_mask_words(char const* at) noexcept {
  return gather(at, [](std::uint64_t word) {
    auto const not_low = ((word & all_sevens) + 0x60 * all_ones) | word;
    return ~(not_low & nonzero_bytes(word ^ all_sevens));
  });
}

/// Which of 16 bytes are this one, likewise.
inline unsigned equal_mask_words(char const* at, char c) noexcept {
  return gather(at, [c](std::uint64_t word) {
    return ~nonzero_bytes(word ^ (all_ones * static_cast<unsigned char>(c)));
  });
}

/// Which of 16 bytes cannot stand in a JSON string as they are, likewise.
inline unsigned json_mask_words(char const* at) noexcept {
  return gather(at, [](std::uint64_t word) {
    auto const not_low = (word & all_sevens) + 0x60 * all_ones;
    auto const plain = nonzero_bytes(word ^ all_sevens) & nonzero_bytes(word ^ (all_ones * '"')) &
                       nonzero_bytes(word ^ (all_ones * '\\'));
    return ~(not_low & plain) | word;
  });
}

/// Which of 16 bytes are control bytes.
inline unsigned control_mask(char const* at) noexcept {
#if defined(__SSE2__)
  auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
  auto const low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  auto const del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(low, del)));
#else
  constexpr bool words = std::endian::native == std::endian::little;
  return words ? control_mask_words(at) : control_mask_bytewise(at, 16);
#endif
}

/// Which of 16 bytes are this one.
inline unsigned equal_mask(char const* at, char c) noexcept {
#if defined(__SSE2__)
  auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))));
#else
  constexpr bool words = std::endian::native == std::endian::little;
  return words ? equal_mask_words(at, c) : equal_mask_bytewise(at, 16, c);
#endif
}

/// Which of 16 bytes cannot stand in a JSON string as they are.
inline unsigned json_mask(char const* at) noexcept {
#if defined(__SSE2__)
  auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
  auto const is = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
  auto const low_or_high = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));  // what is high is negative
  return static_cast<unsigned>(_mm_movemask_epi8(
      _mm_or_si128(_mm_or_si128(low_or_high, is(0x7f)), _mm_or_si128(is('"'), is('\\')))));
#else
  constexpr bool words = std::endian::native == std::endian::little;
  return words ? json_mask_words(at) : json_mask_bytewise(at, 16);
#endif
}

}  // namespace wend::detail
