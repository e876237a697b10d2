#include <wend/handler/constrained.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "support/catch.hpp"

namespace {

using limit = wend::range<int, 1, 100>;
using signed_limit = wend::range<int, -5, 5>;

static_assert(*limit{20} == 20);
static_assert(limit{20} == 20 && limit{20} < limit{21} && limit{3} + 1 == 4);
static_assert(!limit{}.valid() && *limit{} == 1, "where 0 is outside, the default reads as Min");
static_assert(limit{1}.valid());
static_assert(signed_limit{}.valid() && *signed_limit{} == 0);
static_assert(sizeof(limit) == sizeof(int));
static_assert(std::is_convertible_v<int, limit> && std::is_convertible_v<limit, int>);
static_assert(std::is_convertible_v<unsigned long long, limit>);
static_assert(!std::is_convertible_v<double, limit> && !std::is_convertible_v<bool, limit>);
static_assert(std::is_nothrow_default_constructible_v<wend::text<1, 200>>);
static_assert(std::is_convertible_v<char const*, wend::text<1>>);
static_assert(std::is_convertible_v<wend::text<1>, std::string>);

// What `query<"limit", T, Default>` does.
template <class T, auto Default>
constexpr int with_default() {
  constexpr T value = Default;
  return value;
}
static_assert(with_default<limit, 20>() == 20);

struct page {
  limit size = 10;
  wend::text<0, 5> after;
  friend bool operator==(page const&, page const&) = default;
};

struct text_row {
  char const* because;
  std::optional<std::string> got;
  std::optional<std::string> expected;
};

}  // namespace

TEST_CASE("the length of a text is counted in characters", "[handler][constrained]") {
  using short_text = wend::text<1, 3>;
  text_row const rows[] = {
      {"too short", short_text::check(""), "expected 1 to 3 characters, got 0"},
      {"the least", short_text::check("a"), std::nullopt},
      {"the most", short_text::check("abc"), std::nullopt},
      {"one too many", short_text::check("abcd"), "expected 1 to 3 characters, got 4"},
      {"a code point is one character", short_text::check("\u00e4\u20ac\U0001f600"), std::nullopt},
      {"four of them",
       short_text::check("\u00e4\u00e4\u00e4\u00e4"),
       "expected 1 to 3 characters, got 4"},
      {"not UTF-8", short_text::check("\xff"), "expected UTF-8 text"},
      {"a sequence cut short", short_text::check("\xc3"), "expected UTF-8 text"},
      {"a lone minimum", wend::text<1>::check(""), "expected at least 1 character, got 0"},
      {"a larger one", wend::text<2>::check("a"), "expected at least 2 characters, got 1"},
      {"a lone maximum", wend::text<0, 1>::check("ab"), "expected at most 1 character, got 2"},
      {"one length only", wend::text<2, 2>::check("a"), "expected 2 characters, got 1"},
      {"no bounds", wend::text<>::check(std::string(1000, 'x')), std::nullopt},
      {"no bounds is still UTF-8", wend::text<>::check("\x80"), "expected UTF-8 text"},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      CHECK(row.got == row.expected);
    }
}

TEST_CASE("a text is made and read like a string", "[handler][constrained]") {
  wend::text<1, 5> name = "Emma";
  CHECK(name == "Emma");
  CHECK("Emma" == name);
  CHECK(name == std::string("Emma"));
  CHECK(name == std::string_view("Emma"));
  CHECK(name == wend::text<1, 5>("Emma"));
  CHECK(name < wend::text<1, 5>("Zoe"));
  CHECK(name->size() == 4);
  name = std::string("Anne");
  std::string const& same = name;
  std::string_view const view = name;
  CHECK(same.data() == view.data());
  CHECK(*name == "Anne");
}

TEST_CASE("a value outside of its bounds is an exception that says so", "[handler][constrained]") {
  CHECK_THROWS_AS((wend::text<1, 5>("")), std::out_of_range);
  CHECK_THROWS_WITH((wend::text<1, 5>("Knightley")), "expected 1 to 5 characters, got 9");
  CHECK_THROWS_WITH(limit(0), "expected 1 to 100, got 0");
  limit value = 7;
  CHECK_THROWS_AS(value = 101, std::out_of_range);
  CHECK(value == 7);
}

TEST_CASE("a default text is valid when its bounds allow an empty one", "[handler][constrained]") {
  CHECK(wend::text<0, 5>().valid());
  CHECK_FALSE(wend::text<1, 5>().valid());
  CHECK((wend::text<1, 5>("a").valid()));
}

TEST_CASE("a range tells its bounds", "[handler][constrained]") {
  using tiny = wend::range<std::int8_t, 1, 100>;
  using any_byte = wend::range<std::uint8_t>;
  constexpr int most = std::numeric_limits<int>::max();
  text_row const rows[] = {
      {"below", limit::check(0), "expected 1 to 100, got 0"},
      {"the least", limit::check(1), std::nullopt},
      {"the most", limit::check(100), std::nullopt},
      {"above", limit::check(500), "expected 1 to 100, got 500"},
      {"wider than the type", limit::check(9'999'999'999), "expected 1 to 100, got 9999999999"},
      {"unsigned above all", limit::check(~0ull), "expected 1 to 100, got 18446744073709551615"},
      {"not cut down to a small type", tiny::check(257), "expected 1 to 100, got 257"},
      {"negative into unsigned", any_byte::check(-1), "expected 0 to 255, got -1"},
      {"a lone minimum", wend::range<int, 1>::check(0), "expected at least 1, got 0"},
      {"a lone minimum, beyond the type",
       wend::range<int, 1>::check(1ll + most),
       "expected at least 1, got 2147483648"},
      {"a lone maximum",
       wend::range<int, std::numeric_limits<int>::lowest(), 9>::check(10),
       "expected at most 9, got 10"},
      {"one value only", wend::range<int, 7, 7>::check(8), "expected 7, got 8"},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      CHECK(row.got == row.expected);
    }
}

TEST_CASE("an aggregate of constrained values compares as a whole", "[handler][constrained]") {
  CHECK(page{} == page{.size = 10, .after = ""});
  CHECK_FALSE(page{} == page{.size = 11, .after = ""});
}

#if !defined(__clang__) || __clang_major__ >= 18  // a double as template argument
TEST_CASE("a range of floating point numbers", "[handler][constrained]") {
  using ratio = wend::range<double, 0.0, 1.0>;
  static_assert(*ratio{1} == 1.0 && ratio{}.valid());
  CHECK(ratio::check(0.5) == std::nullopt);
  CHECK(ratio::check(1.5) == "expected 0 to 1, got 1.5");
  CHECK(ratio::check(std::numeric_limits<double>::quiet_NaN()) == "expected 0 to 1, got nan");
}
#endif
