#include <wend/app/condition.hpp>
#include <wend/app/group.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/router.hpp>

#include <array>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;

namespace {

/// "200 text", of a GET to a host.
std::string at(service app, std::string host, std::string target, method const& m = method::get) {
  auto const out = ask(app, {m, std::move(target), {{"Host", host}}});
  if (out.status == status::method_not_allowed)
    return "405 " + std::string(out.fields.get("Allow").value_or(""));
  if (out.status != status::ok) return std::to_string(code(out.status));
  return std::to_string(code(out.status)) + " " + out.body;
}

/// A handler that answers with a text.
auto says(std::string text) {
  return [text = std::move(text)] { return text; };
}

auto has(std::string field) {
  return [field = std::move(field)](request const& in) { return in.field(field).has_value(); };
}

/// Marks the responses that it has seen.
struct mark {
  std::string name;
  void after(request const&, response& out) { out.add("X-Mark", name); }
};

std::string marks(service app, std::vector<field> fields, std::string target) {
  auto const out = ask(app, {method::get, std::move(target), std::move(fields)});
  std::string all;
  out.fields.for_each([&](field const& f) {
    if (f.name == "X-Mark") all.append(f.value);
  });
  return all + " " + std::to_string(code(out.status));
}

/// A table, and a router with the same routes.
template <class Table, class Check>
void on_table_and_router(Table const& t, Check check) {
  {
    INFO("table");
    check(service(t));
  }
  INFO("router");
  router r;
  r.add(t);
  r.prepare();
  check(service(r));
}

auto const tenants =
    routes(get<"/">(says("front")),
           get<"/pricing">(says("pricing")),
           host<"{tenant}.example.com">(
               get<"/">([](host_part<"tenant"> who) { return "of " + std::string(*who); }),
               get<"/{page}">([](std::string_view page, host_part<"tenant"> who) {
                 return std::string(page) + " of " + std::string(*who);
               })),
           host<"api.example.com">(get<"/notes/{id:int}">([](int id) { return id; }),
                                   post<"/notes">([] {})));

}  // namespace

TEST_CASE("the routes of a host are for requests to it", "[app][condition]") {
  struct row {
    char const *because, *host, *target, *answer;
  };
  constexpr std::array rows{
      row{"no host matches", "example.com", "/", "200 front"},
      row{"a capture is a label", "acme.example.com", "/", "200 of acme"},
      row{"a host comes before what has none",
          "acme.example.com",
          "/pricing",
          "200 pricing of acme"},
      row{"case does not matter (RFC 9110 4.2.3)", "ACME.Example.COM", "/", "200 of acme"},
      row{"nor does the port", "acme.example.com:8080", "/", "200 of acme"},
      row{"nor the dot of the root", "acme.example.com.", "/", "200 of acme"},
      row{"a label has no dot", "a.b.example.com", "/", "200 front"},
      row{"a label is not empty", ".example.com", "/", "200 front"},
      row{"the name ends where the pattern does", "acme.example.com.evil", "/", "200 front"},
      row{"the more precise host", "api.example.com", "/notes/7", "200 7"},
      row{"what it does not have, a less precise one may", "api.example.com", "/x", "200 x of api"},
      row{"what no host has is looked for around", "acme.example.com", "/notes/7", "404"},
      row{"no host at all", "", "/", "200 front"},
      row{"an address", "[::1]:80", "/", "200 front"},
  };
  on_table_and_router(tenants, [&](service app) {
    for (auto const& r : rows)
      DYNAMIC_SECTION(r.because) {
        CHECK(at(app, r.host, r.target) == r.answer);
      }
  });
}

TEST_CASE("the authority of the target is the host", "[app][condition]") {
  auto const out =
      ask(tenants, {method::get, "http://acme.example.com/", {{"Host", "example.com"}}});
  CHECK(out.body == "of acme");
}

TEST_CASE("405 knows the methods of all hosts that match", "[app][condition]") {
  on_table_and_router(
      routes(get<"/n">(says("")),
             host<"a.example">(put<"/n">([] {})),
             host<"{x}.example">(del<"/n">([] {}))),
      [](service app) {
        CHECK(at(app, "a.example", "/n", method::post) == "405 DELETE, GET, PUT, HEAD, OPTIONS");
        CHECK(at(app, "b.example", "/n", method::post) == "405 DELETE, GET, HEAD, OPTIONS");
        CHECK(at(app, "c", "/n", method::post) == "405 GET, HEAD, OPTIONS");
      });
}

TEST_CASE("captures of a host have types like others", "[app][condition]") {
  on_table_and_router(
      routes(host<"{shard:int}.db.{zone:(eu|us)}.example">(
                 get<"/">([](host_part<"zone"> zone, host_part<"shard", std::int8_t> shard) {
                   return std::string(*zone) + std::to_string(*shard);
                 })),
             host<"{all:any}.example">(get<"/">([](host_part<"all"> all) { return *all; }))),
      [](service app) {
        CHECK(at(app, "12.db.eu.example", "/") == "200 eu12");
        CHECK(at(app, "12.db.fr.example", "/") == "200 12.db.fr");
        CHECK(at(app, "x.y.example", "/") == "200 x.y");
        auto const out = ask(app, {method::get, "/", {{"Host", "300.db.eu.example"}}});
        CHECK(out.status == status::bad_request);
        CHECK(out.body.find(R"("in":"host","name":"shard")") != out.body.npos);
      });
}

TEST_CASE("one host in two places is one set of routes", "[app][condition]") {
  on_table_and_router(routes(host<"a.example">(get<"/x">(says("x"))),
                             host<"b.example">(get<"/x">(says("other"))),
                             host<"a.example">(get<"/y">(says("y")))),
                      [](service app) {
                        CHECK(at(app, "a.example", "/x") == "200 x");
                        CHECK(at(app, "a.example", "/y") == "200 y");
                        CHECK(at(app, "b.example", "/x") == "200 other");
                        CHECK(at(app, "b.example", "/y") == "404");
                      });
}

TEST_CASE("a predicate decides for whom routes are", "[app][condition]") {
  auto const t = routes(get<"/">(says("anybody")),
                        get<"/only">(says("outside")),
                        when(has("X-Bot"), get<"/">(says("bot"))),
                        when(has("X-Down"), get<"/{rest...}">(says("down"))),
                        when(has("X-Beta"), get<"/">(says("beta"))));
  on_table_and_router(t, [](service app) {
    auto const with = [&](std::vector<field> fields, std::string target = "/") {
      return ask(app, {method::get, std::move(target), std::move(fields)}).body;
    };
    CHECK(with({}) == "anybody");
    CHECK(with({{"X-Beta", ""}}) == "beta");
    CHECK(with({{"X-Beta", ""}}, "/only") == "outside");
    // as they were declared, and before the more precise path outside
    CHECK(with({{"X-Beta", ""}, {"X-Bot", ""}}) == "bot");
    CHECK(with({{"X-Beta", ""}, {"X-Down", ""}}) == "down");
    CHECK(with({{"X-Down", ""}}, "/only") == "down");
  });
}

TEST_CASE("conditions nest, and all have to be met", "[app][condition]") {
  auto const t = routes(
      get<"/">(says("outside")),
      when(has("A"), get<"/">(says("a")), when(has("B"), get<"/">(says("ab")))),
      host<"h.example">(get<"/">(says("h")),
                        group<"/g">(when(has("B"), get<"/">(says("hgb")), get<"/x">(says("hx")))),
                        get<"/g">(says("hg"))));
  on_table_and_router(t, [](service app) {
    auto const with = [&](std::vector<field> fields, std::string target = "/") {
      return ask(app, {method::get, std::move(target), std::move(fields)}).body;
    };
    CHECK(with({{"A", ""}}) == "a");
    CHECK(with({{"B", ""}}) == "outside");
    CHECK(with({{"A", ""}, {"B", ""}}) == "ab");
    CHECK(with({{"Host", "h.example"}, {"A", ""}, {"B", ""}}) == "h");  // hosts first
    CHECK(with({{"Host", "h.example"}}, "/g") == "hg");
    CHECK(with({{"Host", "h.example"}, {"B", ""}}, "/g") == "hgb");
    CHECK(with({{"Host", "h.example"}, {"B", ""}}, "/g/x") == "hx");
    CHECK(ask(app, {method::get, "/g/x", {{"Host", "h.example"}}}).status == status::not_found);
  });
}

TEST_CASE("middleware of a condition is around what it has", "[app][condition]") {
  auto const t =
      routes(use(mark{"r"}),
             host<"h.example">(use(mark{"h"}), get<"/x">(says("")), get<"/only">(says(""))),
             when(has("W"), group<"/w">(use(mark{"w"}), get<"/x">(says("")))),
             get<"/x">(says("")),
             put<"/only">([] {}));
  CHECK(marks(t, {{"Host", "h.example"}}, "/x") == "hr 200");
  CHECK(marks(t, {{"Host", "h.example"}}, "/none") == "hr 404");
  CHECK(marks(t, {}, "/x") == "r 200");
  CHECK(marks(t, {}, "/none") == "r 404");
  CHECK(marks(t, {}, "/only") == "r 405");
  CHECK(marks(t, {{"W", ""}}, "/w/x") == "wr 200");
  CHECK(marks(t, {{"W", ""}}, "/w/none") == "wr 404");
  CHECK(marks(t, {}, "/w/x") == "r 404");
  router r;
  r.add(t);
  r.add(method::get, "/plain", [] { return ""; });
  r.prepare();
  CHECK(marks(r, {{"Host", "h.example"}}, "/none") == "hr 404");
  CHECK(marks(r, {}, "/none") == " 404");
  CHECK(marks(r, {}, "/plain") == " 200");
}

TEST_CASE("what no route takes is the realm's that is tried first", "[app][condition]") {
  auto const t = routes(
      use(mark{"r"}),
      group<"/a">(use(mark{"a"}), get<"/y">(says(""))),
      when(has("W"), use(mark{"w"}), get<"/w">(says(""))),
      host<"{t}.e">(use(mark{"t"}), get<"/t">(says(""))),
      host<"api.e">(use(mark{"p"}),
                    get<"/p">(says("")),
                    group<"/a">(use(mark{"q"}), get<"/x">(says(""))),
                    routes(use(mark{"m"}), when(has("X"), use(mark{"x"}), get<"/m">(says(""))))));
  on_table_and_router(t, [](service app) {
    CHECK(marks(app, {{"Host", "api.e"}}, "/zz") == "pr 404");
    CHECK(marks(app, {{"Host", "any.e"}}, "/zz") == "tr 404");
    CHECK(marks(app, {{"Host", "api.e"}, {"W", ""}}, "/zz") == "pr 404");
    CHECK(marks(app, {{"W", ""}}, "/zz") == "wr 404");
    CHECK(marks(app, {{"Host", "api.e"}}, "/a/zz") == "qpr 404");
    CHECK(marks(app, {{"Host", "api.e"}, {"X", ""}}, "/zz") == "xmpr 404");
    CHECK(marks(app, {}, "/a/zz") == "ar 404");
  });
}

TEST_CASE("a part of a host that middleware takes has to fit", "[app][condition]") {
  struct counted {
    void before(request&, host_part<"n", std::int8_t> n) const { CHECK(*n == 7); }
  };
  auto const t = routes(host<"{n:int}.e">(use(mark{"o"}, counted{}), get<"/">(says("in"))));
  CHECK(marks(t, {{"Host", "7.e"}}, "/") == "o 200");
  CHECK(marks(t, {{"Host", "700.e"}}, "/") == "o 400");
  CHECK(ask(t, {method::get, "/", {{"Host", "700.e"}}}).body.find(R"("in":"host","name":"n")") !=
        std::string::npos);
}

TEST_CASE("middleware may take what a host captures", "[app][condition]") {
  struct tenant_of {
    std::string before(request&, host_part<"tenant"> name) const {
      return "<" + std::string(*name);
    }
  };
  auto const t = routes(host<"{tenant}.example">(
      use(tenant_of{}), get<"/">([](provided<std::string> who) { return *who + ">"; })));
  CHECK(at(t, "acme.example", "/") == "200 <acme>");
}

TEST_CASE("what a predicate throws is answered, and middleware sees it", "[app][condition]") {
  auto const t = routes(use(mark{"r"}),
                        when(
                            [](request const& in) -> bool {
                              if (in.field("X-Refuse")) throw problem(status::forbidden);
                              throw std::runtime_error("no");
                            },
                            get<"/x">(says(""))),
                        get<"/x">(says("")));
  CHECK(marks(t, {}, "/x") == "r 500");
  CHECK(marks(t, {{"X-Refuse", ""}}, "/x") == "r 403");
}

TEST_CASE("a mount at a host has all of its paths", "[app][condition]") {
  auto const inner = routes(get<"/">(says("assets")));
  auto const t = routes(get<"/here">(says("here")), host<"static.example">(mount<"/">(inner)));
  CHECK(at(t, "static.example", "/") == "200 assets");
  CHECK(at(t, "static.example", "/here") == "404");
  CHECK(at(t, "example", "/here") == "200 here");
}

TEST_CASE("a redirect of slashes stays with the host", "[app][condition]") {
  auto t = routes(host<"h.example">(get<"/x">(says(""))));
  t.options.redirect_trailing_slash = true;
  CHECK(at(t, "h.example", "/x/") == "308");
  CHECK(at(t, "example", "/x/") == "404");
}

TEST_CASE("conditions are told to those who read the table", "[app][condition]") {
  std::ostringstream out;
  auto const t = routes(
      get<"/", "front">(says("")),
      host<"{t}.example">(get<"/", "tenant">(says("")), when(has("X"), get<"/beta">(says("")))));
  out << t;
  CHECK(out.str() ==
        "GET  /      front\n"
        "GET  /      tenant  for {t}.example\n"
        "GET  /beta          for {t}.example, on a condition\n");
  CHECK(t.explain(method::get, "http://acme.example/beta") ==
        "GET http://acme.example/beta: 404 Not Found\n"
        "  GET  /      front   ends before \"beta\"\n"
        "  GET  /      tenant  ends before \"beta\"\n"
        "  GET  /beta          its condition is not met\n");
  CHECK(t.explain(method::get, "/beta") ==
        "GET /beta: 404 Not Found\n"
        "  GET  /      front   ends before \"beta\"\n"
        "  GET  /      tenant  is for {t}.example\n"
        "  GET  /beta          is for {t}.example\n");
}

TEST_CASE("it is told which route is tried first, and what a condition throws",
          "[app][condition]") {
  auto const t = routes(get<"/x">(says("")),
                        when(
                            [](request const& in) -> bool {
                              if (in.method == method::put) throw std::runtime_error("no");
                              return true;
                            },
                            any<"/{y}">([](std::string_view) {})));
  CHECK(t.explain(method::get, "/x") ==
        "GET /x: answered by * /{y}\n"
        "  GET  /x    another route is tried first\n");
  CHECK(t.explain(method::put, "/x") ==
        "PUT /x: 500 Internal Server Error\n"
        "  GET  /x    is for another method\n"
        "  *    /{y}  its condition throws\n");
}

TEST_CASE("a router refuses hosts that are alike", "[app][condition]") {
  router r;
  r.add(host<"{a}.example">(get<"/x">(says(""))));
  r.add(host<"{b}.example">(get<"/y">(says(""))));
  CHECK_THROWS_WITH(r.prepare(),
                    "wend: two hosts match the same names: write them in the same way: {a}.example "
                    "and {b}.example");
}

TEST_CASE("a router refuses two routes of one host and shape", "[app][condition]") {
  router r;
  r.add(host<"a.example">(get<"/x">(says(""))));
  r.add(host<"b.example">(get<"/x">(says(""))));
  r.add(get<"/x">(says("")));
  CHECK_NOTHROW(r.prepare());
  r.add(host<"a.example">(get<"/x">(says(""))));
  CHECK_THROWS_AS(r.prepare(), std::invalid_argument);
}

TEST_CASE("a router refuses a part of a host that is not around", "[app][condition]") {
  router r;
  r.add(routes(get<"/x">([](host_part<"t">) { return 0; })));
  CHECK_THROWS_WITH(r.prepare(), Catch::Contains("no host around its route has it: GET /x"));
}
