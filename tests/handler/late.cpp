#include <wend/handler/late.hpp>

#include <string>

#include "support/catch.hpp"

TEST_CASE("a plain result is there at once", "[handler][late]") {
  STATIC_REQUIRE_FALSE(wend::detail::late_result<std::string>::is_late);
  STATIC_REQUIRE_FALSE(wend::detail::late_result<void>::is_late);
}
