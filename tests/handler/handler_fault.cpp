#include <wend/handler/handler_fault.hpp>

#include "support/catch.hpp"

using wend::detail::handler_fault;

TEST_CASE("every fault of a handler has a sentence", "[handler][handler_fault]") {
  CHECK(wend::detail::sentence(handler_fault::none).empty());
  for (int f = 1; f <= static_cast<int>(handler_fault::result); ++f)
    CHECK(wend::detail::sentence(static_cast<handler_fault>(f)).starts_with("wend: "));
}
