#include <wend/route/pattern_fault.hpp>

#include "support/catch.hpp"

using wend::detail::pattern_fault;

TEST_CASE("a sound pattern has nothing to say", "[route][pattern_fault]") {
  CHECK(wend::detail::sentence(pattern_fault::none).empty());
  CHECK(wend::detail::pattern_is<pattern_fault::none, 0>::sound);
}
