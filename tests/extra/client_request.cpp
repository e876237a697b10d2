#include <wend/extra/client_request.hpp>
//
#include <stdexcept>
#include <string>

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
  // RFC 3986 5.4
  CHECK(resolve_reference("http://a/b/c/d;p?q", "") == "http://a/b/c/d;p?q");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "#s") == "http://a/b/c/d;p?q");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "./g") == "http://a/b/c/g");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "g/") == "http://a/b/c/g/");
  CHECK(resolve_reference("http://a/b/c/d;p?q", ".") == "http://a/b/c/");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "..") == "http://a/b/");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "../../g") == "http://a/g");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "../../../g") == "http://a/g");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "/./g") == "http://a/g");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "g..") == "http://a/b/c/g..");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "g?y/../x") == "http://a/b/c/g?y/../x");
  CHECK(resolve_reference("http://a/b/c/d;p?q", "g:h") == "g:h");
  // whose path is missing
  CHECK(resolve_reference("http://h?q", "/x") == "http://h/x");
  CHECK(resolve_reference("http://h?q", ".evil.com/x") == "http://h/.evil.com/x");
  CHECK(resolve_reference("http://h#f", "x") == "http://h/x");
  CHECK(resolve_reference("http://h?a/b", "/x") == "http://h/x");
  CHECK(resolve_reference("http://h?a", "") == "http://h?a");
}

TEST_CASE("a request says once of which type its content is", "[extra][client_request]") {
  client_request what{.body = "x", .content_type = "text/plain"};
  fields always;
  always.add("Content-Type", "application/json");
  detail::add_missing(what, always);
  auto const text = detail::request_text(what, "/", "h");
  CHECK(text.find("Content-Type: text/plain") != text.npos);
  CHECK(text.find("json") == text.npos);
  what.fields = always;
  CHECK(detail::request_text(what, "/", "h").find("text/plain") == text.npos);
  what.method = method{};
  CHECK_THROWS_AS(detail::request_text(what, "/", "h"), std::invalid_argument);
}

TEST_CASE("what becomes a GET loses all of its content", "[extra][client_request]") {
  client_request what{.method = method::post, .url = "http://h/", .body = "x"};
  what.fields.add("Content-Encoding", "gzip");
  fields where;
  where.add("Location", "/y");
  auto const next = detail::redirected(what, status::see_other, where);
  REQUIRE(next);
  CHECK(next->method == method::get);
  CHECK_FALSE(next->fields.contains("Content-Encoding"));
}
