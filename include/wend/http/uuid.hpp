// Universally unique identifiers as values and as text (RFC 9562 4).
//
// Reads and writes them; making new ones is left to whoever owns the randomness.
#pragma once

#include <wend/http/ascii.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wend {

/// A UUID: 16 bytes, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6" as text. Any version, any variant.
///
///     if (auto id = wend::uuid::parse(text)) use(*id);
///
/// Ordered by its bytes, so that version 7 sorts by time. The default is the nil UUID.
class uuid {
 public:
  constexpr uuid() noexcept = default;
  constexpr explicit uuid(std::array<std::uint8_t, 16> const& bytes) noexcept : bytes_(bytes) {}

  /// The UUID that `text` spells in the 8-4-4-4-12 form, in either case; nothing else is taken.
  ///
  ///     UUID = 8HEXDIG "-" 4HEXDIG "-" 4HEXDIG "-" 4HEXDIG "-" 12HEXDIG
  static constexpr std::optional<uuid> parse(std::string_view text) noexcept;

  /// The text form, 36 characters in lower case. Allocates: the text.
  std::string to_string() const;

  /// The 16 bytes in network order.
  constexpr std::array<std::uint8_t, 16> const& bytes() const noexcept { return bytes_; }

  /// True for the nil UUID, all zeros (RFC 9562 5.9).
  constexpr bool is_nil() const noexcept { return *this == uuid{}; }

  friend constexpr bool operator==(uuid const&, uuid const&) noexcept = default;
  friend constexpr auto operator<=>(uuid const&, uuid const&) noexcept = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

// ------------------------------------------------------------------------------------------------

namespace detail {

/// True where the text form has a hyphen before byte `i`.
constexpr bool uuid_group_starts(std::size_t i) noexcept {
  return i == 4 || i == 6 || i == 8 || i == 10;
}

}  // namespace detail

constexpr std::optional<uuid> uuid::parse(std::string_view text) noexcept {
  if (text.size() != 36) return std::nullopt;
  uuid out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < out.bytes_.size(); ++i) {
    if (detail::uuid_group_starts(i) && text[at++] != '-') return std::nullopt;
    int const high = hex_value(text[at++]);
    int const low = hex_value(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    out.bytes_[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return out;
}

inline std::string uuid::to_string() const {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (detail::uuid_group_starts(i)) out += '-';
    out += hex[bytes_[i] >> 4];
    out += hex[bytes_[i] & 15];
  }
  return out;
}

}  // namespace wend

/// FNV-1a over the bytes: version 7 shares its front between neighbours, so all of them count.
template <>
struct std::hash<wend::uuid> {
  std::size_t operator()(wend::uuid const& id) const noexcept {
    std::uint64_t h = 14695981039346656037u;
    for (std::uint8_t b : id.bytes())
      h = (h ^ b) * 1099511628211u;
    return static_cast<std::size_t>(h);
  }
};
