#include <wend/app/group.hpp>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;
using wend::test::fetch;

namespace {

/// Marks the responses that it has seen.
struct mark {
  std::string name;
  void after(request const&, response& out) { out.add("X-Mark", name); }
};

/// The marks on an answer, innermost first, and its status.
std::string marks(service app, std::string target, method const& m = method::get) {
  auto const out = ask(app, {m, std::move(target)});
  std::string all;
  out.fields.for_each([&](field const& f) {
    if (f.name == "X-Mark") all.append(f.value);
  });
  return all + " " + std::to_string(code(out.status));
}

auto const ok = [] { return "ok"; };

}  // namespace

TEST_CASE("a group puts a prefix before its routes", "[app][group]") {
  auto const t = routes(
      get<"/">(ok),
      group<"/api/v1">(
          get<"/">([] { return "index"; }),
          get<"/notes/{id:int}", "note">([](int id) { return id; }),
          group<"/admin">(get<"/stats[/{day}]", "stats">(
              [](std::optional<std::string_view> d) { return std::string(d.value_or("-")); }))));
  CHECK(t.size() == 4);
  CHECK(fetch(t, "/api/v1") == "200 index");
  CHECK(fetch(t, "/api/v1/").starts_with("404"));
  CHECK(fetch(t, "/api/v1/notes/7") == "200 7");
  CHECK(fetch(t, "/notes/7").starts_with("404"));
  CHECK(fetch(t, "/api/v1/admin/stats/today") == "200 today");
  CHECK(fetch(t, "/api/v1/admin/stats") == "200 -");
  CHECK(t.url_for<"note">(7) == "/api/v1/notes/7");
  CHECK(t.url_for<"stats">("today") == "/api/v1/admin/stats/today");
}

TEST_CASE("the pattern of a route in a group is the whole one", "[app][group]") {
  auto const t = group<"/a">(get<"/{x}">([](request& in) { return in.route->pattern; }));
  CHECK(fetch(t, "/a/b") == "200 /a/{x}");
}

TEST_CASE("a group at the root has no prefix", "[app][group]") {
  auto const t = routes(group<"/">(use(mark{"g"}), get<"/">(ok)), group<"/empty">());
  CHECK(marks(t, "/") == "g 200");
}

TEST_CASE("a prefix is matched decoded", "[app][group]") {
  auto const t = group<"/caf%C3%A9">(use(mark{"g"}), get<"/x">(ok));
  CHECK(marks(t, "/caf%C3%A9/x") == "g 200");
  CHECK(marks(t, "/caf%c3%a9/none") == "g 404");
}

TEST_CASE("middleware of a group covers what is below it and nothing else", "[app][group]") {
  auto const t = routes(use(mark{"r"}),
                        get<"/">(ok),
                        get<"/a/free">(ok),
                        group<"/a">(use(mark{"a"}),
                                    get<"/">(ok),
                                    get<"/x">(ok),
                                    post<"/throws">([]() -> int { throw 1; }),
                                    group<"/b">(use(mark{"b"}), get<"/x">(ok)),
                                    group<"/c">(get<"/x">(ok))),
                        group<"/d">(get<"/x">(ok)));
  struct row {
    char const* because;
    char const* target;
    char const* marks;
    wend::method method = method::get;
  };
  for (auto const& r : std::initializer_list<row>{
           {"a route beside the group", "/", "r 200"},
           {"a route below the prefix that stands outside", "/a/free", "r 200"},
           {"the prefix itself", "/a", "ar 200"},
           {"a route of the group", "/a/x", "ar 200"},
           {"a handler that throws", "/a/throws", "ar 500", method::post},
           {"a path that is not there", "/a/none", "ar 404"},
           {"the prefix with a slash that is not there", "/a/", "ar 404"},
           {"a method that is not there", "/a/x", "ar 405", method::del},
           {"OPTIONS", "/a/x", "ar 204", method::options},
           {"a method of a route that stands outside", "/a/free", "r 405", method::del},
           {"a method that nobody knows", "/a/x", "ar 501", method{"FROB"}},
           {"a longer segment is not below the prefix", "/ab", "r 404"},
           {"a group inside", "/a/b/x", "bar 200"},
           {"a path that is not there in a group inside", "/a/b/none", "bar 404"},
           {"a group inside without middleware", "/a/c/x", "ar 200"},
           {"a path that is not there in it", "/a/c/none", "ar 404"},
           {"a group without middleware", "/d/none", "r 404"},
           {"a path that is nowhere", "/none", "r 404"},
           {"a path that cannot be read", "/a/%zz", "r 400"},
           {"the server as a whole", "*", "r 204", method::options},
       })
    DYNAMIC_SECTION(r.because) {
      CHECK(marks(t, r.target, r.method) == r.marks);
    }
}

TEST_CASE("middleware of a table in a table covers its own routes", "[app][group]") {
  auto const t = routes(get<"/">(ok),
                        routes(use(mark{"a"}), get<"/a">(ok)),
                        routes(use(mark{"b"}), get<"/b">(ok), routes(get<"/c">(ok))));
  CHECK(marks(t, "/") == " 200");
  CHECK(marks(t, "/a") == "a 200");
  CHECK(marks(t, "/a", method::post) == "a 405");
  CHECK(marks(t, "/b") == "b 200");
  CHECK(marks(t, "/c") == "b 200");
  CHECK(marks(t, "/none") == " 404");
}

TEST_CASE("a table that is all there is in a group has the paths below it", "[app][group]") {
  auto const api = routes(use(mark{"a"}), get<"/x">(ok));
  auto const t = routes(group<"/v1">(api), group<"/v2">(use(mark{"v"}), api));
  CHECK(marks(t, "/v1/none") == "a 404");
  CHECK(marks(t, "/v2/x") == "av 200");
  CHECK(marks(t, "/v2/none") == "v 404");
  CHECK(marks(t, "/none") == " 404");
}

TEST_CASE("two groups may have the same prefix", "[app][group]") {
  auto const t = routes(group<"/a">(use(mark{"1"}), get<"/x">(ok)),
                        group<"/a">(use(mark{"2"}), get<"/y">(ok)));
  CHECK(marks(t, "/a/x") == "1 200");
  CHECK(marks(t, "/a/y") == "2 200");
  CHECK(marks(t, "/a/none") == "1 404");  // of the first
}

TEST_CASE("a redirect passes the middleware of the group", "[app][group]") {
  auto t = routes(group<"/a">(use(mark{"a"}), get<"/x">(ok)));
  t.options.redirect_trailing_slash = true;
  CHECK(marks(t, "/a/x/") == "a 308");
}

TEST_CASE("a group limits the bodies of routes that do not say otherwise", "[app][group]") {
  auto const echo = [](body b) { return b.bytes; };
  auto const api =
      routes(post<"/">(echo),
             group<"/files", max_body<20>>(post<"/">(echo),
                                           post<"/own", max_body<10>>(echo),
                                           group<"/inner", max_body<30>>(post<"/">(echo))));
  auto const limit = [&](std::string_view path) {
    request in;
    response out;
    in.method = method::post;
    in.target = *parse_target(method::post, path);
    body_policy body;
    REQUIRE(api.find(in, out, body) == stage::body);
    return body.limit;
  };
  CHECK(limit("/") == std::nullopt);
  CHECK(limit("/files") == 20);
  CHECK(limit("/files/own") == 10);
  CHECK(limit("/files/inner") == 30);
}
