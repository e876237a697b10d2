// What middleware supplies and handlers take, from one table to another.
#include <wend/app/detail/supplied.hpp>
#include <wend/app/group.hpp>
#include <wend/app/router.hpp>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using Catch::Matchers::Contains;
using wend::test::ask;
using wend::test::fetch;

namespace {

struct user {
  std::string name;
};
struct tenant {
  std::string name;
};

/// Supplies a user named by the query.
struct auth {
  result<user> before(request& in) {
    if (in.target.query.empty()) return error{status::unauthorized, "who are you", ""};
    return user{std::string(in.target.query)};
  }
};

/// Supplies a tenant made from the user.
struct tenancy {
  tenant before(request&, provided<user> who) { return {who->name + "'s"}; }
};

/// Supplies another user.
struct sudo {
  user before(request&, provided<user const> const& who) { return {"root, not " + who->name}; }
};

auto const name = [](provided<user> who) { return who->name; };

}  // namespace

TEST_CASE("a handler takes what middleware around it supplies", "[app][provided]") {
  auto const t = routes(use(auth{}, tenancy{}),
                        get<"/name">(name),
                        get<"/{n:int}">([](int n, provided<tenant> whose, provided<user> who) {
                          return whose->name + " " + (*who).name + std::to_string(n);
                        }),
                        group<"/root">(use(sudo{}), get<"/name">(name)));
  CHECK(fetch(t, "/name?ann") == "200 ann");
  CHECK(fetch(t, "/7?ann") == "200 ann's ann7");
  CHECK(fetch(t, "/root/name?ann") == "200 root, not ann");
  CHECK(fetch(t, "/name").starts_with("401"));
  CHECK(fetch(t, "/root/none").starts_with("401"));
}

TEST_CASE("a handler may change what it is provided with", "[app][provided]") {
  struct bill {
    int before(request&) { return 1; }
    void after(request const&, response& out, int total) {
      out.set("X-Total", std::to_string(total));
    }
  };
  auto const t = routes(use(bill{}), get<"/">([](provided<int> total) { *total += 41; }));
  CHECK(ask(t, {}).fields.get("X-Total") == "42");
}

TEST_CASE("what is supplied lives until the request is done", "[app][provided]") {
  struct sentinel {
    std::shared_ptr<int> alive;
    std::shared_ptr<int> before(request&) { return alive; }
  };
  auto const alive = std::make_shared<int>(1);
  auto const t = routes(use(sentinel{alive}, sentinel{alive}),
                        get<"/">([](provided<std::shared_ptr<int>> p) { return p->use_count(); }));
  request in;
  response out;
  body_policy policy;
  in.method = method::get;
  in.target = *parse_target(in.method, "/");
  auto const before = alive.use_count();
  REQUIRE(t.find(in, out, policy) == stage::body);
  t.call(in, out);
  CHECK(alive.use_count() == before + 2);
  in.reset();
  CHECK(alive.use_count() == before);
}

TEST_CASE("a group around a table may supply what it takes", "[app][provided]") {
  auto const api = routes(get<"/name">(name));
  CHECK(fetch(routes(use(auth{}), api), "/name?ann") == "200 ann");
  CHECK(fetch(routes(group<"/a">(use(auth{}), group<"/b">(api))), "/a/b/name?ann") == "200 ann");
  CHECK(fetch(routes(use(auth{}), mount<"/m">(api)), "/m/name?ann") == "200 ann");
}

TEST_CASE("a router names at start the route that nothing supplies", "[app][provided]") {
  auto const make = [] {
    router r;
    r.add(method::get, "/name", name);
    r.add(method::get, "/{n:int}", [](int, provided<user> who) { return who->name; });
    return r;
  };
  CHECK_THROWS_WITH(
      service(make()),
      Contains("GET /name (") && Contains("provided.cpp:") && Contains("parameter 1"));
  SECTION("unless the router does") {
    auto r = make();
    r.use(auth{});
    CHECK(fetch(r, "/name?ann") == "200 ann");
  }
  SECTION("unless a group around it does") {
    CHECK(fetch(routes(use(auth{}), group<"/r">(make())), "/r/name?ann") == "200 ann");
    CHECK(fetch(routes(group<"/r">(use(auth{}), make())), "/r/7?ann") == "200 ann");
    CHECK_THROWS_WITH(fetch(routes(group<"/r">(use(auth{})), make()), "/"),
                      Contains("parameter 1"));
  }
  SECTION("unless a router around it does") {
    router outer;
    outer.use(auth{}).add(mount<"/r">(make()));
    CHECK(fetch(outer, "/r/name?ann") == "200 ann");
  }
  SECTION("and so for the routes of a table") {
    router r;
    r.add(routes(use(auth{}), get<"/a">(name)));
    CHECK(fetch(r, "/a?ann") == "200 ann");
    r.add(routes(get<"/b">(name)));
    CHECK_THROWS_WITH(r.prepare(), Contains("GET /b ("));
  }
  SECTION("and so for middleware") {
    router r;
    r.use(tenancy{});
    CHECK_THROWS_WITH(r.prepare(), Contains("a middleware of a router takes provided<T>"));
    router s;
    s.add(routes(use(tenancy{}), get<"/a">([] {})));
    CHECK_THROWS_AS(s.prepare(), std::invalid_argument);
    s.use(auth{});
    CHECK(fetch(s, "/a?ann").starts_with("204"));
  }
}
