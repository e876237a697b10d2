#include <wend/handler/bind.hpp>
#include <wend/handler/form.hpp>
#include <wend/handler/json.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"

using namespace wend;
using namespace wend::detail;

namespace {

class unknown {
  [[maybe_unused]] int hidden_ = 0;
};

void function(int) {}

struct shelf {
  unknown top;
};
struct chain {
  std::string name;
  std::vector<chain> next;
};
struct views {
  std::string_view name;
};

template <fixed_string Pattern, class F>
constexpr handler_fault fault(F const&) {
  return judge<F>(parsed_of<Pattern>).fault;
}

using enum handler_fault;
static_assert(fault<"/">([] {}) == none);
static_assert(fault<"/{a}">([] {}) == none);  // a capture may be left alone
static_assert(fault<"/{a}">([](std::string_view) {}) == none);
static_assert(fault<"/{a}">([](int const&) {}) == none);
static_assert(fault<"/{a:int}">(&function) == none);
static_assert(fault<"/{a}/{b}">([](path<"b", int>) {}) == none);
static_assert(fault<"/a[/{b}]">([](std::optional<int>) {}) == none);
static_assert(fault<"/">([](request&) {}) == none && fault<"/">([](request const&) {}) == none);
static_assert(fault<"/">([](auto) {}) == no_signature && fault<"/">(1) == no_signature);
static_assert(fault<"/">([]() mutable {}) == mutable_state);
static_assert(fault<"/{a}">([](std::string&) {}) == reference);
static_assert(fault<"/">([](request) {}) == reference);
static_assert(fault<"/">([](int) {}) == no_source);
static_assert(fault<"/{a}/{b}">([](int) {}) == captures_left);
static_assert(fault<"/{a}/{b}">([](int, path<"b", int>) {}) == two_styles);
static_assert(fault<"/{a}">([](path<"b", int>) {}) == unknown_name);
static_assert(fault<"/{a}">([](std::optional<int>) {}) == not_optional);
static_assert(fault<"/a[/{b}]">([](int) {}) == needs_optional);
static_assert(fault<"/{a}">([](unknown) {}) == no_converter);
static_assert(fault<"/{a:int}">([](std::string) {}) == not_integer);
static_assert(fault<"/{a:number}">([](int) {}) == not_floating);
static_assert(fault<"/{a...}">([](int) {}) == not_text);
static_assert(fault<"/{a:hex}">([](double) {}) == not_text_or_integer);
static_assert(fault<"/{a:uuid}">([](int) {}) == not_uuid);
static_assert(fault<"/">([](body, body) {}) == two_bodies);
static_assert(fault<"/">([](query<"q", unknown>) {}) == no_converter);
static_assert(fault<"/">([](query<"q", std::vector<unknown>>) {}) == no_converter);
static_assert(fault<"/">([](query<"q", std::optional<int>>) {}) == none);
static_assert(fault<"/">([](form<shelf>) {}) == no_converter);
static_assert(fault<"/">([](form<views>) {}) == none);
static_assert(fault<"/">([](header<"X-A", int>) {}) == none);
static_assert(fault<"/">([](header<"X A", int>) {}) == header_name);
static_assert(fault<"/">([](header<"X-A", unknown>) {}) == no_converter);
static_assert(fault<"/">([](cookie<"a=b", int>) {}) == cookie_name);
static_assert(fault<"/">([](json<chain>) {}) == none);
static_assert(fault<"/">([](json<unknown>) {}) == unreadable);
static_assert(fault<"/">([](json<std::vector<views>>) {}) == unreadable);
static_assert(fault<"/">([] { return unknown{}; }) == result);
static_assert(fault<"/">([] { return chain{}; }) == none);
static_assert(fault<"/">([] { return std::vector<shelf>{}; }) == result);
static_assert(fault<"/">([] { return std::pair<status, std::optional<shelf>>{}; }) == result);
static_assert(fault<"/">([](int, header<"X A", int>) {}) == header_name);  // before any pattern
static_assert(judge<void (*)(int, unknown)>(parsed_of<"/{a}/{b}">).position == 2);
static_assert(judge<void (*)(int, unknown&)>().position == 2);

// The error shows the type, and what of it is at fault.
static_assert(std::same_as<parameter_at<void (*)(int, json<views> const&), 2>,
                           part_of<std::string_view, json<views> const&>>);
static_assert(
    std::same_as<parameter_at<void (*)(json<unknown>), 1>, part_of<unknown, json<unknown>>>);
static_assert(std::same_as<parameter_at<void (*)(int), 1>, int>);
static_assert(std::same_as<parameter_at<void (*)(int), 2>, void>);
static_assert(std::same_as<parameter_at<shelf (*)(), 0>, part_of<unknown, shelf>>);
static_assert(std::same_as<parameter_at<unknown (*)(), 0>, unknown>);
static_assert(std::same_as<parameter_at<int, 0>, void>);

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
  STATIC_REQUIRE(binding<decltype(with)>::wants_body);
  STATIC_REQUIRE_FALSE(binding<decltype(without)>::wants_body);
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
