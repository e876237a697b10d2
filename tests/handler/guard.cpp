#include <wend/handler/guard.hpp>

#include <stdexcept>

#include "support/catch.hpp"

using namespace wend;
using wend::detail::guard;

TEST_CASE("what is thrown becomes the response", "[handler][guard]") {
  response out;
  out.set("X-Old", "1");
  guard(out, [] {});
  CHECK(out.fields.contains("X-Old"));
  SECTION("a problem is its own") {
    guard(out, [] { throw problem(status::conflict, "taken"); });
    CHECK(out.status == status::conflict);
    CHECK(out.cause->detail == "taken");
    CHECK_FALSE(out.failure);
  }
  SECTION("anything else is a 500 that keeps the exception to itself") {
    guard(out, [] { throw std::runtime_error("secret"); });
    CHECK(out.status == status::internal_server_error);
    CHECK(out.body.find("secret") == out.body.npos);
    CHECK_THROWS_AS(std::rethrow_exception(out.failure), std::runtime_error);
  }
  CHECK_FALSE(out.fields.contains("X-Old"));
}
