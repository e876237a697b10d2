#include <wend/extra/client_request.hpp>
//
#include "support/catch.hpp"

using namespace wend;

TEST_CASE("a reference is resolved against the URL it came from", "[extra][client_request]") {
  using detail::resolve_reference;
  CHECK(resolve_reference("http://h/a/b?c", "/x") == "http://h/x");
  CHECK(resolve_reference("http://h/a/b?c", "x") == "http://h/a/x");
  CHECK(resolve_reference("http://h/a/b?c", "?x") == "http://h/a/b?x");
  CHECK(resolve_reference("http://h", "x") == "http://h/x");
  CHECK(resolve_reference("http://h/a", "//k/x") == "http://k/x");
  CHECK(resolve_reference("http://h/a", "http://k/x") == "http://k/x");
  CHECK(resolve_reference("http://h/a", "/x?u=http://k/") == "http://h/x?u=http://k/");
}
