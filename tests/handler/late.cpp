#include <wend/handler/bind.hpp>
#include <wend/handler/late.hpp>

#include <functional>

#include "support/catch.hpp"

using namespace wend;
using namespace wend::detail;

namespace {

/// A result that is there when the test asks for it.
template <class T>
struct promise {
  std::function<T()> make;
};

struct held_call : late_work {
  std::function<void()> run;
};

class unfit {
  [[maybe_unused]] int hidden_ = 0;
};

/// What a handler reads while it runs; it cannot be copied.
struct feed {
  std::string text;
  feed() = default;
  feed(feed const&) = delete;
};
feed the_feed;

}  // namespace

template <class T>
struct wend::detail::late_result<promise<T>> {
  static constexpr bool is_late = true;
  using type = T;
  template <class Call>
  static void start(Call call, request&, response& out) {
    auto work = std::make_unique<held_call>();
    work->run = [call = std::make_shared<Call>(std::move(call)), &out] {
      respond(out, (*call)().make());
    };
    out.later = std::move(work);
  }
};

template <>
struct wend::extractor<feed> {
  static constexpr bool by_reference = true, takes_body = true;
  static constexpr body_mode mode = body_mode::pieces;
  static feed* extract(request& in, rejection& why) {
    if (in.target.query == "bad") return why.add("query", "", "is bad"), nullptr;
    return &the_feed;
  }
};

static_assert(std::same_as<awaited_t<int>, int>);
static_assert(std::same_as<awaited_t<promise<int>>, int>);

namespace {

template <class F>
constexpr handler_fault fault(F const&) {
  return judge<F>(parsed_of<"/">).fault;
}
static_assert(fault([] { return promise<int>{}; }) == handler_fault::none);
static_assert(fault([] { return promise<unfit>{}; }) == handler_fault::result);
static_assert(fault([](feed&) {}) == handler_fault::none);
static_assert(fault([](feed const&) {}) == handler_fault::none);
static_assert(fault([](feed&&) {}) == handler_fault::by_value);
static_assert(fault([](feed&, body) {}) == handler_fault::two_bodies);
static_assert(fault([](query<"a", int>&) {}) == handler_fault::reference);

auto const reader = [](feed& in) { return in.text; };
static_assert(binding<std::remove_const_t<decltype(reader)>>::body == body_mode::pieces);

}  // namespace

TEST_CASE("a result that comes later is started with arguments of its own", "[handler][late]") {
  auto const f = [](query<"a", std::string> const& a, request& in) {
    return promise<std::string>{[&a, &in] { return *a + std::string(in.target.query); }};
  };
  request in;
  response out;
  in.target.query = "a=x";
  binding<std::remove_const_t<decltype(f)>>::call(f, {}, in, out);
  REQUIRE(out.later);
  CHECK(out.body.empty());
  auto const work = std::move(out.later);
  static_cast<held_call&>(*work).run();
  CHECK(out.body == "xa=x");
}

TEST_CASE("nothing is started for a request that does not fit", "[handler][late]") {
  auto const f = [](query<"a", int>) { return promise<int>{}; };
  request in;
  response out;
  binding<std::remove_const_t<decltype(f)>>::call(f, {}, in, out);
  CHECK_FALSE(out.later);
  CHECK(out.status == status::bad_request);
}

TEST_CASE("a parameter may be a reference to what stays where it is", "[handler][late]") {
  the_feed.text = "piped";
  request in;
  response out;
  using bound = binding<std::remove_const_t<decltype(reader)>>;
  bound::call(reader, {}, in, out);
  CHECK(out.body == "piped");
  out.reset();
  in.target.query = "bad";
  bound::call(reader, {}, in, out);
  CHECK(out.status == status::bad_request);
}
