#include <wend/route/convert.hpp>

#include <cstdint>

#include "support/catch.hpp"

using namespace wend;

namespace {

template <class T>
std::optional<T> read(std::string_view text) {
  return converter<T>::from_text(text);
}

static_assert(convertible_text<int> && convertible_text<std::string_view> &&
              convertible_text<bool>);
static_assert(!convertible_text<void*>);

}  // namespace

TEST_CASE("integers are read whole and in range", "[route][convert]") {
  CHECK(read<int>("42") == 42);
  CHECK(read<int>("-42") == -42);
  CHECK(read<int>("+42") == 42);
  CHECK(read<std::int8_t>("127") == 127);
  CHECK_FALSE(read<std::int8_t>("128"));
  CHECK_FALSE(read<unsigned>("-1"));
  for (auto bad : {"", " 1", "1 ", "1.0", "0x1", "+", "-", "+-1", "1e3"})
    CHECK_FALSE(read<int>(bad));
  CHECK(converter<std::int8_t>::expected() == "an integer from -128 to 127");
  CHECK(read<std::int64_t>("9223372036854775807") == INT64_MAX);
  CHECK_FALSE(read<std::int64_t>("9223372036854775808"));
}

TEST_CASE("numbers are finite", "[route][convert]") {
  CHECK(read<double>("-1.5") == -1.5);
  CHECK(read<double>("1e3") == 1000.0);
  for (auto bad : {"inf", "nan", "1e999", "1.5x", ""})
    CHECK_FALSE(read<double>(bad));
  CHECK(converter<double>::to_text(0.25) == "0.25");
  CHECK(read<double>(converter<double>::to_text(1e-70)) == 1e-70);
}

TEST_CASE("a bool is true, false, 1 or 0", "[route][convert]") {
  CHECK(read<bool>("true") == true);
  CHECK(read<bool>("0") == false);
  CHECK_FALSE(read<bool>("yes"));
  CHECK(converter<bool>::to_text(true) == "true");
}

TEST_CASE("which capture may be taken as which type", "[route][convert]") {
  using detail::capture_fit;
  using detail::fit_of;
  CHECK(fit_of<int>(capture_type::int_) == capture_fit::yes);
  CHECK(fit_of<std::string>(capture_type::int_) == capture_fit::wrong_type);
  CHECK(fit_of<bool>(capture_type::int_) == capture_fit::wrong_type);
  CHECK(fit_of<double>(capture_type::number) == capture_fit::yes);
  CHECK(fit_of<int>(capture_type::number) == capture_fit::wrong_type);
  CHECK(fit_of<int>(capture_type::hex) == capture_fit::yes);
  CHECK(fit_of<std::string_view>(capture_type::digits) == capture_fit::yes);
  CHECK(fit_of<int>(capture_type::segment) == capture_fit::yes);
  CHECK(fit_of<void*>(capture_type::segment) == capture_fit::no_converter);
  CHECK(fit_of<std::string_view>(capture_type::rest) == capture_fit::yes);
  CHECK(fit_of<int>(capture_type::any) == capture_fit::wrong_type);
}

TEST_CASE("hex digits are read as such", "[route][convert]") {
  CHECK(detail::from_capture<unsigned>(capture_type::hex, "ff") == 255);
  CHECK(detail::from_capture<unsigned>(capture_type::digits, "10") == 10);
  CHECK_FALSE(detail::from_capture<std::uint8_t>(capture_type::hex, "100"));
}

TEST_CASE("a long text is cut in an error", "[route][convert]") {
  CHECK(detail::expected_but_got("text", "x") == "expected text, got \"x\"");
  CHECK(detail::expected_but_got("text", std::string(50, 'x')) ==
        "expected text, got \"" + std::string(40, 'x') + "...\"");
}
