#include <wend/app/router.hpp>
#include <wend/app/table.hpp>

#include "support/ask.hpp"
#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/github.hpp"

using namespace wend;
using wend::test::ask;

namespace {

using std::string_view;

template <class... T>
std::string show(T const&... parts) {
  std::string out;
  ((out.append(parts).append("|")), ...);
  return out;
}

auto const handler0 = [] { return "."; };
auto const handler1 = [](string_view a) { return show(a); };
auto const handler2 = [](string_view a, string_view b) { return show(a, b); };
auto const number1 = [](long a) { return std::to_string(a); };
auto const maybe1 = [](std::optional<string_view> a) { return show(a.value_or("-")); };

constexpr auto make_table() {
  return routes(get<"/slash/">(handler0),
                get<"/plain/{a}">(number1),
                get<"/café/{a}">(handler1),
                get<"/rest/{a...}">(handler1),
                get<"/maybe[/{a}]">(maybe1),
                get<"/pair/{a}-{b}">(handler2),
                get<"/int/{a:int}">(number1),
                get<"/{a}">(handler1),
                get<"/x">(handler0),
                get<"/">(handler0));
}

/// The same routes as a table and as a router, so that each row is asked of both.
struct twins {
  twins() {
    r.add(method::get, "/", handler0);
    r.add(method::get, "/x", handler0);
    r.add(method::get, "/{a}", handler1);
    r.add(method::get, "/int/{a:int}", number1);
    r.add(method::get, "/pair/{a}-{b}", handler2);
    r.add(method::get, "/maybe[/{a}]", maybe1);
    r.add(method::get, "/rest/{a...}", handler1);
    r.add(method::get, "/café/{a}", handler1);
    r.add(method::get, "/plain/{a}", number1);
    r.add(method::get, "/slash/", handler0);
  }
  decltype(make_table()) t = make_table();
  router r;
};

struct row {
  char const* because;
  char const* target;
  char const* answer;
};

row const rows[] = {
    {"the root", "/", "200 ."},
    {"a literal comes before a capture", "/x", "200 ."},
    {"a query takes no part", "/x?y=/z", "200 ."},
    {"a capture is decoded once", "/a%2520b", "200 a%20b|"},
    {"an encoded slash stays in its segment", "/a%2Fb", "200 a/b|"},
    {"an encoded slash does not separate", "/int%2F5", "200 int/5|"},
    {"a literal may be escaped", "/%78", "200 ."},
    {"a literal that is not ASCII", "/caf%C3%A9/%C3%A9", "200 é|"},
    {"dot segments go first", "/a/../x", "200 ."},
    {"encoded dot segments go first", "/a/%2e%2e/x", "200 ."},
    {"an absolute target has a path", "http://h/x", "200 ."},
    {"an integer", "/int/-5", "200 -5"},
    {"an integer that is too large", "/int/99999999999999999999", "404"},
    {"what is no integer does not match", "/int/five", "404"},
    {"text that a plain capture's parameter cannot take", "/plain/five", "400"},
    {"two captures in a segment", "/pair/a-b-c", "200 a|b-c|"},
    {"an optional part", "/maybe/b", "200 b|"},
    {"an optional part that is absent", "/maybe", "200 -|"},
    {"an optional part is not empty", "/maybe/", "404"},
    {"the rest keeps its slashes", "/rest/a//b%2Fc", "200 a//b/c|"},
    {"the rest may be empty", "/rest/", "200 |"},
    {"a trailing slash is another resource", "/x/", "404"},
    {"so is one that is missing", "/slash", "200 slash|"},
    {"an empty segment is not nothing", "//x", "404"},
};

}  // namespace

TEST_CASE("a table and a router route alike", "[app][table][router]") {
  twins const both;
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      for (auto const& s : {service(both.t), service(both.r)}) {
        auto const got = wend::test::fetch(s, r.target);
        if (string_view(r.answer).size() == 3)
          CHECK(got.substr(0, 3) == r.answer);
        else
          CHECK(got == r.answer);
      }
    }
}

TEST_CASE("a table of tables has all their routes", "[app][table]") {
  auto const inner = routes(get<"/a">(handler0), get<"/b", "bee">(handler0));
  auto const outer = routes(get<"/c">(handler0), inner, put<"/a">(handler0));
  CHECK(outer.size() == 4);
  CHECK(wend::test::fetch(outer, "/b") == "200 .");
  CHECK(ask(outer, {method::put, "/a"}).status == status::ok);
  CHECK(outer.url_for<"bee">() == "/b");
}

TEST_CASE("an empty table answers 404", "[app][table]") {
  auto const none = routes();
  CHECK(wend::test::fetch(none, "/").starts_with("404"));
  CHECK(ask(none, {method::options, "*"}).status == status::no_content);
}

TEST_CASE("of optional parts that look alike the first one is there", "[app][table]") {
  using maybe = std::optional<int>;
  auto const log = [](maybe y, maybe m) {
    return std::to_string(y.value_or(0)) + " " + std::to_string(m.value_or(0));
  };
  auto const t = routes(get<"/a">(handler0),
                        get<"/b">(handler0),
                        get<"/c/{d}">(handler1),
                        get<"/log[/{y:int}][/{m:int}]", "log">(log),
                        get<"/z">(handler0),
                        get<"/e[/f][/g]">(handler0),
                        get<"/{any:slug}/x">(handler1));
  CHECK(wend::test::fetch(t, "/log/2024") == "200 2024 0");
  CHECK(t.url_for<"log">(2024, std::nullopt) == "/log/2024");
  CHECK_THROWS_AS(t.url_for<"log">(std::nullopt, 7), std::invalid_argument);
}

TEST_CASE("a route limits its own body", "[app][table]") {
  auto const t = routes(
      post<"/small", max_body<16>>([](body) {}), post<"/any">([](body) {}), post<"/none">([] {}));
  auto const policy = [&](std::string_view target) {
    request in;
    response out;
    body_policy p;
    in.method = method::post;
    in.target = *parse_target(in.method, target);
    REQUIRE(t.find(in, out, p) == stage::body);
    return p;
  };
  CHECK(policy("/small").mode == body_mode::whole);
  CHECK(policy("/small").limit == 16);
  CHECK(policy("/any").limit == std::nullopt);
  CHECK(policy("/none").mode == body_mode::unwanted);
}

TEST_CASE("a path with its slash astray can be redirected", "[app][table]") {
  auto t = routes(get<"/a">(handler0), get<"/b/">(handler0), post<"/c/">(handler0));
  CHECK(ask(t, {method::get, "/a/"}).status == status::not_found);
  t.options.redirect_trailing_slash = true;
  auto const to = [&](std::string target) {
    auto const out = ask(t, {method::get, std::move(target)});
    CHECK(out.status == status::permanent_redirect);
    return std::string(out.fields.get("Location").value_or("-"));
  };
  CHECK(to("/a/") == "/a");
  CHECK(to("/b?x=1") == "/b/?x=1");
  CHECK(to("/%61/") == "/%61");
  CHECK(ask(t, {method::get, "//a/"}).status == status::not_found);
  CHECK(ask(t, {method::get, "//evil.example/%2e%2e/a/"}).status == status::not_found);
  CHECK(ask(t, {method::get, "/none/"}).status == status::not_found);
}

TEST_CASE("a handler is made once, by its user", "[app][table]") {
  static int made = 0;
  struct handler {
    handler() { ++made; }
    std::string operator()() const { return "made"; }
  };
  auto const api = wend::routes(wend::get<"/">(handler()));
  auto const before = made;
  CHECK(wend::test::fetch(api, "/") == "200 made");
  CHECK(made == before);
}

TEST_CASE("the GitHub API is one table", "[app][table]") {
  auto const t = wend::test::github_table();
  CHECK(t.size() == 203);
  for (auto const& r : wend::test::github_routes) {
    std::string target;
    for (std::string_view rest = r.pattern; !rest.empty();) {  // "{owner}" is asked as "owner"
      auto const open = std::min(rest.find('{'), rest.size());
      target += rest.substr(0, open);
      rest.remove_prefix(open);
      auto const close = rest.find('}');
      if (close == rest.npos) break;
      target += rest.substr(1, close - 1);
      rest.remove_prefix(close + 1);
    }
    INFO(target);
    REQUIRE(ask(t, {method(r.method), target}).body == r.pattern);
  }
  CHECK(wend::test::fetch(t, "/repos/a/b/nothing").starts_with("404"));
}

TEST_CASE("finding and calling a route does not allocate", "[app][table]") {
  twins const both;
  request in;
  response out;
  body_policy policy;
  auto const serve = [&](service s, std::string_view target) {
    in.reset();
    out.reset();
    in.method = method::get;
    in.target = *parse_target(in.method, target);
    if (s.find(in, out, policy) == stage::body) s.call(in, out);
  };
  for (auto const& s : {service(both.t), service(both.r)})
    for (auto target : {"/", "/int/5", "/pair/a-b", "/rest/a/b", "/caf%C3%A9/x"}) {
      serve(s, target);
      CHECK(wend::test::allocations_in([&] { serve(s, target); }) == 0);
      CHECK(out.status == status::ok);
    }
}
