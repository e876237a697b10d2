#include <wend/app/group.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/router.hpp>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;
using wend::test::fetch;

namespace {

/// Answers with what it sees.
struct mirror {
  response operator()(request& in) const {
    return {status::ok,
            "text/plain",
            std::string(in.method.name()) + " " + std::string(in.mount_prefix) + " " +
                std::string(in.mount_path) + std::string(in.body)};
  }
};

struct mark {
  std::string name;
  void after(request const&, response& out) { out.add("X-Mark", name); }
};

std::string marks(service app, std::string target) {
  auto const out = ask(app, {method::get, std::move(target)});
  std::string all;
  out.fields.for_each([&](field const& f) {
    if (f.name == "X-Mark") all.append(f.value);
  });
  return all + " " + std::to_string(code(out.status));
}

}  // namespace

TEST_CASE("what is mounted has all methods and paths below its prefix", "[app][mount]") {
  auto const t = routes(mount<"/files">(mirror{}), get<"/">([] { return "root"; }));
  CHECK(fetch(t, "/files") == "200 GET /files /");
  CHECK(fetch(t, "/files/") == "200 GET /files /");
  CHECK(fetch(t, "/files/a/b.txt") == "200 GET /files /a/b.txt");
  CHECK(fetch(t, "/files//a") == "200 GET /files //a");
  CHECK(fetch(t, "/files/a%2Fb%20c") == "200 GET /files /a/b c");
  CHECK(ask(t, {method{"PROPFIND"}, "/files/a"}).body == "PROPFIND /files /a");
  CHECK(ask(t, {method{"FROB"}, "/files/a"}).body == "FROB /files /a");
  CHECK(ask(t, {method::options, "/files/a"}).body == "OPTIONS /files /a");
  CHECK(ask(t, {method::post, "/files/a", {}, "!"}).body == "POST /files /a!");
  CHECK(ask(t, {method{"FROB"}, "/"}).status == status::not_implemented);
  CHECK(ask(t, {method::connect, "files:80"}).status == status::not_implemented);
  CHECK(fetch(t, "/filesystem").starts_with("404"));
  CHECK(fetch(t, "/") == "200 root");
}

TEST_CASE("routes below the prefix of a mount come first", "[app][mount]") {
  auto const t = routes(mount<"/">(mirror{}),
                        get<"/a/x">([] { return "route"; }),
                        mount<"/a">([](request&) { return response(status::gone); }));
  CHECK(fetch(t, "/a/x") == "200 route");
  CHECK(ask(t, {method::post, "/a/x"}).status == status::gone);
  CHECK(fetch(t, "/a/y").starts_with("410"));
  CHECK(fetch(t, "/b/c") == "200 GET  /b/c");
  CHECK(fetch(t, "/") == "200 GET  /");
}

TEST_CASE("a table below a mount answers for itself", "[app][mount]") {
  auto const inner = routes(use(mark{"i"}),
                            get<"/">([] { return "index"; }),
                            get<"/x/{y}">([](std::string_view y) { return y; }),
                            mount<"/deep">(mirror{}));
  auto const t =
      routes(use(mark{"o"}), mount<"/m">(inner), group<"/g">(use(mark{"g"}), mount<"/n">(inner)));
  CHECK(fetch(t, "/m") == "200 index");
  CHECK(fetch(t, "/m/") == "200 index");
  CHECK(fetch(t, "/m/x/a%2Fb") == "200 a/b");
  CHECK(marks(t, "/m/x/y") == "io 200");
  CHECK(marks(t, "/m/none") == "io 404");
  CHECK(marks(t, "/g/n/x/y") == "igo 200");
  CHECK(marks(t, "/g/n/none") == "igo 404");
  CHECK(marks(t, "/g/none") == "go 404");
  CHECK(marks(t, "/none") == "o 404");
  CHECK(ask(t, {method::post, "/m/x/y"}).fields.get("Allow") == "GET, HEAD, OPTIONS");
  CHECK(fetch(t, "/m/deep/z") == "200 GET /m/deep /z");
  CHECK(fetch(t, "/g/n/deep") == "200 GET /g/n/deep /");
}

TEST_CASE("a router in a group takes what its routes do not", "[app][mount]") {
  router r;
  r.use(mark{"r"});
  r.add(method::get, "/plugin", [] { return "plugin"; });
  r.add(method::get, "/x", [] { return "hidden"; });
  auto const api = routes(get<"/x">([] { return "x"; }));
  auto const t = routes(group<"/api/v1">(use(mark{"g"}), api, std::move(r)));
  CHECK(fetch(t, "/api/v1/x") == "200 x");
  CHECK(fetch(t, "/api/v1/plugin") == "200 plugin");
  CHECK(marks(t, "/api/v1/plugin") == "rg 200");
  CHECK(marks(t, "/api/v1/x") == "g 200");
  CHECK(marks(t, "/api/v1/none") == "rg 404");
}

TEST_CASE("a router may mount and be mounted", "[app][mount]") {
  router inner;
  inner.add(mount<"/files">(mirror{}));
  inner.add(group<"/g">(use(mark{"g"}), get<"/x">([] { return "x"; })));
  router outer;
  outer.add(mount<"/in">(std::move(inner)));
  outer.add(mount<"/files">(mirror{}));
  CHECK(fetch(outer, "/in/files/a") == "200 GET /in/files /a");
  CHECK(fetch(outer, "/files/a") == "200 GET /files /a");
  CHECK(marks(outer, "/in/g/x") == "g 200");
  CHECK(marks(outer, "/in/g/none") == "g 404");
  CHECK(marks(outer, "/in/none") == " 404");
}

TEST_CASE("two mounts of one prefix are named at start", "[app][mount]") {
  router r;
  r.add(mount<"/a">(mirror{}));
  r.add(mount<"/a">(mirror{}));
  CHECK_THROWS_WITH(r.prepare(), Catch::Matchers::Contains("mount /a[/{rest...}]"));
}

TEST_CASE("a redirect below a mount has the whole path", "[app][mount]") {
  auto inner = routes(get<"/x/">([] { return "x"; }));
  inner.options.redirect_trailing_slash = true;
  auto const t = routes(mount<"/m">(inner));
  auto const out = ask(t, {method::get, "/m/x?q"});
  CHECK(out.status == status::permanent_redirect);
  CHECK(out.fields.get("Location") == "/m/x/?q");
}

TEST_CASE("the path is there without a mount, too", "[app][mount]") {
  auto const t = routes(get<"/{a}">(
      [](request& in) { return std::string(in.mount_prefix) + "|" + std::string(in.mount_path); }));
  CHECK(fetch(t, "/a%20b") == "200 |/a b");
}
