// The PROXY protocol, versions 1 and 2: what a load balancer that knows no HTTP says about a
// connection before its first byte (haproxy.org, proxy-protocol.txt, sections 2.1 and 2.2).
//
// A listener expects it or does not, and only of peers that are trusted: it is never guessed. Of the
// optional vectors of version 2 the checksum is verified (2.2.3); all others (TLS, ALPN, ...) are
// skipped unread.
#pragma once

#include <wend/http/error.hpp>
#include <wend/http/ip_address.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace wend {

/// What stands in front of a connection: its length, and both ends as the proxy sees them.
struct proxy_header {
  std::size_t size = 0;     ///< in bytes; the first byte of HTTP follows
  std::string source;       ///< "203.0.113.9:49152", "[2001:db8::9]:1", as `request::peer`
  std::string destination;  ///< where the client connected to

  friend bool operator==(proxy_header const&, proxy_header const&) = default;
};

/// The longest header that is taken. Choice: of version 2 this is what fits the smallest TCP
/// segment (576 - 40 bytes), as section 2 wants of a sender, though its length field could say
/// 65 551: a peer that has not said who it is does not get more memory.
inline constexpr std::size_t max_proxy_header = 536;

/// Reads the header from all that a connection has received so far; nothing when more has to come,
/// at most `max_proxy_header` bytes. Bytes behind the header are left alone.
///
/// Both ends are empty when the proxy speaks for itself (a health check: LOCAL), does not know them
/// (UNKNOWN, UNSPEC), or they are UNIX sockets: the ends of the connection itself hold then.
///
/// Choice: what follows where there is no address (LOCAL, UNSPEC) is to be ignored, and may be
/// anything. Where it reads as vectors to the end, a checksum among them must be right all the same.
///
/// Errors: 400 for everything else, as soon as it is seen; nobody is there to read an answer, so
/// the connection is to be closed. Complexity: linear in the size of the header. Allocates: the
/// texts.
result<std::optional<proxy_header>> parse_proxy_header(std::string_view received);

// ------------------------------------------------------------------------------------------------

namespace detail {

inline constexpr std::string_view proxy_v1_start = "PROXY ";
inline constexpr std::string_view proxy_v2_start{"\r\n\r\n\0\r\nQUIT\n", 12};
inline constexpr std::size_t proxy_v1_limit = 107;  // with its CRLF

inline error bad_proxy_v1(std::string_view why) {
  return {status::bad_request, why, "PROXY protocol 2.1"};
}

inline error bad_proxy_v2(std::string_view why) {
  return {status::bad_request, why, "PROXY protocol 2.2"};
}

inline std::string endpoint_text(ip_address const& address, unsigned port) {
  auto text = address.to_string();
  if (!address.is_v4()) text.insert(0, 1, '[').append(1, ']');
  return text.append(1, ':').append(std::to_string(port));
}

/// The line without its CRLF; nothing when it is not complete.
inline result<std::optional<std::string_view>> proxy_line(std::string_view received) {
  auto const first = received.substr(0, proxy_v1_limit);
  auto const end = first.find_first_of("\r\n");
  bool const cut = end == first.npos || (first[end] == '\r' && end + 1 == first.size());
  if (cut && first.size() == proxy_v1_limit)
    return bad_proxy_v1("the PROXY line is longer than 107 bytes");
  if (cut) return std::optional<std::string_view>();
  if (first[end] == '\n' || first[end + 1] != '\n')
    return bad_proxy_v1("the PROXY line does not end in CRLF");
  return std::optional(first.substr(0, end));
}

/// line    = "PROXY " ( family SP source SP destination SP port SP port / "UNKNOWN" [ SP *any ] )
/// family  = "TCP4" / "TCP6"
inline result<std::optional<proxy_header>> parse_proxy_v1(std::string_view received) {
  auto const line = proxy_line(received);
  if (!line) return line.error();
  if (!*line) return std::optional<proxy_header>();
  proxy_header out{(*line)->size() + 2, {}, {}};
  auto rest = (*line)->substr(proxy_v1_start.size());
  auto const take_word = [&] {
    auto const word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size() < rest.size() ? word.size() + 1 : word.size());
    return word;
  };
  auto const family = take_word();
  if (family == "UNKNOWN") return std::optional(std::move(out));
  if (family != "TCP4" && family != "TCP6")
    return bad_proxy_v1("the family of the PROXY line is not TCP4, TCP6 or UNKNOWN");
  auto const take_address = [&]() -> std::optional<ip_address> {
    auto const word = take_word();
    if ((word.find(':') != word.npos) != (family == "TCP6")) return std::nullopt;
    return ip_address::parse(word);
  };
  auto const source = take_address(), destination = take_address();
  if (!source || !destination) return bad_proxy_v1("an address of the PROXY line is malformed");
  auto const from = plain_number(take_word(), 65535), to = plain_number(rest, 65535);
  if (!from || !to) return bad_proxy_v1("a port of the PROXY line is malformed");
  out.source = endpoint_text(*source, *from);
  out.destination = endpoint_text(*destination, *to);
  return std::optional(std::move(out));
}

constexpr unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

/// Both ends out of the addresses of version 2, `width` bytes each, and the ports behind them.
inline void read_proxy_addresses(std::string_view block, std::size_t width, proxy_header& out) {
  auto const text = [&](std::size_t i) {
    ip_address::bytes all = width == 4 ? ip_address::v4({}).data() : ip_address::bytes{};
    for (std::size_t n = 0; n < width; ++n)
      all[16 - width + n] = static_cast<std::uint8_t>(byte_at(block, i * width + n));
    auto const port = 2 * width + 2 * i;
    return endpoint_text(ip_address(all), byte_at(block, port) << 8 | byte_at(block, port + 1));
  };
  out.source = text(0);
  out.destination = text(1);
}

/// CRC32c (RFC 4960 appendix B) of a header, in which the four bytes at `field` count as zero.
constexpr std::uint32_t proxy_checksum(std::string_view header, std::size_t field) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t i = 0; i < header.size(); ++i) {
    crc ^= i >= field && i < field + 4 ? 0 : byte_at(header, i);
    for (int bit = 0; bit < 8; ++bit)
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
  }
  return ~crc;
}

/// What is to be known of the vectors of a header.
struct proxy_vectors {
  bool whole = true;    ///< none runs over the end
  bool genuine = true;  ///< each checksum is right
};

/// Reads the vectors of a header that is complete, from the byte `at` on.
///
///     vectors = *( type length *value )    ; 1 byte, 2 bytes, as many as these say
inline proxy_vectors read_proxy_vectors(std::string_view header, std::size_t at) {
  constexpr unsigned checksum = 3;
  proxy_vectors out;
  for (std::size_t length = 0; at < header.size(); at += length) {
    if (header.size() - at < 3) return {.whole = false};
    auto const type = byte_at(header, at);
    length = byte_at(header, at + 1) << 8 | byte_at(header, at + 2);
    at += 3;
    if (header.size() - at < length) return {.whole = false};
    if (type != checksum || !out.genuine) continue;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length && i < 4; ++i)
      value = value << 8 | byte_at(header, at + i);
    out.genuine = length == 4 && value == proxy_checksum(header, at);
  }
  return out;
}

/// 12 bytes of signature; version and command; family and protocol; the length of what follows.
inline result<std::optional<proxy_header>> parse_proxy_v2(std::string_view in) {
  constexpr unsigned proxy = 1;                           // a command; 0: local
  constexpr unsigned inet = 1, inet6 = 2, unix_path = 3;  // families; 0: unspecified
  constexpr std::size_t widths[] = {0, 4, 16, 108};
  std::optional<proxy_header> const more;
  if (in.size() < 13) return more;
  auto const command = byte_at(in, 12) & 15;
  if (byte_at(in, 12) >> 4 != 2) return bad_proxy_v2("the version of the PROXY header is not 2");
  if (command > proxy) return bad_proxy_v2("the command of the PROXY header is unknown");
  if (in.size() < 14) return more;
  auto const family = byte_at(in, 13) >> 4;
  auto const protocol = byte_at(in, 13) & 15;
  if (command == proxy && (family > unix_path || protocol > 2))
    return bad_proxy_v2("the family of the PROXY header is unknown");
  if (in.size() < 16) return more;
  auto const length = byte_at(in, 14) << 8 | byte_at(in, 15);
  if (16 + length > max_proxy_header) return bad_proxy_v2("the PROXY header is too long");
  // A stream or not: the addresses are the same. What is unspecified has none that count.
  bool const addressed = command == proxy && family != 0 && protocol != 0;
  bool const ports = family == inet || family == inet6;
  std::size_t const width = family > unix_path ? 0 : widths[family];
  auto const vectors_at = 16 + 2 * width + (ports ? 4 : 0);
  if (addressed && 16 + length < vectors_at)
    return bad_proxy_v2("the PROXY header is too short for its addresses");
  if (in.size() < 16 + length) return more;
  auto const vectors = read_proxy_vectors(in.substr(0, 16 + length), vectors_at);
  if (addressed && !vectors.whole)
    return bad_proxy_v2("a vector of the PROXY header runs over its end");
  if (!vectors.genuine) return bad_proxy_v2("the checksum of the PROXY header is wrong");
  proxy_header out{16 + length, {}, {}};
  if (addressed && ports) read_proxy_addresses(in.substr(16, length), width, out);
  return std::optional(std::move(out));
}

}  // namespace detail

inline result<std::optional<proxy_header>> parse_proxy_header(std::string_view received) {
  auto const begins = [&](std::string_view start) {
    auto const n = received.size() < start.size() ? received.size() : start.size();
    return received.substr(0, n) == start.substr(0, n);
  };
  if (begins(detail::proxy_v1_start)) {
    if (received.size() < detail::proxy_v1_start.size()) return std::optional<proxy_header>();
    return detail::parse_proxy_v1(received);
  }
  if (begins(detail::proxy_v2_start)) return detail::parse_proxy_v2(received);
  return error{status::bad_request, "the connection has no PROXY header", "PROXY protocol 2"};
}

}  // namespace wend
