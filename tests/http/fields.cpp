#include <wend/http/fields.hpp>

#include <array>
#include <vector>

#include "support/catch.hpp"

using namespace wend;

TEST_CASE("fields of a request are found in any case, the first one first", "[http][fields]") {
  std::array<field, 3> const all{{{"Accept", "a"}, {"X-Tag", "1"}, {"x-tag", "2"}}};
  fields_view const f{std::span<field const>(all)};
  CHECK(f.get("x-TAG") == "1");
  CHECK(f.count("X-Tag") == 2);
  CHECK_FALSE(f.get("X-Ta"));
  CHECK(f.size() == 3);
}

TEST_CASE("fields of a response keep order and repetitions", "[http][fields]") {
  fields f;
  f.add("Set-Cookie", "a=1");
  f.add("ETag", "\"x\"");
  f.add("set-cookie", "b=2");
  CHECK(f.lines() == "Set-Cookie: a=1\r\nETag: \"x\"\r\nset-cookie: b=2\r\n");
  std::vector<std::string> names;
  f.for_each([&](field one) { names.emplace_back(one.name); });
  CHECK(names == std::vector<std::string>{"Set-Cookie", "ETag", "set-cookie"});

  SECTION("set replaces all of that name") {
    f.set("SET-COOKIE", "c=3");
    CHECK(f.lines() == "ETag: \"x\"\r\nSET-COOKIE: c=3\r\n");
  }
  SECTION("set takes a view of what it replaces") {
    f.set("ETag", *f.get("ETag"));
    CHECK(f.get("etag") == "\"x\"");
  }
  SECTION("remove removes all of that name") {
    f.remove("Set-cookie");
    CHECK(f.lines() == "ETag: \"x\"\r\n");
    CHECK_FALSE(f.contains("Set-Cookie"));
  }
}

TEST_CASE("nothing that could split a response becomes a field", "[http][fields]") {
  fields f;
  using namespace std::string_view_literals;
  for (auto value : {"a\rb"sv, "a\nb"sv, "a\0b"sv, "a\x7f"sv, "\x01"sv})
    CHECK_THROWS_AS(f.add("X", value), std::invalid_argument);
  for (auto name : {""sv, "A B"sv, "A:"sv, "A\r\n"sv, "\xc3\xa9"sv})
    CHECK_THROWS_AS(f.set(name, "v"), std::invalid_argument);
  CHECK(f.empty());
  f.add("X", " blank around\t");
  CHECK(f.get("X") == "blank around");
}

TEST_CASE("a field that is needed before the content does not come behind it", "[http][fields]") {
  wend::trailer_fields out;
  out.add("X-Sum", " 1 ");
  out.add("Server-Timing", "db;dur=3");
  CHECK(out.lines() == "X-Sum: 1\r\nServer-Timing: db;dur=3\r\n");
  for (auto const name : {"Content-Length", "transfer-encoding", "Host", "Set-Cookie", "TRAILER"})
    CHECK_THROWS_AS(out.add(name, "1"), std::invalid_argument);
  CHECK_THROWS_AS(out.add("X", "a\r\nb: c"), std::invalid_argument);
  CHECK(out.lines() == "X-Sum: 1\r\nServer-Timing: db;dur=3\r\n");
}
