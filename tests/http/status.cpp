#include <wend/http/status.hpp>

#include "support/catch.hpp"

using namespace wend;

static_assert(code(status::not_found) == 404);
static_assert(reason(status::unprocessable_content) == "Unprocessable Content");
static_assert(reason(status{299}).empty());
static_assert(forbids_content(status::no_content) && forbids_content(status::not_modified) &&
              forbids_content(status{150}) && !forbids_content(status::ok));

TEST_CASE("every registered status has a reason phrase", "[http][status]") {
  int named = 0;
  for (int c = 0; c < 1000; ++c)
    named += !reason(static_cast<status>(c)).empty();
  CHECK(named == 60);  // IANA, without the unused and the obsolete
}
