#include <wend/app/table_fault.hpp>

#include "support/catch.hpp"

TEST_CASE("nothing is never so", "[app][table_fault]") {
  CHECK_FALSE(wend::detail::never<1>);
}
