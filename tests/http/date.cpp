#include <wend/http/date.hpp>

#include "support/catch.hpp"

using namespace wend;

TEST_CASE("a date is an IMF-fixdate (RFC 9110 5.6.7)", "[http][date]") {
  using std::chrono::seconds;
  CHECK(format_date(http_time(seconds(784111777))) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(format_date(http_time(seconds(0))) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(format_date(http_time(seconds(951782400))) == "Tue, 29 Feb 2000 00:00:00 GMT");
}
