#include <wend/handler/json_fault.hpp>

#include "support/catch.hpp"

using namespace wend::detail;

TEST_CASE("nothing is said of what can be JSON", "[handler][json_fault]") {
  [[maybe_unused]] explain_unwritable<write_fault::none, int, int> written;
  [[maybe_unused]] explain_unreadable<true, int, int> read;
  SUCCEED();
}
