#include <wend/wire/proxy_protocol.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/every_split.hpp"
#include "support/guard_page.hpp"

using namespace wend;
using namespace std::string_literals;

namespace {

/// What is made of a header: "source > destination", "ours" without either, else why it is refused.
struct row {
  char const* because;
  std::string header;
  std::string expected;
};

std::string const six(39, 'f');  // never an address, but as long as the longest

std::string v2(int version_command, int family, std::string const& block, std::size_t length) {
  std::string out = "\r\n\r\n\0\r\nQUIT\n"s;
  for (auto const b :
       {version_command, family, static_cast<int>(length >> 8), static_cast<int>(length & 255)})
    out += static_cast<char>(b);
  return out + block;
}
std::string v2(int version_command, int family, std::string const& block) {
  return v2(version_command, family, block, block.size());
}

std::string const four_block = "\xCB\x00\x71\x09\x0A\x00\x00\x01\xC0\x00\x01\xBB"s;
std::string const six_block = "\x20\x01\x0D\xB8"s + std::string(11, '\0') + "\x09"s +
                              std::string(15, '\0') + "\x01"s + "\x00\x01\xFF\xFF"s;

std::string vector(int type, std::string const& value) {
  std::string out;
  for (auto const b :
       {type, static_cast<int>(value.size() >> 8), static_cast<int>(value.size() & 255)})
    out += static_cast<char>(b);
  return out + value;
}
std::string const noop = vector(4, "xx");

/// The vector of a checksum; the values of the rows were worked out elsewhere.
std::string checksum(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8)
    text += static_cast<char>(value >> shift & 255);
  return vector(3, text);
}

static_assert(detail::proxy_checksum("123456789", 9) == 0xE3069283, "as everybody has it");

row const rows[] = {
    {"IPv4 (2.1)",
     "PROXY TCP4 203.0.113.9 10.0.0.1 49152 443\r\n",
     "203.0.113.9:49152 > 10.0.0.1:443"},
    {"the longest IPv4",
     "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n",
     "255.255.255.255:65535 > 255.255.255.255:65535"},
    {"IPv6", "PROXY TCP6 2001:DB8::9 ::1 1 65535\r\n", "[2001:db8::9]:1 > [::1]:65535"},
    {"a mapped address is IPv4",
     "PROXY TCP6 ::ffff:203.0.113.9 ::1 1 2\r\n",
     "203.0.113.9:1 > [::1]:2"},
    {"port 0", "PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", "0.0.0.0:0 > 0.0.0.0:0"},
    {"unknown, short", "PROXY UNKNOWN\r\n", "ours"},
    {"unknown, and a space", "PROXY UNKNOWN \r\n", "ours"},
    {"unknown, the longest", "PROXY UNKNOWN " + six + " " + six + " 65535 65535\r\n", "ours"},
    {"unknown, and anything", "PROXY UNKNOWN \x01\xff PROXY \t\r\n", "ours"},
    {"one byte too long",
     "PROXY UNKNOWN " + six + " " + six + " 65535 655355\r\n",
     "longer than 107"},
    {"never an end", std::string("PROXY UNKNOWN ") + std::string(200, 'x'), "longer than 107"},
    {"no CR", "PROXY UNKNOWN\n", "does not end in CRLF"},
    {"no LF", "PROXY UNKNOWN\rx\n", "does not end in CRLF"},
    {"two CR", "PROXY UNKNOWN\r\r\n", "does not end in CRLF"},
    {"another family", "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n", "family of the PROXY line"},
    {"a longer family", "PROXY UNKNOWNS\r\n", "family of the PROXY line"},
    {"small letters", "PROXY tcp4 1.2.3.4 1.2.3.4 1 2\r\n", "family of the PROXY line"},
    {"no family", "PROXY \r\n", "family of the PROXY line"},
    {"two spaces", "PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\r\n", "family of the PROXY line"},
    {"two spaces later", "PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n", "an address"},
    {"no address", "PROXY TCP4\r\n", "an address"},
    {"one address", "PROXY TCP4 1.2.3.4\r\n", "an address"},
    {"an IPv6 as IPv4", "PROXY TCP4 ::1 1.2.3.4 1 2\r\n", "an address"},
    {"an IPv4 as IPv6", "PROXY TCP6 ::1 1.2.3.4 1 2\r\n", "an address"},
    {"a leading zero", "PROXY TCP4 1.2.3.04 1.2.3.4 1 2\r\n", "an address"},
    {"brackets", "PROXY TCP6 [::1] ::1 1 2\r\n", "an address"},
    {"no port", "PROXY TCP4 1.2.3.4 1.2.3.4\r\n", "a port"},
    {"one port", "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", "a port"},
    {"a port that is too large", "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n", "a port"},
    {"a leading zero in a port", "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", "a port"},
    {"a sign", "PROXY TCP4 1.2.3.4 1.2.3.4 1 +2\r\n", "a port"},
    {"a word more", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n", "a port"},
    {"a space at the end", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n", "a port"},
    {"a NUL", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\0\r\n"s, "a port"},
    {"HTTP", "GET / HTTP/1.1\r\n\r\n", "has no PROXY header"},
    {"HTTP that begins like it", "PUT / HTTP/1.1\r\n\r\n", "has no PROXY header"},
    {"HTTP that goes on like it", "PROXYING / HTTP/1.1\r\n\r\n", "has no PROXY header"},
    {"TLS", "\x16\x03\x01", "has no PROXY header"},
    {"empty lines", "\r\n\r\nGET", "has no PROXY header"},

    {"binary IPv4 (2.2)", v2(0x21, 0x11, four_block), "203.0.113.9:49152 > 10.0.0.1:443"},
    {"binary IPv6", v2(0x21, 0x21, six_block), "[2001:db8::9]:1 > [::1]:65535"},
    {"datagrams have the same addresses",
     v2(0x21, 0x12, four_block),
     "203.0.113.9:49152 > 10.0.0.1:443"},
    {"a vector behind the addresses",
     v2(0x21, 0x11, four_block + noop),
     "203.0.113.9:49152 > 10.0.0.1:443"},
    {"an empty vector",
     v2(0x21, 0x11, four_block + vector(4, "")),
     "203.0.113.9:49152 > 10.0.0.1:443"},
    {"two vectors",
     v2(0x21, 0x21, six_block + noop + vector(2, "a.b.org")),
     "[2001:db8::9]:1 > [::1]:65535"},
    {"vectors behind UNIX sockets", v2(0x21, 0x31, std::string(216, 'x') + noop), "ours"},
    {"one byte of a vector", v2(0x21, 0x11, four_block + "\xff"), "runs over"},
    {"two bytes of a vector", v2(0x21, 0x11, four_block + noop + "\x04\x00"s), "runs over"},
    {"a vector without its last byte", v2(0x21, 0x11, four_block + "\x04\x00\x03xx"s), "runs over"},
    {"the largest vector", v2(0x21, 0x11, four_block + "\x04\xff\xff"s), "runs over"},
    {"a checksum (2.2.3)",
     v2(0x21, 0x11, four_block + checksum(0xD3CF4C38)),
     "203.0.113.9:49152 > 10.0.0.1:443"},
    {"a checksum of IPv6",
     v2(0x21, 0x21, six_block + checksum(0x1F72B3BD)),
     "[2001:db8::9]:1 > [::1]:65535"},
    {"a checksum of UNIX sockets",
     v2(0x21, 0x31, std::string(216, 'x') + checksum(0x14D69D15)),
     "ours"},
    {"a checksum between others",
     v2(0x21, 0x11, four_block + noop + checksum(0x3E63978B) + noop),
     "203.0.113.9:49152 > 10.0.0.1:443"},
    {"a checksum and text",
     v2(0x21, 0x11, four_block + vector(2, "a.b.org") + checksum(0x6497D6D4) + vector(4, "")),
     "203.0.113.9:49152 > 10.0.0.1:443"},
    {"a checksum of the longest",
     v2(0x21, 0x21, six_block + checksum(0xC4C2E2EA) + vector(4, std::string(474, 'x'))),
     "[2001:db8::9]:1 > [::1]:65535"},
    {"one bit of a checksum", v2(0x21, 0x11, four_block + checksum(0xD3CF4C39)), "checksum"},
    {"a checksum backwards", v2(0x21, 0x11, four_block + checksum(0x384CCFD3)), "checksum"},
    {"a checksum, and something more than it is of",
     v2(0x21, 0x11, four_block + checksum(0xD3CF4C38) + noop),
     "checksum"},
    {"a checksum of nothing", v2(0x21, 0x11, four_block + vector(3, "")), "checksum"},
    {"a checksum of three bytes", v2(0x21, 0x11, four_block + vector(3, "abc")), "checksum"},
    {"a checksum of five bytes", v2(0x21, 0x11, four_block + vector(3, "abcde")), "checksum"},
    {"a checksum that is cut off",
     v2(0x21, 0x11, four_block + checksum(0xD3CF4C38).substr(0, 6)),
     "runs over"},
    {"a wrong checksum behind a vector",
     v2(0x21, 0x11, four_block + noop + checksum(0) + noop),
     "checksum"},
    {"local, with a checksum", v2(0x20, 0x00, checksum(0xA9B87E8F)), "ours"},
    {"local, with a wrong checksum", v2(0x20, 0x00, checksum(0xA9B87E8E)), "checksum"},
    {"local, with addresses and a checksum",
     v2(0x20, 0x11, four_block + checksum(0xA61CBC00)),
     "ours"},
    {"local: a bit that was proxy", v2(0x20, 0x11, four_block + checksum(0xD3CF4C38)), "checksum"},
    {"local, with what is no vector", v2(0x20, 0x00, checksum(0) + "x"), "ours"},
    {"unspecified, with a checksum", v2(0x21, 0x00, checksum(0x3EC9894E)), "ours"},
    {"unspecified, with a wrong checksum", v2(0x21, 0x00, checksum(0)), "checksum"},
    {"the longest",
     v2(0x21, 0x21, six_block + vector(4, std::string(481, 'x'))),
     "[2001:db8::9]:1 > [::1]:65535"},
    {"one byte longer", v2(0x21, 0x21, six_block + std::string(485, 'x')), "too long"},
    {"the largest length", v2(0x21, 0x21, "", 65535), "too long"},
    {"UNIX sockets have no address", v2(0x21, 0x31, std::string(216, 'x')), "ours"},
    {"UNIX sockets, too short", v2(0x21, 0x31, std::string(215, 'x')), "too short"},
    {"local: the proxy itself", v2(0x20, 0x00, ""), "ours"},
    {"local, whatever the family", v2(0x20, 0xff, "xyz"), "ours"},
    {"local, with addresses that do not count", v2(0x20, 0x11, four_block), "ours"},
    {"unspecified", v2(0x21, 0x00, ""), "ours"},
    {"unspecified, with something", v2(0x21, 0x00, four_block), "ours"},
    {"an unspecified protocol", v2(0x21, 0x10, ""), "ours"},
    {"an unspecified family", v2(0x21, 0x01, ""), "ours"},
    {"version 1 in binary", v2(0x11, 0x11, four_block), "version"},
    {"version 3", v2(0x31, 0x11, four_block), "version"},
    {"another command", v2(0x22, 0x11, four_block), "command"},
    {"another family in binary", v2(0x21, 0x41, four_block), "family of the PROXY header"},
    {"another protocol", v2(0x21, 0x13, four_block), "family of the PROXY header"},
    {"IPv4, too short", v2(0x21, 0x11, four_block.substr(1)), "too short"},
    {"IPv6, too short", v2(0x21, 0x21, six_block.substr(1)), "too short"},
    {"IPv4 without addresses", v2(0x21, 0x11, ""), "too short"},
    {"a signature that ends otherwise", "\r\n\r\n\0\r\nQUIT\r"s, "has no PROXY header"},
};

struct outcome {
  std::string text = "more";
  std::size_t size = 0;

  bool operator==(outcome const&) const = default;
};

/// What the parser says at last when it is asked after each piece.
outcome after(test::pieces const& pieces) {
  std::string received;
  for (auto const piece : pieces) {
    received += piece;
    test::guarded const text(received);
    auto const parsed = parse_proxy_header(text.view());
    if (!parsed) {
      CHECK(parsed.error().status == status::bad_request);
      return {std::string(parsed.error().detail), 0};
    }
    if (!*parsed) continue;
    auto const& h = **parsed;
    return {h.source.empty() ? "ours" : h.source + " > " + h.destination, h.size};
  }
  return {};
}

}  // namespace

TEST_CASE("a PROXY header is read however it arrives", "[wire][proxy_protocol]") {
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      auto const whole = after({row.header});
      INFO(whole.text);
      CHECK(whole.text.find(row.expected) != std::string::npos);
      CHECK((whole.size == 0 || whole.size == row.header.size()));
      test::every_split(row.header, [&](auto const& pieces) { CHECK(after(pieces) == whole); });
      if (whole.size > 0) {
        CHECK(after({row.header + "GET / HTTP/1.1\r\n\r\n"}) == whole);
        CHECK(after({std::string_view(row.header).substr(0, whole.size - 1)}) == outcome{});
      }
    }
}

TEST_CASE("nothing received yet is no mistake", "[wire][proxy_protocol]") {
  CHECK(after({""}) == outcome{});
  CHECK(after({"P"}) == outcome{});
  CHECK(after({"\r\n"}) == outcome{});
}

TEST_CASE("no more than the limit is ever waited for", "[wire][proxy_protocol]") {
  std::string const line = "PROXY UNKNOWN " + std::string(512, 'x');
  CHECK(after({std::string_view(line).substr(0, 106)}) == outcome{});
  CHECK(after({std::string_view(line).substr(0, 107)}).text != "more");
  auto const binary = v2(0x21, 0x11, four_block + vector(4, std::string(505, 'x')));
  CHECK(binary.size() == max_proxy_header);
  CHECK(after({std::string_view(binary).substr(0, max_proxy_header - 1)}) == outcome{});
  CHECK(after({binary}).size == max_proxy_header);
}
