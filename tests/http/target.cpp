#include <wend/http/target.hpp>

#include "support/catch.hpp"

using namespace wend;

namespace {

struct target_row {
  char const* because;
  method m;
  std::string_view text;
  bool good;
  std::string_view path, query, authority;
};

target_row const targets[] = {
    {"origin-form (RFC 9112 3.2.1)", method::get, "/a/b?c=d", true, "/a/b", "c=d", ""},
    {"an empty query is one", method::get, "/a?", true, "/a", "", ""},
    {"absolute-form (3.2.2)", method::get, "http://h:80/x?y", true, "/x", "y", "h:80"},
    {"an absolute form without a path has the path /", method::get, "http://h", true, "/", "", "h"},
    {"a scheme is compared in any case", method::get, "HTTPS://h/", true, "/", "", "h"},
    {"authority-form is for CONNECT (3.2.3)", method::connect, "h:443", true, "", "", "h:443"},
    {"CONNECT takes no path", method::connect, "/x", false, "", "", ""},
    {"CONNECT needs a port", method::connect, "h", false, "", "", ""},
    {"CONNECT to an IP literal", method::connect, "[::1]:443", true, "", "", "[::1]:443"},
    {"asterisk-form is for OPTIONS (3.2.4)", method::options, "*", true, "*", "", ""},
    {"GET takes no asterisk", method::get, "*", false, "", "", ""},
    {"an empty target is none", method::get, "", false, "", "", ""},
    {"a relative path is none", method::get, "a/b", false, "", "", ""},
    {"a fragment is not sent (RFC 9110 7.1)", method::get, "/a#b", false, "", "", ""},
    {"a backslash is read in two ways", method::get, "/a\\b", false, "", "", ""},
    {"bytes over 0x7F are escaped in a URI", method::get, "/caf\xc3\xa9", false, "", "", ""},
    {"quotes are escaped in a URI", method::get, "/\"", false, "", "", ""},
    {"browsers send brackets raw", method::get, "/a[1]|b?x[]={y}", true, "/a[1]|b", "x[]={y}", ""},
    {"user information is refused", method::get, "http://u@h/", false, "", "", ""},
    {"another scheme is refused", method::get, "ftp://h/", false, "", "", ""},
    {"an absolute form without a host is refused", method::get, "http:///x", false, "", "", ""},
};

}  // namespace

TEST_CASE("a request target is read as RFC 9112 3.2 says", "[http][target]") {
  for (auto const& row : targets)
    DYNAMIC_SECTION(row.because) {
      auto const t = parse_target(row.m, row.text);
      REQUIRE(t.has_value() == row.good);
      if (!row.good) {
        CHECK(t.error().status == status::bad_request);
        continue;
      }
      CHECK(t->path == row.path);
      CHECK(t->query == row.query);
      CHECK(t->authority == row.authority);
      CHECK(t->raw == row.text);
    }
}

TEST_CASE("a host is a name or an address, and perhaps a port", "[http][target]") {
  for (auto good : {"example.com",
                    "a",
                    "1.2.3.4:80",
                    "[::1]",
                    "[::1]:8080",
                    "[1:2:3:4:5:6:7:8]",
                    "[::ffff:1.2.3.4]:1",
                    "a:",
                    "x%41",
                    "a_b"})
    CHECK(is_host(good));
  for (auto bad : {"",        ":80",       "a:b",       "a:99999",
                   "a b",     "a/b",       "u@h",       "[::1",
                   "[]",      "[x]",       "[1.2.3.4]", "[1:2]",
                   "[:::]",   "[1::2::3]", "[12345::]", "[1:2:3:4:5:6:7:8:9]",
                   "[::1.2]", "[v1.a:b]",  "a,b",       "%4",
                   "a:80:80", "[::1]x"})
    CHECK_FALSE(is_host(bad));
}

TEST_CASE("a path loses escapes and dot segments before it is matched", "[http][target]") {
  std::string scratch;
  struct row {
    char const* because;
    std::string_view raw;
    std::optional<std::string_view> path;
  };
  using namespace std::string_view_literals;
  row const rows[] = {
      {"a plain path stays where it is", "/a/b", "/a/b"},
      {"escapes are decoded once", "/a%20b%2520", "/a b%20"},
      {"an encoded slash does not separate", "/a%2Fb%2fc", "/a\0b\0c"sv},
      {"a dot segment goes (RFC 3986 5.2.4)", "/a/./b", "/a/b"},
      {"two dots take a segment with them", "/a/b/../c", "/a/c"},
      {"encoded dots are dots", "/a/%2e%2E/b", "/b"},
      {"a dot at the end leaves the slash", "/a/b/.", "/a/b/"},
      {"two dots at the end leave the slash", "/a/b/..", "/a/"},
      {"a path may climb to the root", "/a/..", "/"},
      {"a path may not climb above the root", "/a/../..", std::nullopt},
      {"nor on the way", "/../a", std::nullopt},
      {"three dots are a name", "/...", "/..."},
      {"a dot file is a name", "/.git/x", "/.git/x"},
      {"empty segments stay", "//a//b", "//a//b"},
      {"an encoded slash shields no dots", "/a%2F..", std::nullopt},
      {"nor those before it", "/a/..%2f..%2fb", std::nullopt},
      {"dots in a name beside one are none", "/a%2F...%2f.b", "/a\0...\0.b"sv},
      {"NUL is refused (RFC 3986 7.3)", "/a%00", std::nullopt},
      {"half an escape is refused", "/a%2", std::nullopt},
      {"a malformed escape is refused", "/a%zz", std::nullopt},
  };
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      auto const path = normalize_path(r.raw, scratch);
      REQUIRE(path.has_value() == r.path.has_value());
      if (path) CHECK(*path == *r.path);
    }
  CHECK(normalize_path("/plain", scratch)->data() != scratch.data());
}
