#include <wend/http/error.hpp>

#include <memory>
#include <string>

#include "support/catch.hpp"

using namespace wend;

namespace {

constexpr result<int> half(int n) {
  if (n % 2 != 0) return error{status::bad_request, "odd", "arithmetic"};
  return n / 2;
}
static_assert(*half(4) == 2 && half(4).has_value());
static_assert(!half(3) && half(3).error().detail == "odd");

}  // namespace

TEST_CASE("a result holds what can only be moved", "[http][error]") {
  result<std::unique_ptr<std::string>> r = std::make_unique<std::string>("here");
  REQUIRE(r);
  CHECK(**r == "here");
  auto taken = *std::move(r);
  CHECK(*taken == "here");
}
