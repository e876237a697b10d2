#include <wend/http/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "support/catch.hpp"

namespace {

using namespace std::chrono;
using wend::format_timestamp;

struct written_row {
  char const* because;
  std::string got;
  std::string_view expected;
};

struct read_row {
  char const* because;
  std::string_view text;
  std::optional<std::int64_t> milliseconds;  // since 1970
};

constexpr read_row read_rows[] = {
    {"the example of RFC 3339 5.8", "1985-04-12T23:20:50.52Z", 482196050520},
    {"an offset (5.8)", "1996-12-19T16:39:57-08:00", 851042397000},
    {"an offset to the east (5.8)", "1937-01-01T12:00:27.87+00:20", -1041337172130},
    {"a leap second is the next one (5.8)", "1990-12-31T23:59:60Z", 662688000000},
    {"lower case letters (5.6)", "1970-01-01t00:00:01z", 1000},
    {"a space in between (5.6)", "1970-01-01 00:00:01Z", 1000},
    {"digits beyond the resolution are dropped", "1970-01-01T00:00:00.0019999999999Z", 1},
    {"the first of all", "0000-01-01T00:00:00Z", -62167219200000},
    {"the last of all", "9999-12-31T23:59:59.999Z", 253402300799999},
    {"29 February in a leap year", "2024-02-29T00:00:00Z", 1709164800000},
    {"and in another year", "2023-02-29T00:00:00Z", std::nullopt},
    {"month 13", "2023-13-01T00:00:00Z", std::nullopt},
    {"day 0", "2023-01-00T00:00:00Z", std::nullopt},
    {"hour 24", "2023-01-01T24:00:00Z", std::nullopt},
    {"minute 60", "2023-01-01T00:60:00Z", std::nullopt},
    {"second 61", "2023-01-01T00:00:61Z", std::nullopt},
    {"no offset", "2023-01-01T00:00:00", std::nullopt},
    {"an offset without its colon", "2023-01-01T00:00:00+0100", std::nullopt},
    {"an offset of a day", "2023-01-01T00:00:00+24:00", std::nullopt},
    {"a point without digits", "2023-01-01T00:00:00.Z", std::nullopt},
    {"one digit", "2023-1-01T00:00:00Z", std::nullopt},
    {"a sign", "+2023-01-01T00:00:00Z", std::nullopt},
    {"more behind it", "2023-01-01T00:00:00Z ", std::nullopt},
    {"a date alone", "2023-01-01", std::nullopt},
    {"empty", "", std::nullopt},
};

}  // namespace

TEST_CASE("a time is written in UTC as RFC 3339 says", "[http][timestamp]") {
  sys_days const day = 2026y / January / 2;
  auto const time = day + 3h + 4min + 5s;
  written_row const rows[] = {
      {"seconds", format_timestamp(time), "2026-01-02T03:04:05Z"},
      {"no fraction, though there could be", format_timestamp(time + 0ns), "2026-01-02T03:04:05Z"},
      {"milliseconds", format_timestamp(time + 6ms), "2026-01-02T03:04:05.006Z"},
      {"zeros at the end go", format_timestamp(time + 250'000us), "2026-01-02T03:04:05.25Z"},
      {"nanoseconds", format_timestamp(time + 1ns), "2026-01-02T03:04:05.000000001Z"},
      {"hours", format_timestamp(sys_time<hours>(day + 3h)), "2026-01-02T03:00:00Z"},
      {"days are a date", format_timestamp(day), "2026-01-02"},
      {"before 1970", format_timestamp(sys_seconds(-1s)), "1969-12-31T23:59:59Z"},
      {"the least nanosecond",
       format_timestamp(sys_time<nanoseconds>::min()),
       "1677-09-21T00:12:43.145224192Z"},
      {"beyond the year 9999", format_timestamp(sys_seconds(253402300800s)), ""},
      {"before the year 0", format_timestamp(sys_seconds(-62167219201s)), ""},
      {"the least second", format_timestamp(sys_seconds::min()), ""},
      {"the last second", format_timestamp(sys_seconds::max()), ""},
      {"the last day", format_timestamp(sys_days::max()), ""},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      CHECK(row.got == row.expected);
    }
}

TEST_CASE("a time is read as RFC 3339 says", "[http][timestamp]") {
  for (auto const& row : read_rows)
    DYNAMIC_SECTION(row.because) {
      auto const got = wend::parse_timestamp<milliseconds>(row.text);
      REQUIRE(got.has_value() == row.milliseconds.has_value());
      if (got) CHECK(got->time_since_epoch().count() == *row.milliseconds);
    }
}

TEST_CASE("a time that the resolution cannot count is refused", "[http][timestamp]") {
  CHECK_FALSE(wend::parse_timestamp<nanoseconds>("1600-01-01T00:00:00Z").has_value());
  CHECK_FALSE(wend::parse_timestamp<nanoseconds>("2300-01-01T00:00:00Z").has_value());
  CHECK(wend::parse_timestamp<nanoseconds>("2262-01-01T00:00:00Z").has_value());
  using short_seconds = duration<std::int32_t>;
  CHECK_FALSE(wend::parse_timestamp<short_seconds>("2038-01-19T03:14:08Z").has_value());
  CHECK(wend::parse_timestamp<short_seconds>("2038-01-19T03:14:06Z").has_value());
}

TEST_CASE("a date alone is a time in days", "[http][timestamp]") {
  CHECK(wend::parse_timestamp<days>("2026-01-02") == sys_days{2026y / January / 2});
  CHECK_FALSE(wend::parse_timestamp<days>("2026-01-02T00:00:00Z").has_value());
}

TEST_CASE("any time comes back from its text", "[http][timestamp]") {
  std::mt19937_64 random{1};
  for (int i = 0; i < 2000; ++i) {
    sys_time<nanoseconds> const when{nanoseconds{static_cast<std::int64_t>(random()) / 2}};
    CAPTURE(when.time_since_epoch().count());
    REQUIRE(wend::parse_timestamp<nanoseconds>(wend::format_timestamp(when)) == when);
  }
}
