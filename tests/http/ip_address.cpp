#include <wend/http/ip_address.hpp>

#include <random>
#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/guard_page.hpp"

using wend::ip_address;
using wend::ip_network;

namespace {

static_assert(ip_address::parse("127.0.0.1") == ip_address::v4({127, 0, 0, 1}));
static_assert(ip_address::parse("::") == ip_address());
static_assert(!ip_address().is_v4() && ip_address::v4({0, 0, 0, 0}).is_v4());
static_assert(ip_network::parse("10.0.0.0/8")->contains(ip_address::v4({10, 1, 2, 3})));

struct address_row {
  char const* because;
  std::string_view text;
  std::string_view canonical;  // empty: refused
};

constexpr address_row addresses[] = {
    {"IPv4", "192.0.2.1", "192.0.2.1"},
    {"the smallest", "0.0.0.0", "0.0.0.0"},
    {"the largest", "255.255.255.255", "255.255.255.255"},
    {"one more", "255.255.255.256", ""},
    {"a leading zero may be octal", "192.0.2.01", ""},
    {"three numbers", "192.0.2", ""},
    {"five numbers", "192.0.2.1.1", ""},
    {"a number as a whole", "3221225985", ""},
    {"hexadecimal", "0xc0.0.2.1", ""},
    {"an empty number", "192..2.1", ""},
    {"a dot at the end", "192.0.2.1.", ""},
    {"a sign", "+192.0.2.1", ""},
    {"a blank", " 192.0.2.1", ""},
    {"nothing", "", ""},
    {"a name", "localhost", ""},
    {"a NUL", {"192.0.2.1\0", 10}, ""},
    {"IPv6 in full", "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
    {"a gap (RFC 5952 4.2)", "2001:db8::1", "2001:db8::1"},
    {"capitals (4.3)", "2001:DB8::ABCD", "2001:db8::abcd"},
    {"the longest run of zeros (4.2.3)", "1:0:0:2:0:0:0:3", "1:0:0:2::3"},
    {"the first of two (4.2.3)", "1:0:0:2:3:0:0:4", "1::2:3:0:0:4"},
    {"one group of zeros is written (4.2.2)", "1:2:3:4:5:6:0:8", "1:2:3:4:5:6:0:8"},
    {"a gap of one group", "1:2:3:4:5:6::8", "1:2:3:4:5:6:0:8"},
    {"a gap at the front", "::1", "::1"},
    {"a gap at the end", "fe80::", "fe80::"},
    {"nothing but a gap", "::", "::"},
    {"zeros in front of a group", "::0001", "::1"},
    {"an IPv4 at the end (RFC 4291 2.2)", "64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
    {"an IPv4 after six groups", "1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"},
    {"an IPv4-mapped one is IPv4", "::ffff:10.0.0.1", "10.0.0.1"},
    {"also in hexadecimal", "::ffff:a00:1", "10.0.0.1"},
    {"also in full", "0:0:0:0:0:FFFF:0a00:0001", "10.0.0.1"},
    {"an IPv4-compatible one is not", "::10.0.0.1", "::a00:1"},
    {"two gaps", "1::2::3", ""},
    {"three colons", "1:::2", ""},
    {"seven groups", "1:2:3:4:5:6:7", ""},
    {"nine groups", "1:2:3:4:5:6:7:8:9", ""},
    {"eight groups and a gap", "1:2:3:4::5:6:7:8", ""},
    {"five digits", "12345::", ""},
    {"a colon at the front", ":1:2:3:4:5:6:7", ""},
    {"a colon at the end", "1:2:3:4:5:6:7:", ""},
    {"a colon alone", ":", ""},
    {"a colon after a gap", "1:::", ""},
    {"an IPv4 in front", "192.0.2.1::1", ""},
    {"an IPv4 in the middle", "::192.0.2.1:1", ""},
    {"an IPv4 that leaves no room", "1:2:3:4:5:6:7:8.9.10.11", ""},
    {"a zone", "fe80::1%eth0", ""},
    {"brackets", "[::1]", ""},
    {"a port", "192.0.2.1:80", ""},
    {"no hexadecimal digit", "::g", ""},
};

struct network_row {
  char const* because;
  std::string_view network;
  std::string_view address;
  bool contained;
};

constexpr network_row networks[] = {
    {"the first address", "10.0.0.0/8", "10.0.0.0", true},
    {"the last address", "10.0.0.0/8", "10.255.255.255", true},
    {"the one before", "10.0.0.0/8", "9.255.255.255", false},
    {"the one behind", "10.0.0.0/8", "11.0.0.0", false},
    {"a length within a byte", "192.168.16.0/20", "192.168.31.255", true},
    {"one bit more", "192.168.16.0/20", "192.168.32.0", false},
    {"one address", "127.0.0.1/32", "127.0.0.1", true},
    {"its neighbour", "127.0.0.1/32", "127.0.0.0", false},
    {"one address without a length", "127.0.0.1", "127.0.0.1", true},
    {"its other neighbour", "127.0.0.1", "127.0.0.2", false},
    {"everything of IPv4", "0.0.0.0/0", "203.0.113.9", true},
    {"everything of IPv4 is nothing of IPv6", "0.0.0.0/0", "2001:db8::1", false},
    {"everything of IPv4 is not ::", "0.0.0.0/0", "::", false},
    {"everything of IPv6", "::/0", "2001:db8::1", true},
    {"everything of IPv6 is nothing of IPv4", "::/0", "203.0.113.9", false},
    {"a mapped address is the one in it", "10.0.0.0/8", "::ffff:10.1.2.3", true},
    {"a network of mapped addresses", "::ffff:10.0.0.0/104", "10.1.2.3", true},
    {"its neighbours", "::ffff:10.0.0.0/104", "11.1.2.3", false},
    {"IPv6", "2001:db8::/32", "2001:db8:ffff::1", true},
    {"IPv6, another", "2001:db8::/32", "2001:db9::", false},
    {"the loopback", "::1/128", "::1", true},
    {"not the loopback", "::1", "::2", false},
};

}  // namespace

TEST_CASE("an address is read in every form and written in one", "[http][ip_address]") {
  for (auto const& row : addresses)
    DYNAMIC_SECTION(row.because) {
      wend::test::guarded const text(row.text);
      auto const address = ip_address::parse(text.view());
      REQUIRE(address.has_value() == !row.canonical.empty());
      if (!address) continue;
      CHECK(address->to_string() == row.canonical);
      CHECK(ip_address::parse(row.canonical) == *address);
    }
}

TEST_CASE("any address comes back from its text", "[http][ip_address]") {
  std::mt19937 random{1};
  for (int i = 0; i < 2000; ++i) {
    ip_address::bytes bytes{};
    for (auto& b : bytes)
      b = random() % 2 == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(random());
    ip_address const address(bytes);
    REQUIRE(ip_address::parse(address.to_string()) == address);
  }
}

TEST_CASE("a network contains the addresses with its first bits", "[http][ip_address]") {
  for (auto const& row : networks)
    DYNAMIC_SECTION(row.because) {
      auto const network = ip_network::parse(row.network);
      REQUIRE(network);
      CHECK(network->contains(*ip_address::parse(row.address)) == row.contained);
    }
}

TEST_CASE("what is no network is refused", "[http][ip_address]") {
  for (auto const* text : {"",
                           "/8",
                           "10.0.0.0/",
                           "10.0.0.0/33",
                           "10.0.0.0/08",
                           "10.0.0.0/-1",
                           "10.0.0.0/8/8",
                           "::/129",
                           "10.0.0.1/8",
                           "192.168.16.0/19",
                           "2001:db8::1/32",
                           "10/8",
                           "::1%lo/128",
                           "10.0.0.0 /8",
                           "::ffff:10.0.0.0/8"})
    DYNAMIC_SECTION(text) {
      CHECK_FALSE(ip_network::parse(text));
    }
}
