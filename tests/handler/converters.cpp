#include <wend/handler/converters.hpp>

#include "support/catch.hpp"

using namespace wend;

namespace {

enum class color { red, green };

}  // namespace

TEST_CASE("an enum is read by its name", "[handler][converters]") {
  CHECK(converter<color>::from_text("green") == color::green);
  CHECK_FALSE(converter<color>::from_text("Green"));
  CHECK_FALSE(converter<color>::from_text("1"));
  CHECK(converter<color>::to_text(color::red) == "red");
  CHECK(detail::why_not<color>("blue") == "expected one of red, green, got \"blue\"");
}

TEST_CASE("a uuid is read from its 36 characters", "[handler][converters]") {
  auto const text = "01234567-89ab-cdef-0123-456789abcdef";
  REQUIRE(converter<uuid>::from_text(text));
  CHECK(converter<uuid>::to_text(*converter<uuid>::from_text(text)) == text);
  CHECK(detail::why_not<uuid>("x") == "expected a UUID, got \"x\"");
}

TEST_CASE("a range tells its bounds, and a text its length", "[handler][converters]") {
  using percent = range<int, 1, 100>;
  CHECK(converter<percent>::from_text("20") == percent(20));
  CHECK_FALSE(converter<percent>::from_text("0"));
  CHECK(detail::why_not<percent>("500") == "expected 1 to 100, got 500");
  CHECK(detail::why_not<percent>("x").starts_with("expected an integer"));
  using name = text<2, 3>;
  CHECK(converter<name>::from_text("éé") == name("éé"));
  CHECK(detail::why_not<name>("a") == "expected 2 to 3 characters, got 1");
  CHECK(detail::fit_of<percent>(capture_type::int_) == detail::capture_fit::yes);
}
