#include <wend/http/forwarded.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace wend;

namespace {

trusted_proxies const ours{"127.0.0.1/32", "10.0.0.0/8", "::1/128", "2001:db8:1::/48"};

/// The fields of a text of lines, "name: value\n".
std::vector<field> fields_of(std::string_view lines) {
  std::vector<field> out;
  while (!lines.empty()) {
    auto const end = lines.find('\n');
    auto const line = lines.substr(0, end);
    auto const colon = line.find(':');
    out.push_back({line.substr(0, colon), trim(line.substr(colon + 1))});
    lines.remove_prefix(end + 1);
  }
  return out;
}

struct client_row {
  char const* because;
  std::string_view peer;
  std::string_view fields;
  std::string_view address;
  std::string_view proto = "-";
  std::string_view host = "-";
};

constexpr client_row x_forwarded[] = {
    {"no field, no proxy", "203.0.113.9:4711", "", "203.0.113.9"},
    {"a proxy that says nothing", "127.0.0.1:4711", "", "127.0.0.1"},
    {"one proxy", "127.0.0.1:1", "X-Forwarded-For: 203.0.113.9\n", "203.0.113.9"},
    {"an untrusted peer is the client",
     "203.0.113.9:1",
     "X-Forwarded-For: 192.0.2.1\nX-Forwarded-Proto: https\nX-Forwarded-Host: x\n",
     "203.0.113.9"},
    {"what a client makes up stands to the left",
     "127.0.0.1:1",
     "X-Forwarded-For: 127.0.0.1, 10.0.0.1, 203.0.113.9\n",
     "203.0.113.9"},
    {"a chain of trusted proxies",
     "127.0.0.1:1",
     "X-Forwarded-For: 192.0.2.1, 203.0.113.9, 10.0.0.1, 10.0.0.2\n",
     "203.0.113.9"},
    {"several fields are one list",
     "127.0.0.1:1",
     "X-Forwarded-For: 192.0.2.1\nHost: a\nx-forwarded-for: 203.0.113.9\nX-FORWARDED-FOR: "
     "10.0.0.1\n",
     "203.0.113.9"},
    {"all are trusted: the first",
     "127.0.0.1:1",
     "X-Forwarded-For: 10.0.0.1, 10.0.0.2\n",
     "10.0.0.1"},
    {"an IPv4 with a port", "127.0.0.1:1", "X-Forwarded-For: 203.0.113.9:81\n", "203.0.113.9"},
    {"an IPv6", "127.0.0.1:1", "X-Forwarded-For: 2001:DB8::9\n", "2001:db8::9"},
    {"an IPv6 in brackets", "127.0.0.1:1", "X-Forwarded-For: [2001:db8::9]\n", "2001:db8::9"},
    {"an IPv6 with a port", "127.0.0.1:1", "X-Forwarded-For: [2001:db8::9]:81\n", "2001:db8::9"},
    {"IPv6 proxies", "[::1]:1", "X-Forwarded-For: 203.0.113.9, 2001:db8:1::7\n", "203.0.113.9"},
    {"a mapped peer is trusted as IPv4",
     "[::ffff:127.0.0.1]:1",
     "X-Forwarded-For: 203.0.113.9\n",
     "203.0.113.9"},
    {"a mapped client is IPv4",
     "127.0.0.1:1",
     "X-Forwarded-For: ::ffff:203.0.113.9\n",
     "203.0.113.9"},
    {"unknown ends it", "127.0.0.1:1", "X-Forwarded-For: 203.0.113.9, unknown\n", "127.0.0.1"},
    {"a name ends it",
     "127.0.0.1:1",
     "X-Forwarded-For: 203.0.113.9, localhost, 10.0.0.1\n",
     "10.0.0.1"},
    {"an octal look ends it",
     "127.0.0.1:1",
     "X-Forwarded-For: 203.0.113.9, 010.0.0.1\n",
     "127.0.0.1"},
    {"a port that is none ends it",
     "127.0.0.1:1",
     "X-Forwarded-For: 203.0.113.9, 10.0.0.1:99999\n",
     "127.0.0.1"},
    {"an empty port ends it", "127.0.0.1:1", "X-Forwarded-For: 10.0.0.1:\n", "127.0.0.1"},
    {"brackets around an IPv4 end it", "127.0.0.1:1", "X-Forwarded-For: [10.0.0.1]\n", "127.0.0.1"},
    {"an open bracket ends it", "127.0.0.1:1", "X-Forwarded-For: [::1\n", "127.0.0.1"},
    {"two addresses without a comma end it",
     "127.0.0.1:1",
     "X-Forwarded-For: 10.0.0.1 10.0.0.2\n",
     "127.0.0.1"},
    {"empty elements are nothing (RFC 9110 5.6.1)",
     "127.0.0.1:1",
     "X-Forwarded-For: ,, 203.0.113.9 , ,\nX-Forwarded-For:\n",
     "203.0.113.9"},
    {"an open quote of a client hides nothing",
     "127.0.0.1:1",
     "X-Forwarded-For: \"10.0.0.1, 203.0.113.9\n",
     "203.0.113.9"},
    {"the fields of the other kind are not read",
     "127.0.0.1:1",
     "Forwarded: for=192.0.2.1;proto=https\n",
     "127.0.0.1"},
    {"the proxy says what the client spoke",
     "127.0.0.1:1",
     "X-Forwarded-For: 203.0.113.9\nX-Forwarded-Proto: HTTPS\nX-Forwarded-Host: a.example:81\n",
     "203.0.113.9",
     "https",
     "a.example:81"},
    {"the last value is that of the nearest proxy",
     "127.0.0.1:1",
     "X-Forwarded-Proto: http, https\nX-Forwarded-Host: evil\nX-Forwarded-Host: evil, good\n",
     "127.0.0.1",
     "https",
     "good"},
    {"a value that is none is nothing",
     "127.0.0.1:1",
     "X-Forwarded-Proto: https://\nX-Forwarded-Host: a/b\n",
     "127.0.0.1"},
    {"a peer with a zone is in no list",
     "[fe80::1%eth0]:1",
     "X-Forwarded-For: 203.0.113.9\n",
     "fe80::1%eth0"},
    {"a peer without an address", "", "X-Forwarded-For: 203.0.113.9\n", ""},
};

constexpr client_row forwarded[] = {
    {"no field", "127.0.0.1:1", "", "127.0.0.1"},
    {"one proxy (RFC 7239 4)", "127.0.0.1:1", "Forwarded: for=203.0.113.9\n", "203.0.113.9"},
    {"an untrusted peer is the client",
     "203.0.113.9:1",
     "Forwarded: for=192.0.2.1;proto=https;host=x\n",
     "203.0.113.9"},
    {"all parameters",
     "127.0.0.1:1",
     "Forwarded: for=203.0.113.9;by=203.0.113.60;proto=HTTPS;host=example.com\n",
     "203.0.113.9",
     "https",
     "example.com"},
    {"in any case and order",
     "127.0.0.1:1",
     "forwarded: Proto=http;FOR=\"[2001:db8:cafe::17]:4711\";Host=\"a:81\"\n",
     "2001:db8:cafe::17",
     "http",
     "a:81"},
    {"what a client makes up stands to the left",
     "127.0.0.1:1",
     "Forwarded: for=127.0.0.1;proto=https, for=203.0.113.9;proto=http\n",
     "203.0.113.9",
     "http"},
    {"what stands beside the client counts",
     "127.0.0.1:1",
     "Forwarded: for=192.0.2.1;host=evil, for=203.0.113.9;proto=https;host=good\n"
     "Forwarded: for=10.0.0.1;proto=http;host=inner\n",
     "203.0.113.9",
     "https",
     "good"},
    {"what another proxy saw is not what the client spoke",
     "127.0.0.1:1",
     "Forwarded: for=203.0.113.9, for=10.0.0.1;proto=http;host=inner\n",
     "203.0.113.9"},
    {"unknown: the proxy is all that is known (6.2)",
     "127.0.0.1:1",
     "Forwarded: for=192.0.2.1, for=unknown;proto=https\n",
     "127.0.0.1",
     "https"},
    {"a made-up name (6.3)", "127.0.0.1:1", "Forwarded: for=192.0.2.1, for=_gazonk\n", "127.0.0.1"},
    {"a made-up port (6.3)", "127.0.0.1:1", "Forwarded: for=\"203.0.113.9:_p\"\n", "203.0.113.9"},
    {"no for at all",
     "127.0.0.1:1",
     "Forwarded: for=192.0.2.1, proto=https\n",
     "127.0.0.1",
     "https"},
    {"a malformed element ends it",
     "127.0.0.1:1",
     "Forwarded: for=203.0.113.9, for=192.0.2.256;proto=https\n",
     "127.0.0.1"},
    {"a malformed one further out",
     "127.0.0.1:1",
     "Forwarded: for=192.0.2.1, for==, for=10.0.0.1;proto=http\n",
     "10.0.0.1",
     "http"},
    {"an open quote of a client swallows nothing",
     "127.0.0.1:1",
     "Forwarded: for=\"192.0.2.1, for=203.0.113.9\n",
     "203.0.113.9"},
    {"an open quote, and a proxy that quotes",
     "127.0.0.1:1",
     "Forwarded: for=\", for=\"[2001:db8::9]\"\n",
     "2001:db8::9"},
    {"an open quote with a backslash",
     "127.0.0.1:1",
     "Forwarded: x=\"\\, for=\"203.0.113.9\";x=\"\\\"\\\\\"\n",
     "203.0.113.9"},
    {"an element inside of a quoted string is none",
     "127.0.0.1:1",
     "Forwarded: for=192.0.2.1;x=\", for=10.0.0.1, \\\", for=10.0.0.2\"\n",
     "192.0.2.1"},
    {"a quote from field to field is none",
     "127.0.0.1:1",
     "Forwarded: for=10.0.0.1;x=\"\nForwarded: \"\n",
     "127.0.0.1"},
    {"empty elements are nothing (RFC 9110 5.6.1)",
     "127.0.0.1:1",
     "Forwarded: , for=203.0.113.9,, ,\n",
     "203.0.113.9"},
    {"the fields of the other kind are not read",
     "127.0.0.1:1",
     "X-Forwarded-For: 192.0.2.1\nX-Forwarded-Proto: https\n",
     "127.0.0.1"},
};

void check(client_row const& row, forwarding which) {
  auto const fields = fields_of(row.fields);
  auto const client = find_client(row.peer, fields_view(fields), ours, which);
  CHECK(client.address == row.address);
  CHECK(client.proto.value_or("-") == row.proto);
  CHECK(client.host.value_or("-") == row.host);
}

struct element_row {
  char const* because;
  std::string_view text;
  char const* expected;  // for|by|proto|host; null: malformed
};

constexpr element_row elements[] = {
    {"for", "for=192.0.2.43", "192.0.2.43|||"},
    {"quoted", "for=\"192.0.2.43\"", "192.0.2.43|||"},
    {"with a port", "for=\"192.0.2.43:47011\"", "192.0.2.43:47011|||"},
    {"with a made-up port", "for=\"192.0.2.43:_47.a-b\"", "192.0.2.43:_47.a-b|||"},
    {"IPv6", "for=\"[2001:db8:cafe::17]\"", "[2001:db8:cafe::17]|||"},
    {"IPv6 with a port", "for=\"[2001:db8:cafe::17]:4711\"", "[2001:db8:cafe::17]:4711|||"},
    {"unknown", "for=unknown", "unknown|||"},
    {"unknown with a port", "for=\"unknown:80\"", "unknown:80|||"},
    {"a made-up name", "for=_mdn;by=_SEVKISEK", "_mdn|_SEVKISEK||"},
    {"all", "for=_a;by=_b;proto=https;host=\"x:1\"", "_a|_b|https|x:1"},
    {"a quoted pair", "for=\"19\\2.0.2.43\"", "192.0.2.43|||"},
    {"an unknown parameter", "for=_a;secret=abc;x=\"; , \\\"\"", "_a|||"},
    {"empty pairs (4)", ";;for=_a;", "_a|||"},
    {"nothing at all (4)", "", "|||"},
    {"blanks around semicolons", " for=_a ; by=_b\t;", "_a|_b||"},
    {"a parameter twice (4)", "for=_a;For=_a", nullptr},
    {"blanks around the equals sign", "for = _a", nullptr},
    {"no equals sign", "for", nullptr},
    {"no value", "for=", nullptr},
    {"no name", "=_a", nullptr},
    {"an open quote", "for=\"_a", nullptr},
    {"an open quoted pair", "for=\"_a\\", nullptr},
    {"a quote within a token", "for=_a\"b\"", nullptr},
    {"something behind a quoted string", "for=\"_a\"b", nullptr},
    {"a comma", "for=_a,by=_b", nullptr},
    {"IPv6 unquoted (6)", "for=[::1]", nullptr},
    {"a port unquoted (6)", "for=192.0.2.43:80", nullptr},
    {"IPv6 without brackets", "for=\"::1\"", nullptr},
    {"IPv4 in brackets", "for=\"[192.0.2.43]\"", nullptr},
    {"a zone", "for=\"[fe80::1%1]\"", nullptr},
    {"no port behind the colon", "for=\"192.0.2.43:\"", nullptr},
    {"a port that is too large", "for=\"192.0.2.43:65536\"", nullptr},
    {"two ports", "for=\"192.0.2.43:80:80\"", nullptr},
    {"an empty made-up name", "for=_", nullptr},
    {"a made-up name with another byte", "for=\"_a b\"", nullptr},
    {"a name", "for=localhost", nullptr},
    {"no node", "for=\"\"", nullptr},
    {"by is a node as well", "by=localhost", nullptr},
    {"no scheme", "proto=1http", nullptr},
    {"no host", "host=\"a b\"", nullptr},
    {"an empty host", "host=\"\"", nullptr},
};

}  // namespace

TEST_CASE("X-Forwarded fields are believed as far as proxies are trusted", "[http][forwarded]") {
  for (auto const& row : x_forwarded)
    DYNAMIC_SECTION(row.because) {
      check(row, forwarding::x_forwarded);
    }
}

TEST_CASE("Forwarded is believed as far as proxies are trusted (RFC 7239 8.1)",
          "[http][forwarded]") {
  for (auto const& row : forwarded)
    DYNAMIC_SECTION(row.because) {
      check(row, forwarding::forwarded);
    }
}

TEST_CASE("an element of Forwarded is read as RFC 7239 says", "[http][forwarded]") {
  for (auto const& row : elements)
    DYNAMIC_SECTION(row.because) {
      auto const e = parse_forwarded_element(row.text);
      REQUIRE(e.has_value() == (row.expected != nullptr));
      if (!e) continue;
      CHECK(e->for_.value_or("") + "|" + e->by.value_or("") + "|" + e->proto.value_or("") + "|" +
                e->host.value_or("") ==
            row.expected);
    }
  CHECK(parse_forwarded_element("for=\"[::1]:80\"")->client() == ip_address::parse("::1"));
  CHECK_FALSE(parse_forwarded_element("for=unknown")->client());
  CHECK_FALSE(parse_forwarded_element("proto=http")->client());
}

TEST_CASE("nobody is trusted by default", "[http][forwarded]") {
  auto const fields = fields_of("X-Forwarded-For: 192.0.2.1\nForwarded: for=192.0.2.1\n");
  for (auto const which : {forwarding::x_forwarded, forwarding::forwarded})
    CHECK(find_client("127.0.0.1:1", fields_view(fields), {}, which) == client_info{"127.0.0.1"});
}

TEST_CASE("a request knows its client", "[http][forwarded]") {
  auto const fields = fields_of("X-Forwarded-For: 192.0.2.1\nForwarded: for=192.0.2.2\n");
  request in;
  in.peer = "[::1]:49152";
  in.fields = fields_view(fields);
  CHECK(find_client(in, ours).address == "192.0.2.1");
  CHECK(find_client(in, ours, forwarding::forwarded).address == "192.0.2.2");
}

TEST_CASE("a chain without an end has one", "[http][forwarded]") {
  std::string chain = "192.0.2.1", elements_text = "for=192.0.2.1";
  for (int i = 40; i > 0; --i) {
    chain += ", 10.0.0." + std::to_string(i);
    elements_text += ", for=10.0.0." + std::to_string(i);
  }
  std::vector<field> const fields{{"X-Forwarded-For", chain}, {"Forwarded", elements_text}};
  for (auto const which : {forwarding::x_forwarded, forwarding::forwarded})
    CHECK(find_client("127.0.0.1:1", fields_view(fields), ours, which).address == "10.0.0.32");
}

TEST_CASE("a list of proxies that is wrong is told at start", "[http][forwarded]") {
  CHECK_THROWS_AS((trusted_proxies{"10.0.0.0/8", "localhost"}), std::invalid_argument);
  CHECK_THROWS_AS((trusted_proxies{"10.0.0.1/8"}), std::invalid_argument);
  trusted_proxies some;
  CHECK_THROWS_AS(some.add("::/129"), std::invalid_argument);
  some.add("192.0.2.0/24");
  CHECK(some.contains(*ip_address::parse("::ffff:192.0.2.200")));
  CHECK_FALSE(some.contains(*ip_address::parse("192.0.3.1")));
}
