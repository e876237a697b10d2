#include <wend/app/group.hpp>
#include <wend/app/request_id.hpp>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;

namespace {

auto const api =
    routes(use(request_id{}), get<"/">([](provided<request_id::value> id) { return id->text; }));

/// The name of a request that brings one.
std::string named(std::string_view given) {
  auto const out = ask(api, {method::get, "/", {{"X-Request-ID", given}}});
  CHECK(out.fields.get("X-Request-ID") == out.body);
  return out.body;
}

}  // namespace

TEST_CASE("a request keeps the name it came with", "[app][request_id]") {
  CHECK(named("abc-123") == "abc-123");
  CHECK(named(std::string(128, 'a')) == std::string(128, 'a'));
}

TEST_CASE("a name that is not sane is replaced", "[app][request_id]") {
  for (auto const& bad :
       {std::string(), std::string("a b"), std::string("a\"b"), std::string(129, 'a')})
    CHECK(named(bad).size() == 32);
}

TEST_CASE("a request without a name gets one of its own", "[app][request_id]") {
  auto const a = ask(api, {}).body, b = ask(api, {}).body;
  CHECK(a.size() == 32);
  CHECK(a.find_first_not_of("0123456789abcdef") == a.npos);
  CHECK(a != b);
  CHECK(ask(api, {method::get, "/none"}).fields.contains("X-Request-ID"));
}
