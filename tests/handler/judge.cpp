#include <wend/handler/form.hpp>
#include <wend/handler/json.hpp>
#include <wend/handler/judge.hpp>

#include <vector>

#include "support/catch.hpp"

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

}  // namespace

TEST_CASE("the first fault counts, from left to right", "[handler][judge]") {
  auto const f = [](unknown, std::string&) {};
  auto const verdict = judge<decltype(f)>(parsed_of<"/{a}/{b}">);
  CHECK(verdict.fault == handler_fault::reference);
  CHECK(verdict.position == 2);
  CHECK(judge<decltype(f)>().position == 2);
}
