#include <wend/app/router.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/ask.hpp"
#include "support/catch.hpp"
#include "support/naive_router.hpp"

using namespace wend;
using Catch::Matchers::Contains;

TEST_CASE("a router takes routes, tables and patterns from anywhere", "[app][router]") {
  router r;
  r.add(method::get, std::string("/hello/{name}"), [](std::string_view name) { return name; });
  r.add(get<"/one">([] { return "one"; }));
  r.add(routes(get<"/two">([] { return "two"; }), put<"/two", max_body<8>>([](body) {})));
  r.add(method{"PURGE"}, "/two", [] { return "purged"; });
  CHECK(r.size() == 5);
  CHECK(wend::test::fetch(r, "/hello/bob") == "200 bob");
  CHECK(wend::test::fetch(r, "/one") == "200 one");
  CHECK(wend::test::fetch(r, "/two") == "200 two");
  CHECK(wend::test::ask(r, {method::post, "/two"}).fields.get("Allow") ==
        "GET, PURGE, PUT, HEAD, OPTIONS");
  auto const moved = std::move(r);
  CHECK(wend::test::fetch(moved, "/hello/ann") == "200 ann");
}

TEST_CASE("a router may be served again after more was added", "[app][router]") {
  router r;
  CHECK(wend::test::fetch(r, "/a").starts_with("404"));
  r.add(method::get, "/a", [] { return "a"; });
  CHECK(wend::test::fetch(r, "/a") == "200 a");
}

TEST_CASE("a router that was moved from is empty", "[app][router]") {
  router a;
  a.add(method::get, "/a", [] { return "a"; });
  a.prepare();
  router const b = std::move(a);
  CHECK(wend::test::fetch(b, "/a") == "200 a");
  CHECK(wend::test::fetch(a, "/a").starts_with("404"));
}

TEST_CASE("two routes that match the same are named at start", "[app][router]") {
  router r;
  auto const line = std::to_string(__LINE__ + 1);
  r.add(method::get, "/a/{x}", [](std::string_view) {});
  r.add(routes(get<"/a/{y}">([](std::string_view) {})));
  CHECK_THROWS_WITH(
      r.prepare(),
      Contains("GET /a/{x} (") && Contains("GET /a/{y} (") && Contains("router.cpp:" + line));
  CHECK_THROWS_AS(service(r), std::invalid_argument);
}

TEST_CASE("a route that another one always hides is named at start", "[app][router]") {
  router r;
  r.add(method::get, "/{x:[^/]+}", [](std::string_view) {});
  r.add(method::get, "/{y}", [](std::string_view) {});
  CHECK_THROWS_WITH(r.prepare(), Contains("no request could reach the other"));
}

TEST_CASE("all routes that cannot be reached are found at once", "[app][router]") {
  auto const nothing = [](request&) {};
  router r;
  r.add(method::get, "/{x:[^/]+}", nothing)
      .add(method::get, "/a/{x}", nothing)
      .add(method::put, "/a/{x}", nothing)
      .add(method::get, "/a/{y}", nothing)
      .add(method::get, "/{y}", nothing)
      .add(method::get, "/a/{z}", nothing);
  auto const all = r.conflicts();
  std::vector<std::string> found;
  for (auto const& c : all)
    found.push_back(std::to_string(c.second) +
                    (c.hidden ? " is hidden by " : " is as precise as ") + std::to_string(c.first));
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{
                     "3 is as precise as 1", "4 is hidden by 0", "5 is as precise as 1"});
  CHECK(router().add(method::get, "/", nothing).conflicts().empty());
}

TEST_CASE("routes of a router may share a handler", "[app][router]") {
  struct counter {
    int operator()() const { return ++calls; }
    mutable std::atomic<int> calls = 0;  // so that it cannot be copied
  };
  auto const shared = std::make_shared<counter const>();
  router r;
  r.add(method::get, "/a", shared).add(method::get, "/b", shared);
  CHECK(wend::test::fetch(r, "/a") == "200 1");
  CHECK(wend::test::fetch(r, "/b") == "200 2");
}

TEST_CASE("a malformed pattern is refused when it is added", "[app][router]") {
  router r;
  CHECK_THROWS_WITH(r.add(method::get, "/{a", [] {}), Contains("never closed"));
  CHECK_THROWS_WITH(r.add(method::get, "/{a:frob}", [] {}), Contains("no such capture type"));
  CHECK(r.size() == 0);
}

TEST_CASE("a handler that does not fit is refused when it is added", "[app][router]") {
  router r;
  CHECK_THROWS_WITH(r.add(method::get, "/{a:int}", [](std::string) {}),
                    Contains("{x:int} and {x:uint} are integers") && Contains("GET /{a:int} (") &&
                        Contains("parameter 1"));
  CHECK_THROWS_WITH(r.add(method::get, "/", [](int) {}), Contains("nothing supplies"));
  CHECK_THROWS_WITH(r.add(method::get, "/{a}", [](path<"b", int>) {}),
                    Contains("the pattern has no such capture"));
}

TEST_CASE("ten thousand routes are found", "[app][router]") {
  router r;
  for (int i = 0; i < 10'000; ++i)
    r.add(method::get,
          "/area" + std::to_string(i % 100) + "/item" + std::to_string(i) + "/{id:int}",
          [i](int id) { return std::to_string(i) + " " + std::to_string(id); });
  CHECK(wend::test::fetch(r, "/area42/item4242/7") == "200 4242 7");
  CHECK(wend::test::fetch(r, "/area42/item4243/7").starts_with("404"));
}

TEST_CASE("a request finds what trying every route of its method finds", "[app][router]") {
  std::mt19937 random(20260103);
  auto const one_of = [&](auto const& list) { return list[random() % std::size(list)]; };
  std::string const parts[] = {
      "/users", "/user", "/{}", "/{}", "/{:int}", "[/{}]", "/contents", "/"};
  std::string const words[] = {"/users", "/user", "/42", "/contents", "/x", "/a.b", "/"};
  method const methods[] = {method::get, method::put, method::del};
  int found = 0, refused = 0;
  for (int round = 0; round < 1000; ++round) {
    router r;
    struct {
      std::vector<std::string> texts;
      std::vector<detail::parsed_pattern> patterns;
    } of[std::size(methods)], all;
    for (auto n = 1 + random() % 8; n > 0; --n) {
      std::string text;
      char name = 'p';
      for (auto length = 1 + random() % 4; length > 0; --length) {
        auto part = one_of(parts);
        if (auto const brace = part.find('{'); brace != part.npos)
          part.insert(brace + 1, 1, name++);
        text += part;
      }
      if (text.front() != '/' || detail::parse_pattern(text).fault != detail::pattern_fault::none)
        continue;
      auto const m = random() % std::size(methods);
      r.add(methods[m], text, [](request&) {});
      of[m].texts.push_back(text);
    }
    try {
      r.prepare();
    } catch (std::invalid_argument const&) {
      continue;  // a conflict
    }
    for (auto& o : of)
      for (auto const& text : o.texts) {
        o.patterns.push_back(checked_pattern(text));
        all.patterns.push_back(o.patterns.back());
      }
    for (int i = 0; i < 30; ++i) {
      std::string path;
      for (auto length = 1 + random() % 4; length > 0; --length)
        path += one_of(words);
      auto const m = random() % std::size(methods);
      auto const expected = naive::find(of[m].patterns, path);
      request in;
      response out;
      body_policy body;
      in.method = methods[m];
      in.target = *parse_target(in.method, path);
      bool const routed = r.find(in, out, body) == stage::body;
      INFO(path << " " << in.method.name());
      REQUIRE(routed == expected.has_value());
      if (!routed) {
        bool const other = naive::find(all.patterns, path).has_value();
        REQUIRE(out.status == (other ? status::method_not_allowed : status::not_found));
        refused += other;
        continue;
      }
      ++found;
      REQUIRE(in.route->pattern == of[m].texts[expected->route]);
      std::vector<std::string> captures;
      for (std::size_t c = 0; c < in.captures.size(); ++c)
        if (in.captures[c].data() != nullptr) captures.emplace_back(in.captures[c]);
      REQUIRE(captures == expected->captures);
    }
  }
  CHECK(found > 1000);
  CHECK(refused > 1000);
}
