#include <wend/handler/bind.hpp>
#include <wend/handler/form.hpp>
#include <wend/handler/json.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"

using namespace wend;
using namespace wend::detail;

namespace {

/// A call with these captures.
template <fixed_string Pattern, class F>
std::string call(F f, std::vector<std::string_view> values, std::string_view query = "") {
  request in;
  response out;
  in.target.query = query;
  in.captures.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    in.captures.set(i, values[i]);
  binding<F>::call(f, pattern<Pattern>::captures, in, out);
  return std::to_string(code(out.status)) + " " + out.body;
}

}  // namespace

TEST_CASE("captures are taken in order or by name", "[handler][bind]") {
  CHECK(
      call<"/{a}/{b}">([](std::string_view a, int b) { return std::string(a) + std::to_string(b); },
                       {"x", "7"}) == "200 x7");
  CHECK(call<"/{a}/{b}">(
            [](path<"b", int> b, path<"a", std::string> a) { return *a + std::to_string(*b); },
            {"x", "7"}) == "200 x7");
  CHECK(call<"/a[/{b}]">([](std::optional<int> b) { return std::to_string(b.value_or(-1)); },
                         {std::string_view{}}) == "200 -1");
  CHECK(call<"/{h:hex}">([](unsigned h) { return std::to_string(h); }, {"ff"}) == "200 255");
  CHECK(call<"/">([] {}, {}) == "204 ");
}

TEST_CASE("all that does not fit is told at once, in the order of the parameters",
          "[handler][bind]") {
  auto const out = call<"/{a}">([](int, query<"q", int>, query<"r", int>) {}, {"x"}, "q=y");
  CHECK(out.starts_with("400 "));
  auto const a = out.find(R"("in":"path","name":"a")");
  auto const q = out.find(R"("in":"query","name":"q")");
  auto const r = out.find(R"("in":"query","name":"r","detail":"is required")");
  CHECK(a < q);
  CHECK(q < r);
  CHECK(r != out.npos);
}

TEST_CASE("a typed capture is checked before its route is taken", "[handler][bind]") {
  auto const f = [](std::int8_t) {};
  using bound = binding<decltype(f)>;
  captures c;
  c.resize(1);
  c.set(0, "127");
  CHECK(bound::fits(pattern<"/{n:int}">::captures, c));
  c.set(0, "128");
  CHECK_FALSE(bound::fits(pattern<"/{n:int}">::captures, c));
  CHECK(bound::fits(pattern<"/{n}">::captures, c));
  STATIC_REQUIRE(bound::may_not_fit(pattern<"/{n:int}">::captures));
  STATIC_REQUIRE_FALSE(bound::may_not_fit(pattern<"/{n}">::captures));
}

TEST_CASE("whether the body is wanted is in the signature", "[handler][bind]") {
  auto const with = [](body) {};
  auto const without = [](request&) {};
  STATIC_REQUIRE(binding<decltype(with)>::body == body_mode::whole);
  STATIC_REQUIRE(binding<decltype(without)>::body == body_mode::unwanted);
}

TEST_CASE("a handler of captures is called without an allocation", "[handler][bind]") {
  request in;
  response out;
  in.captures.resize(2);
  in.captures.set(0, "name");
  in.captures.set(1, "42");
  in.target.query = "limit=7";
  int seen = 0;
  auto const f = [&](std::string_view, int n, query<"limit", int, 20> limit) {
    seen = n + *limit;
    return status::ok;
  };
  CHECK(wend::test::allocations_in([&] {
          binding<decltype(f)>::call(f, pattern<"/{a}/{n:int}">::captures, in, out);
        }) == 0);
  CHECK(seen == 49);
}
