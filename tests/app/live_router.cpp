#include <wend/app/group.hpp>
#include <wend/app/live_router.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/ask.hpp"
#include "support/catch.hpp"
#include "support/count_allocations.hpp"

using namespace wend;
using wend::test::fetch;

namespace {

/// A router that answers with a number.
router numbered(int n) {
  router r;
  r.add(method::get, "/n", [n] { return n; });
  return r;
}

struct supplier {
  std::string before(request&) { return "supplied"; }
};

}  // namespace

TEST_CASE("a live router serves what it was last given", "[app][live_router]") {
  live_router live;
  service const s(live);
  CHECK(fetch(s, "/n").starts_with("404"));
  live.replace(numbered(1));
  CHECK(fetch(s, "/n") == "200 1");
  live.replace(numbered(2));
  CHECK(fetch(s, "/n") == "200 2");
  CHECK(live.current()->size() == 1);
}

TEST_CASE("a bad router does not replace a good one", "[app][live_router]") {
  live_router live(numbered(1));
  auto bad = numbered(2);
  bad.add(method::get, "/n", [] {});
  CHECK_THROWS_AS(live.replace(std::move(bad)), std::invalid_argument);
  CHECK(fetch(live, "/n") == "200 1");
}

TEST_CASE("a request ends with the router it began with", "[app][live_router]") {
  live_router live(numbered(1));
  request in;
  response out;
  body_policy policy;
  in.method = method::get;
  in.target = *parse_target(in.method, "/n");
  std::weak_ptr<router const> const old = live.current();
  REQUIRE(live.find(in, out, policy) == stage::body);
  live.replace(numbered(2));
  CHECK_FALSE(old.expired());
  CHECK(live.call(in, out));
  CHECK(out.body == "1");
  in.reset();
  CHECK(old.expired());
}

TEST_CASE("a live router may be mounted", "[app][live_router]") {
  live_router live;
  auto const t = routes(use(supplier{}), group<"/live">(live), get<"/">([] { return "root"; }));
  CHECK(fetch(t, "/live/n").starts_with("404"));
  router next;
  next.add(method::get, "/n", [](provided<std::string> text) { return *text; });
  live.replace(std::move(next));
  CHECK(fetch(t, "/live/n") == "200 supplied");
  router bad;
  bad.add(method::get, "/n", [](provided<int> n) { return *n; });
  CHECK_THROWS_AS(live.replace(std::move(bad)), std::invalid_argument);
  CHECK(fetch(t, "/live/n") == "200 supplied");
}

TEST_CASE("a live router does not allocate for a request", "[app][live_router]") {
  live_router live(numbered(1));
  live.prepare();
  request in;
  response out;
  body_policy policy;
  auto const serve = [&] {
    in.reset();
    out.reset();
    in.method = method::get;
    in.target = *parse_target(in.method, "/n");
    if (live.find(in, out, policy) == stage::body) live.call(in, out);
  };
  serve();
  CHECK(wend::test::allocations_in(serve) == 0);
}

TEST_CASE("a live router is replaced while it is served", "[app][live_router]") {
  static std::atomic<int> alive;
  struct held {  // by a handler
    explicit held(int n) : number(n) { ++alive; }
    ~held() {
      number = -1;
      --alive;
    }
    int number;
  };
  auto const holding = [](int n) {
    router r;
    r.add(method::get, "/n", [h = std::make_shared<held>(n)] { return h->number; });
    return r;
  };
  std::atomic<int> bad = 0, begun = 0;
  {
    live_router live(holding(0));
    std::atomic<bool> over = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i)
      readers.emplace_back([&] {
        ++begun;
        service const s(live);
        for (int last = 0; !over;) {
          auto const answer = fetch(s, "/n");
          auto const n = answer.starts_with("200 ") ? std::stoi(answer.substr(4)) : -1;
          bad += n < last;  // destroyed, or older than what was served before
          last = n;
        }
      });
    while (begun < 3)
      std::this_thread::yield();
    int most = 0;
    for (int n = 1; n <= 2'000; ++n) {
      live.replace(holding(n));
      most = std::max(most, alive.load());
    }
    over = true;
    for (auto& r : readers)
      r.join();
    CHECK(fetch(live, "/n") == "200 2000");
    CHECK(most <= 1 + 3);  // the one that is served, and one that each reader ends with
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
  CHECK(bad == 0);
}

TEST_CASE("a handler may replace the router that it belongs to", "[app][live_router]") {
  live_router live;
  int times = 0;
  auto const next = [&](auto const& self) -> router {
    router r;
    r.add(method::get, "/n", [&, self] {
      for (int i = 0; i < 3; ++i)
        live.replace(self(self));
      return ++times;
    });
    return r;
  };
  live.replace(next(next));
  CHECK(fetch(live, "/n") == "200 1");
  CHECK(fetch(live, "/n") == "200 2");
}
