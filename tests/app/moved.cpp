#include <wend/app/moved.hpp>
//
#include <wend/app/group.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/router.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using Catch::Matchers::Contains;
using wend::test::ask;
using wend::test::fetch;

namespace {

std::string moved_to(service app, method const& m, std::string target) {
  auto const out = ask(app, {m, std::move(target)});
  return std::to_string(code(out.status)) + " " +
         std::string(out.fields.get("Location").value_or("-"));
}

}  // namespace

TEST_CASE("a redirect takes the captures along, and the query", "[app][moved]") {
  auto const t = routes(redirect<"/old/{id:int}/{name}", "/notes/{name}/{id:int}">(),
                        redirect<"/log[/{y:int}]", "/archive[/{y:int}]">(status::see_other),
                        redirect<"/files/{path...}", "/blobs/{path...}">());
  router r;
  r.redirect("/old/{id:int}/{name}", "/notes/{name}/{id:int}")
      .redirect("/log[/{y:int}]", "/archive[/{y:int}]", status::see_other)
      .redirect("/files/{path...}", "/blobs/{path...}");
  auto const moved = std::move(r);  // with what the views of its patterns point into
  for (service const app : {service(t), service(moved)}) {
    CHECK(moved_to(app, method::get, "/old/7/a%2Fb") == "308 /notes/a%2Fb/7");
    CHECK(moved_to(app, method::get, "/old/7/x?a=b") == "308 /notes/x/7?a=b");
    CHECK(moved_to(app, method::put, "/old/7/x") == "308 /notes/x/7");
    CHECK(moved_to(app, method{"FROB"}, "/old/7/x") == "308 /notes/x/7");
    CHECK(moved_to(app, method::get, "/log") == "303 /archive");
    CHECK(moved_to(app, method::get, "/log/2026") == "303 /archive/2026");
    CHECK(moved_to(app, method::get, "/files/a/b") == "308 /blobs/a/b");
    CHECK(moved_to(app, method::get, "/old/x/y") == "404 -");
  }
}

TEST_CASE("a redirect may lead to another host", "[app][moved]") {
  auto const t =
      routes(redirect<"/shop/{name:chunk}[/{rest...}]", "https://{name}.example.com[/{rest...}]">(),
             mount<"/in">(routes(redirect<"/{path...}", "http://example.com:8080/{path...}">())));
  router r;
  r.redirect("/shop/{name:chunk}[/{rest...}]", "https://{name}.example.com[/{rest...}]");
  r.add(mount<"/in">(routes(redirect<"/{path...}", "http://example.com:8080/{path...}">())));
  for (service const app : {service(t), service(r)}) {
    CHECK(moved_to(app, method::get, "/shop/tea") == "308 https://tea.example.com");
    CHECK(moved_to(app, method::get, "/shop/tea/a%20b/c?d=e") ==
          "308 https://tea.example.com/a%20b/c?d=e");
    CHECK(moved_to(app, method::get, "/shop/user@evil") == "404 -");
    CHECK(moved_to(app, method::get, "/shop/evil%2Fx") == "404 -");
    CHECK(moved_to(app, method::get, "/in/x/y") == "308 http://example.com:8080/x/y");
  }
}

TEST_CASE("no path of a client leads to another host, or to a 500", "[app][moved]") {
  auto const t = routes(redirect<"/old/{rest...}", "/{rest...}">(),
                        redirect<"/o/{a}/{b}", "/n/{a}.{b:segment}">());
  router r;
  r.redirect("/old/{rest...}", "/{rest...}").redirect("/o/{a}/{b}", "/n/{a}.{b}");
  for (service const app : {service(t), service(r)}) {
    CHECK(moved_to(app, method::get, "/old/x/y") == "308 /x/y");
    CHECK(moved_to(app, method::get, "/old//evil.example/x") == "308 /%2Fevil.example/x");
    CHECK(moved_to(app, method::get, "/old/%2Fevil.example/x") == "308 /%2Fevil.example/x");
    CHECK(moved_to(app, method::get, "/o/x/z") == "308 /n/x.z");
    CHECK(moved_to(app, method::get, "/o/x.y/z") == "404 -");  // would be read as x and y.z
  }
  CHECK_THROWS_AS((redirect<"/a", "/b">(status::ok)), std::invalid_argument);
  CHECK_THROWS_AS(r.redirect("/a", "/b", status::not_modified), std::invalid_argument);
}

TEST_CASE("a redirect of a router that would not compile is thrown", "[app][moved]") {
  router r;
  auto const of_captures = Contains("each capture of the target of a redirect has the name");
  CHECK_THROWS_WITH(r.redirect("/old/{id}", "/new/{number}"),
                    of_captures && Contains("(\"/old/{id}\" to \"/new/{number}\")"));
  CHECK_THROWS_WITH(r.redirect("/old/{id}", "/new/{id:int}"), of_captures);
  CHECK_THROWS_WITH(r.redirect("/old/{id:int}", "/new/{id:[0-9]+}"), of_captures);
  CHECK_THROWS_WITH(r.redirect("/old[/{id}]", "/new/{id}"), of_captures);
  CHECK_THROWS_WITH(r.redirect("/old", "new"), Contains("begins with /"));
  CHECK_THROWS_WITH(r.redirect("old", "/new"), Contains("begins with /"));
  CHECK_THROWS_WITH(r.redirect("/old", "ftp://example.com"), Contains("begins with /"));
  CHECK_THROWS_WITH(r.redirect("/old/{x}", "https://{x:any}/"), Contains("the host of a URL is"));
  CHECK_THROWS_AS(r.gone("/old/{id"), std::invalid_argument);
  CHECK(r.size() == 0);
}

TEST_CASE("what is gone says so to every method", "[app][moved]") {
  auto const t = routes(gone<"/v1/{rest...}">(), get<"/v1/up">([] { return "up"; }));
  router r;
  r.gone("/v1/{rest...}").add(method::get, "/v1/up", [] { return "up"; });
  for (service const app : {service(t), service(r)}) {
    CHECK(fetch(app, "/v1/notes") == R"(410 {"type":"about:blank","title":"Gone","status":410})");
    CHECK(moved_to(app, method::del, "/v1/notes/3") == "410 -");
    CHECK(fetch(app, "/v1/up") == "200 up");
    CHECK(moved_to(app, method::put, "/v1/up") == "410 -");
  }
}

TEST_CASE("what is mounted redirects below its prefix", "[app][moved]") {
  auto const t = routes(mount<"/v2">(routes(redirect<"/old", "/new">())),
                        group<"/v3">(redirect<"/old", "/new">()));
  CHECK(moved_to(t, method::get, "/v2/old") == "308 /v2/new");
  CHECK(moved_to(t, method::get, "/v3/old") == "308 /new");  // one table: the path as it is written
  router r;
  r.redirect("/old", "/new");
  CHECK(moved_to(routes(mount<"/v4">(std::move(r))), method::get, "/v4/old") == "308 /v4/new");
}

TEST_CASE("a route may take all methods", "[app][route]") {
  auto const t = routes(any<"/echo/{x}", "echo">([](request& in, std::string_view x) {
                          return std::string(in.method.name()) + " " + std::string(x);
                        }),
                        get<"/echo/{x}">([](std::string_view x) { return std::string(x); }));
  router r;
  r.add(t);
  for (service const app : {service(t), service((r.prepare(), r))}) {
    CHECK(fetch(app, "/echo/1") == "200 1");
    CHECK(ask(app, {method::head, "/echo/1"}).body == "1");
    CHECK(ask(app, {method::post, "/echo/1"}).body == "POST 1");
    CHECK(ask(app, {method::options, "/echo/1"}).body == "OPTIONS 1");
    CHECK(ask(app, {method{"FROB"}, "/echo/1"}).body == "FROB 1");
    CHECK(ask(app, {method{"FROB"}, "/other"}).status == status::not_implemented);
  }
  CHECK(t.url_for<"echo">("x") == "/echo/x");
}
