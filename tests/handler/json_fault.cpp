#include <wend/handler/json_fault.hpp>

#include <type_traits>

#include "support/catch.hpp"

using namespace wend::detail;

TEST_CASE("nothing is said of what can be JSON", "[handler][json_fault]") {
  CHECK(std::is_empty_v<explain_unwritable<write_fault::none, int, int>>);
  CHECK(std::is_empty_v<explain_unreadable<true, int, int>>);
}
