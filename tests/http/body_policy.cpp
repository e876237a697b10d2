#include <wend/http/body_policy.hpp>

#include "support/catch.hpp"

TEST_CASE("a body is not wanted unless a route says so", "[http][body_policy]") {
  wend::body_policy const p;
  CHECK(p.mode == wend::body_mode::unwanted);
  CHECK_FALSE(p.limit);
}
