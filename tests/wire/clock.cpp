#include <wend/wire/clock.hpp>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"

using namespace std::chrono_literals;

TEST_CASE("the Date line is made once a second", "[wire][clock]") {
  wend::coarse_clock clock;
  wend::http_time const second(784111777s);
  std::chrono::steady_clock::time_point const start(5s);
  clock.update(start, second);
  CHECK(clock.now == start);
  CHECK(clock.date == "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");  // RFC 9110 6.6.1
  auto const n = wend::test::allocations_in([&] { clock.update(start + 500ms, second); });
  CHECK(n == 0);
  CHECK(clock.now == start + 500ms);
  clock.update(start + 1s, second + 1s);
  CHECK(clock.date == "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
}

TEST_CASE("the epoch is a date like others", "[wire][clock]") {
  wend::coarse_clock clock;
  clock.update({}, wend::http_time{});
  CHECK(clock.date == "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
}
