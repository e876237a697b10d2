#include <wend/http/body_policy.hpp>

#include "support/catch.hpp"

TEST_CASE("a body is not wanted unless a route says so", "[http][body_policy]") {
  wend::body_policy const p;
  CHECK_FALSE(p.wanted);
  CHECK_FALSE(p.limit);
}
