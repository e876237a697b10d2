#include <wend/app/absolute.hpp>
//
#include <wend/app/forwarded_client.hpp>
#include <wend/app/group.hpp>
#include <wend/app/mount.hpp>

#include <string>
#include <string_view>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;

namespace {

std::string note_link(request& in) {
  return absolute(in, url_for<"/notes/{id:int}">(7));
}

}  // namespace

TEST_CASE("an absolute URL has the host that was asked for", "[app][absolute]") {
  auto const t = routes(get<"/">(note_link));
  CHECK(ask(t, {method::get, "/", {{"Host", "example.com:8080"}}}).body ==
        "http://example.com:8080/notes/7");
  CHECK(ask(t, {method::get, "http://other.example/", {{"Host", "example.com"}}}).body ==
        "http://other.example/notes/7");
  CHECK(ask(t, {method::get, "/"}).body == "/notes/7");
  // from anybody these mean nothing
  CHECK(ask(t, {method::get, "/", {{"Host", "a"}, {"X-Forwarded-Proto", "https"}}}).body ==
        "http://a/notes/7");
}

TEST_CASE("trusted proxies say scheme and host", "[app][absolute]") {
  auto const t = routes(use(forwarded_client{{"10.0.0.0/8"}}), get<"/">(note_link));
  auto const from = [&](std::string_view peer) {
    request in;
    response out;
    in.method = method::get;
    in.target = *parse_target(method::get, "/");
    in.peer = peer;
    field const fields[] = {{"Host", "inside"},
                            {"X-Forwarded-For", "203.0.113.9"},
                            {"X-Forwarded-Proto", "https"},
                            {"X-Forwarded-Host", "example.com"}};
    in.fields = fields_view{std::span<field const>(fields)};
    body_policy body;
    REQUIRE(t.find(in, out, body) == stage::body);
    REQUIRE(t.call(in, out));
    return out.body;
  };
  CHECK(from("10.1.2.3:4000") == "https://example.com/notes/7");
  CHECK(from("192.0.2.1:4000") == "http://inside/notes/7");
}

TEST_CASE("a table links to itself below the prefix it is mounted at", "[app][absolute]") {
  auto const notes = routes(get<"/notes/{id:int}", "note">(
      [](request& in, int id) { return url_for<"/notes/{id:int}">(in, id + 1); }));
  auto const t = routes(mount<"/v 2">(notes), notes);
  CHECK(ask(t, {method::get, "/v%202/notes/7"}).body == "/v%202/notes/8");
  CHECK(ask(t, {method::get, "/notes/7"}).body == "/notes/8");
  request in;
  in.mount_prefix = "/v2";
  CHECK(notes.url_for<"note">(in, 9, arg<"q">(1)) == "/v2/notes/9?q=1");
}

TEST_CASE("names in a group get a prefix where that is asked for", "[app][group]") {
  auto const t =
      routes(group<"/admin", names<"admin.">>(get<"/stats", "stats">([] {}),
                                              get<"/other">([] {}),
                                              group<"/deep", names<"deep.">>(get<"/x", "x">([] {})),
                                              group<"/plain">(get<"/y", "y">([] {}))));
  CHECK(t.url_for<"admin.stats">() == "/admin/stats");
  CHECK(t.url_for<"admin.deep.x">() == "/admin/deep/x");
  CHECK(t.url_for<"admin.y">() == "/admin/plain/y");
}

TEST_CASE("names of what is mounted are known where it is mounted", "[app][absolute]") {
  auto const inner =
      routes(get<"/">([] {}), get<"/x/{n:int}", "x">([](int) {}), get<"/y", "y">([] {}));
  auto const deep = routes(mount<"/deep">(inner), get<"/z", "z">([] {}));
  auto const t = routes(get<"/own", "y">([] {}), group<"/caf%C3%A9">(mount<"/in">(deep)));
  CHECK(t.url_for<"x">(7) == "/caf%C3%A9/in/deep/x/7");
  CHECK(t.url_for<"z">() == "/caf%C3%A9/in/z");
  CHECK(t.url_for<"y">() == "/own");  // the names of the table itself come first
  auto const at_root = routes(mount<"/">(inner));
  CHECK(at_root.url_for<"x">(7) == "/x/7");
}
