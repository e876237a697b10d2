// IP addresses and networks as values and as text (RFC 4291 2.2, RFC 5952, RFC 4632 3.1).
//
// No names, no ports, no zones: what asks the system stands elsewhere.
#pragma once

#include <wend/http/ascii.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wend {

/// An IPv4 or IPv6 address.
///
/// An IPv4-mapped IPv6 address ("::ffff:10.0.0.1") is the IPv4 address in it: a socket that takes
/// both families tells the one as the other (RFC 4291 2.5.5.2). The default is "::".
class ip_address {
 public:
  using bytes = std::array<std::uint8_t, 16>;  ///< in network order; IPv4 as IPv4-mapped

  constexpr ip_address() noexcept = default;
  constexpr explicit ip_address(bytes const& all) noexcept : bytes_(all) {}
  static constexpr ip_address v4(std::array<std::uint8_t, 4> const& four) noexcept;

  /// The address that `text` spells, without brackets, port or zone.
  ///
  ///     IPv4  = 4 decimal numbers up to 255, without leading zeros, between dots
  ///     IPv6  = 8 groups of 1*4HEXDIG between colons; "::" once for one or more groups of zeros;
  ///             an IPv4 may stand for the last two groups
  static constexpr std::optional<ip_address> parse(std::string_view text) noexcept;

  constexpr bool is_v4() const noexcept;
  constexpr bytes const& data() const noexcept { return bytes_; }

  /// The one canonical text (RFC 5952), 45 characters at most. Allocates: the text.
  std::string to_string() const;

  friend constexpr bool operator==(ip_address const&, ip_address const&) noexcept = default;

 private:
  bytes bytes_{};
};

/// All addresses with the same first bits: "10.0.0.0/8", "2001:db8::/32". One address alone is
/// written with all its bits, "::1/128", or without a length.
class ip_network {
 public:
  /// The network that `text` spells.
  ///
  /// Choice: bits behind the length must be zero: in "10.0.0.1/8" either part may be the mistake.
  static constexpr std::optional<ip_network> parse(std::string_view text) noexcept;

  /// True for the addresses of this network; those of the other family never belong to it.
  constexpr bool contains(ip_address const& address) const noexcept;

 private:
  ip_address first_;
  unsigned length_ = 128;  // in bits of the 16 bytes: 96 more than it says for IPv4
};

// ------------------------------------------------------------------------------------------------

namespace detail {

/// A decimal number up to `max` that makes up all of `text`, without leading zeros.
constexpr std::optional<unsigned> plain_number(std::string_view text, unsigned max) noexcept {
  if (text.empty() || text.size() > 5 || !digit.all(text)) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  unsigned value = 0;
  for (char c : text)
    value = value * 10 + static_cast<unsigned>(c - '0');
  if (value > max) return std::nullopt;
  return value;
}

/// Reads an IPv4 address into the four bytes from `out` on.
constexpr bool read_ipv4(std::string_view text, std::uint8_t* out) noexcept {
  for (int i = 0; i < 4; ++i) {
    auto const dot = text.find('.');
    if ((dot == text.npos) != (i == 3)) return false;
    auto const number = plain_number(text.substr(0, dot), 255);
    if (!number) return false;
    out[i] = static_cast<std::uint8_t>(*number);
    text.remove_prefix(i == 3 ? text.size() : dot + 1);
  }
  return true;
}

/// Reads groups between colons, at most 16 bytes of them; how many bytes, or nothing. No group at
/// all is none of them, and only the last may be an IPv4 address, if `ends` the address.
constexpr std::optional<std::size_t> read_groups(std::string_view text,
                                                 bool ends,
                                                 ip_address::bytes& out) noexcept {
  std::size_t n = 0;
  while (!text.empty()) {
    auto const colon = text.find(':');
    auto const group = text.substr(0, colon);
    if (ends && colon == text.npos && group.find('.') != group.npos) {
      if (n + 4 > out.size() || !read_ipv4(group, out.data() + n)) return std::nullopt;
      return n + 4;
    }
    if (n + 2 > out.size() || group.empty() || group.size() > 4 || !hex_digit.all(group))
      return std::nullopt;
    int value = 0;
    for (char c : group)
      value = value * 16 + hex_value(c);
    out[n++] = static_cast<std::uint8_t>(value >> 8);
    out[n++] = static_cast<std::uint8_t>(value & 255);
    if (colon == text.npos) break;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // a colon with nothing behind it
  }
  return n;
}

constexpr std::optional<ip_address> read_ipv6(std::string_view text) noexcept {
  ip_address::bytes front{}, back{};
  auto const gap = text.find("::");
  auto const n = read_groups(text.substr(0, gap), gap == text.npos, front);
  if (!n) return std::nullopt;
  if (gap == text.npos) return *n == 16 ? std::optional(ip_address(front)) : std::nullopt;
  auto const m = read_groups(text.substr(gap + 2), true, back);
  if (!m || *n + *m > 14) return std::nullopt;
  for (std::size_t i = 0; i < *m; ++i)
    front[16 - *m + i] = back[i];
  return ip_address(front);
}

}  // namespace detail

constexpr ip_address ip_address::v4(std::array<std::uint8_t, 4> const& four) noexcept {
  return ip_address({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, four[0], four[1], four[2], four[3]});
}

constexpr std::optional<ip_address> ip_address::parse(std::string_view text) noexcept {
  if (text.find(':') != text.npos) return detail::read_ipv6(text);
  std::array<std::uint8_t, 4> four{};
  if (!detail::read_ipv4(text, four.data())) return std::nullopt;
  return v4(four);
}

constexpr bool ip_address::is_v4() const noexcept {
  for (std::size_t i = 0; i < 10; ++i)
    if (bytes_[i] != 0) return false;
  return bytes_[10] == 255 && bytes_[11] == 255;
}

inline std::string ip_address::to_string() const {
  std::string out;
  if (is_v4()) {
    for (std::size_t i = 12; i < 16; ++i)
      out.append(i > 12 ? "." : "").append(std::to_string(bytes_[i]));
    return out;
  }
  std::array<unsigned, 8> group{};
  for (std::size_t i = 0; i < 8; ++i)
    group[i] = bytes_[2 * i] * 256u + bytes_[2 * i + 1];
  std::size_t gap = 8, longest = 1;  // a single group of zeros is not shortened (RFC 5952 4.2.2)
  for (std::size_t i = 0, run = 0; i < 8; ++i) {
    run = group[i] == 0 ? run + 1 : 0;
    if (run <= longest) continue;
    longest = run;
    gap = i + 1 - run;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      out += "::";
      i += longest - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    bool leading = true;
    for (int shift = 12; shift >= 0; shift -= 4) {
      auto const nibble = group[i] >> shift & 15;
      leading = leading && nibble == 0 && shift > 0;
      if (!leading) out += "0123456789abcdef"[nibble];
    }
  }
  return out;
}

constexpr std::optional<ip_network> ip_network::parse(std::string_view text) noexcept {
  auto const slash = text.find('/');
  auto const address = ip_address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  bool const dotted = text.substr(0, slash).find(':') == text.npos;
  ip_network out;
  out.first_ = *address;
  if (slash != text.npos) {
    auto const length = detail::plain_number(text.substr(slash + 1), dotted ? 32 : 128);
    if (!length) return std::nullopt;
    out.length_ = *length + (dotted ? 96 : 0);
  }
  for (std::size_t bit = out.length_; bit < 128; ++bit)
    if (address->data()[bit / 8] >> (7 - bit % 8) & 1) return std::nullopt;
  return out;
}

constexpr bool ip_network::contains(ip_address const& address) const noexcept {
  // "::/0" is what IPv6 has: a network of both families would be a surprise in a list of trust.
  if (length_ < 96 && address.is_v4()) return false;
  auto const& a = address.data();
  auto const& b = first_.data();
  for (std::size_t i = 0; i * 8 < length_; ++i) {
    auto const rest = length_ - i * 8;
    unsigned const mask = rest >= 8 ? 255u : 255u << (8 - rest) & 255u;
    if ((a[i] & mask) != (b[i] & mask)) return false;
  }
  return true;
}

}  // namespace wend
