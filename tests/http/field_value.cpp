#include <wend/http/field_value.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace wend;

static_assert(has_token("keep-alive, Upgrade", "upgrade") && !has_token("upgraded", "upgrade"));
static_assert(!has_token("\"a, close\"", "close"));
static_assert(parse_media_type("Text/HTML; charset=utf-8")->is("text", "html"));
static_assert(!parse_media_type("text") && !parse_media_type("/") && !parse_media_type("a b/c"));
static_assert(cookie_value("a=1; b=\"2\"; c=", "b") == "2");
static_assert(cookie_value("a=1; b=2", "c") == std::nullopt &&
              cookie_value("ab=1", "b") == std::nullopt);
static_assert(cookie_value("a=x=y", "a") == "x=y" && cookie_value("c=", "c") == "");

TEST_CASE("a list has its elements without the empty ones", "[http][field_value]") {
  std::vector<std::string> found;
  for_each_element(" a, ,\"x, y\" ,, b;q=\"1,2\"", [&](auto one) { found.emplace_back(one); });
  CHECK(found == std::vector<std::string>{"a", "\"x, y\"", "b;q=\"1,2\""});
}

TEST_CASE("a parameter is found by name and unquoted", "[http][field_value]") {
  CHECK(parameter("charset=utf-8; Boundary=\"a;\\\"b\"", "boundary") == "a;\"b");
  CHECK(parameter("charset=utf-8", "CHARSET") == "utf-8");
  CHECK_FALSE(parameter("charset", "charset"));
  CHECK_FALSE(parameter("", "x"));
}
