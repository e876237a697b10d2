#include <wend/http/response.hpp>

#include "support/catch.hpp"

using namespace wend;

TEST_CASE("a reset response is a blank 200", "[http][response]") {
  response r(status::created, "text/plain", "body");
  r.set("ETag", "\"x\"").add("Set-Cookie", "a=1");
  CHECK(r.fields.get("content-type") == "text/plain");
  r.failure = std::make_exception_ptr(1);
  r.reset();
  CHECK(r.status == status::ok);
  CHECK(r.fields.empty());
  CHECK(r.body.empty());
  CHECK_FALSE(r.failure);
  CHECK_FALSE(r.source);
}
