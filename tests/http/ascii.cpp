#include <wend/http/ascii.hpp>

#include "support/catch.hpp"

using namespace wend;

static_assert(is_token("X-Forwarded-For") && is_token("!#$%&'*+-.^_`|~09azAZ"));
static_assert(!is_token("") && !is_token("a b") && !is_token("a:") && !is_token("\x80"));
static_assert(iequals("Content-LENGTH", "content-length") && !iequals("a", "ab"));
static_assert(!iequals("@", "`") && !iequals("[", "{"));  // 0x20 apart, but no letters
static_assert(trim(" \t a b\t ") == "a b" && trim(" \t").empty());
static_assert(hex_value('f') == 15 && hex_value('A') == 10 && hex_value('0') == 0);
static_assert(hex_value('g') == -1 && hex_value('\0') == -1);

TEST_CASE("a field value may hold anything but controls", "[http][ascii]") {
  for (int c = 0; c < 256; ++c) {
    bool const allowed = c == '\t' || (c >= ' ' && c != 0x7f);
    CHECK(detail::field_byte(static_cast<char>(c)) == allowed);
  }
}
