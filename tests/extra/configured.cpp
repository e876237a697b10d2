#include <wend/extra/configured.hpp>
//
#include <wend/app/live_router.hpp>
#include <wend/app/route.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using Catch::Matchers::Contains;
using wend::test::ask;
using wend::test::fetch;

namespace {

struct page {
  std::string text;
  std::string type = "text/plain";
};

std::string greet(std::string_view name) {
  return "hello " + std::string(name);
}

named_handlers handlers() {
  named_handlers known;
  known.add("greet", &greet);
  known.add("replace", [](request& in, int id) {
    return std::string(in.method.name()) + " " + std::to_string(id);
  });
  known.add_with("page", [](page const& p) {
    if (p.type.find('/') == p.type.npos) throw std::invalid_argument("no type is " + p.type);
    return [p] { return response(status::ok, p.type, p.text); };
  });
  known.add_with("sum", [](std::vector<int> all) {
    int n = 0;
    for (int i : all)
      n += i;
    return [n] { return n; };
  });
  return known;
}

/// The router of these entries.
router router_of(std::string const& entries) {
  return configured_router("{\"routes\": [" + entries + "]}", handlers());
}

/// What is wrong with a text, in lines.
std::string faults_of(std::string_view text) {
  try {
    (void)configured_router(text, handlers());
    return "none";
  } catch (std::invalid_argument const& e) {
    return e.what();
  }
}

std::string moved_to(service app, std::string target) {
  auto const out = ask(app, {method::post, std::move(target)});
  return std::to_string(code(out.status)) + " " +
         std::string(out.fields.get("Location").value_or("-"));
}

}  // namespace

TEST_CASE("a file maps methods and patterns to handlers by name", "[extra][configured]") {
  auto const r = router_of(R"(
      {"path": "/hello/{name}", "call": "greet"},
      {"path": "/bye/{name}", "call": "greet", "method": "DELETE"},
      {"path": "/notes/{id:int}", "call": "replace", "methods": ["PUT", "PATCH"]})");
  CHECK(r.size() == 4);
  CHECK(fetch(r, "/hello/bob") == "200 hello bob");
  CHECK(ask(r, {method::post, "/hello/bob"}).fields.get("Allow") == "GET, HEAD, OPTIONS");
  CHECK(ask(r, {method::del, "/bye/bob"}).body == "hello bob");
  CHECK(ask(r, {method::put, "/notes/7"}).body == "PUT 7");
  CHECK(ask(r, {method::patch, "/notes/7"}).body == "PATCH 7");
  CHECK(fetch(r, "/notes/7").starts_with("405"));
  CHECK(configured_router("{}", {}).size() == 0);
}

TEST_CASE("a handler is made with the settings of its entry", "[extra][configured]") {
  auto const r = router_of(R"(
      {"path": "/", "call": "page", "with": {"text": "hi"}},
      {"path": "/style.css", "call": "page", "with": {"text": "b {}", "type": "text/css"}},
      {"path": "/six", "call": "sum", "with": [1, 2, 3]})");
  CHECK(fetch(r, "/") == "200 hi");
  CHECK(ask(r, {method::get, "/"}).fields.get("Content-Type") == "text/plain");
  CHECK(ask(r, {method::get, "/style.css"}).fields.get("Content-Type") == "text/css");
  CHECK(fetch(r, "/six") == "200 6");
}

TEST_CASE("a file says what has moved, and what is gone", "[extra][configured]") {
  auto const r = router_of(R"(
      {"path": "/old/{id:int}", "redirect": "/notes/{id:int}", "status": 301},
      {"path": "/log[/{y:int}]", "redirect": "/archive[/{y:int}]"},
      {"path": "/v1/{rest...}", "gone": true})");
  CHECK(moved_to(r, "/old/7?a=b") == "301 /notes/7?a=b");
  CHECK(moved_to(r, "/log") == "308 /archive");
  CHECK(moved_to(r, "/log/2026") == "308 /archive/2026");
  CHECK(moved_to(r, "/v1/notes") == "410 -");
}

TEST_CASE("what a file has wrong is said by place", "[extra][configured]") {
  struct row {
    char const* because;
    std::string entries;
    std::string expected;
  };
  row const rows[] = {
      {"a path is required", R"({"call": "greet"})", "/routes/0/path: is required"},
      {"a path is text",
       R"({"path": 1, "gone": true})",
       "/routes/0/path: expected string, got number"},
      {"an entry is an object", R"("/hello")", "/routes/0: expected object, got string"},
      {"members have names that are known",
       R"({"path": "/", "gone": true, "name": "x"})",
       "/routes/0/name: is unknown"},
      {"a member stands once",
       R"({"path": "/", "gone": true, "path": "/a"})",
       "/routes/0/path: appears more than once"},
      {"a pattern is sound",
       R"({"path": "/a/{b", "gone": true})",
       "/routes/0/path: { in a route pattern is never closed; a brace itself is \\{ (in \"/a/{b\" "
       "at byte 3)"},
      {"an entry does something",
       R"({"path": "/"})",
       "/routes/0: expected exactly one of call, redirect and gone"},
      {"an entry does one thing",
       R"({"path": "/", "redirect": "/a", "gone": true})",
       "/routes/0: expected exactly one of call, redirect and gone"},
      {"null is as good as nothing",
       R"({"path": "/", "redirect": null, "gone": null})",
       "/routes/0: expected exactly one of call, redirect and gone"},
      {"what is gone is gone",
       R"({"path": "/", "gone": false})",
       "/routes/0/gone: expected true, got false"},
      {"a handler is known",
       R"({"path": "/hello/{name}", "call": "gret"})",
       "/routes/0/call: expected one of greet, page, replace, sum, got gret"},
      {"methods are those of IANA",
       R"({"path": "/{x}", "call": "greet", "method": "get"})",
       "/routes/0/method: expected a method such as GET, got get"},
      {"methods are tokens",
       R"({"path": "/{x}", "call": "greet", "methods": ["G T", "PUT"]})",
       "/routes/0/methods/0: expected a method such as GET, got G T"},
      {"a method stands once",
       R"({"path": "/{x}", "call": "greet", "method": "PUT", "methods": ["GET", "PUT"]})",
       "/routes/0/methods/1: appears more than once"},
      {"some method is needed",
       R"({"path": "/{x}", "call": "greet", "methods": []})",
       "/routes/0/methods: expected at least one method"},
      {"a redirect takes all methods and no settings",
       R"({"path": "/", "redirect": "/a", "method": "GET", "with": {}})",
       "/routes/0/method: goes with call only\n/routes/0/with: goes with call only"},
      {"a status is that of a redirect",
       R"({"path": "/a", "gone": true, "status": 301})",
       "/routes/0/status: goes with redirect only"},
      {"a redirect has a status for it",
       R"({"path": "/a", "redirect": "/b", "status": 304})",
       "/routes/0/status: expected 301, 302, 303, 307 or 308, got 304"},
      {"the target of a redirect is a pattern",
       R"({"path": "/a", "redirect": "ftp://b"})",
       "/routes/0/redirect: a route pattern begins with / (in \"ftp://b\" at byte 0)"},
      {"or one with a host",
       R"({"path": "/{a}", "redirect": "https://{a:any}/"})",
       "/routes/0/redirect: the host of a URL is letters, digits, - . and :, and captures of one "
       "label (in \"https://{a:any}/\")"},
      {"the captures of a target are those of the source",
       R"({"path": "/a/{id}", "redirect": "/b/{id:int}"})",
       "/routes/0/redirect: each capture of the target of a redirect has the name and the type of "
       "a capture of the source, and is optional if that one is (\"/a/{id}\" to \"/b/{id:int}\")"},
      {"settings are for handlers that take them",
       R"({"path": "/{x}", "call": "greet", "with": {}})",
       "/routes/0/with: this handler takes no settings"},
      {"all settings are there, known and of their types",
       R"({"path": "/", "call": "page", "with": {"type": 1, "color": "red"}})",
       "/routes/0/with/text: is required\n/routes/0/with/type: expected string, got number\n"
       "/routes/0/with/color: is unknown"},
      {"settings that are left out have no members",
       R"({"path": "/", "call": "page"})",
       "/routes/0/with/text: is required"},
      {"settings that are no object are required",
       R"({"path": "/", "call": "sum"})",
       "/routes/0/with: is required"},
      {"a handler may refuse its settings",
       R"({"path": "/", "call": "page", "with": {"text": "", "type": "css"}})",
       "/routes/0/with: no type is css"},
      {"two routes match the same",
       R"({"path": "/{a}", "call": "greet", "methods": ["PUT", "GET", "POST"]},
          {"path": "/a", "gone": true},
          {"path": "/{b}", "call": "greet", "methods": ["GET", "PUT"]})",
       "/routes/2/path: /routes/0 matches the same paths with the same method"},
      {"a route is hidden",
       R"({"path": "/{a}", "call": "greet"}, {"path": "/{a:[^/]+}", "call": "greet"})",
       "/routes/0/path: /routes/1 matches, with the same method and before it, all that it "
       "matches"},
      {"one fault does not hide another",
       R"({"path": "/a{", "redirect": "b"},
          {"path": "/{a}", "call": "greet"},
          {"path": "b", "call": "page", "method": "GTE", "with": 1},
          {"path": "/{b}", "call": "greet"})",
       "/routes/0/path: { in a route pattern is never closed; a brace itself is \\{ (in \"/a{\" at "
       "byte 2)\n"
       "/routes/0/redirect: a route pattern begins with / (in \"b\" at byte 0)\n"
       "/routes/2/path: a route pattern begins with / (in \"b\" at byte 0)\n"
       "/routes/2/method: expected a method such as GET, got GTE\n"
       "/routes/2/with: expected object, got number\n"
       "/routes/3/path: /routes/1 matches the same paths with the same method"},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      CHECK(faults_of("{\"routes\": [" + row.entries + "]}") == row.expected);
    }
}

TEST_CASE("a text that is no list of routes is refused", "[extra][configured]") {
  CHECK(faults_of("[]") == "expected object, got array");
  CHECK(faults_of(R"({"routes": {}})") == "/routes: expected array, got object");
  CHECK(faults_of(R"({"route": []})") == "/route: is unknown");
  CHECK_THAT(faults_of("{\"routes\": [}"), Contains("line 1, column 13"));
}

TEST_CASE("a handler that does not fit its pattern is said with its place", "[extra][configured]") {
  named_handlers known;
  auto const line = std::to_string(__LINE__ + 1);
  known.add("twice", [](int n) { return 2 * n; });
  CHECK_THROWS_WITH(
      configured_router(R"({"routes": [{"path": "/{a}/{b}", "call": "twice"}]})", known),
      Contains("/routes/0/call: the handler takes fewer captures than its pattern has") &&
          Contains("(GET /{a}/{b} (") && Contains("configured.cpp:" + line));
  CHECK_THROWS_WITH(known.add("twice", [] {}),
                    Contains("two handlers have the name twice (") &&
                        Contains("configured.cpp:" + line + " and "));
}

TEST_CASE("routes of the program stand beside those of a file", "[extra][configured]") {
  auto r = router_of(R"({"path": "/hello/{name}", "call": "greet"})");
  r.add(get<"/up">([] { return "up"; }));
  CHECK(fetch(r, "/up") == "200 up");
  r.add(get<"/hello/{who}">([](std::string_view) {}));
  CHECK_THROWS_WITH(r.prepare(), Contains("GET /hello/{name} (") && Contains("GET /hello/{who} ("));
}

TEST_CASE("a file that is read again replaces its routes", "[extra][configured]") {
  named_handlers known;
  std::atomic<int> calls = 0;
  known.add("count", [&calls] { return ++calls; });
  live_router live(configured_router(R"({"routes": [{"path": "/a", "call": "count"}]})", known));
  CHECK(fetch(live, "/a") == "200 1");
  auto const read_again = [&](std::string_view text) {
    live.replace(configured_router(text, known));
  };
  read_again(R"({"routes": [{"path": "/b", "call": "count"}]})");
  CHECK(fetch(live, "/a").starts_with("404"));
  CHECK(fetch(live, "/b") == "200 2");
  CHECK_THROWS_AS(read_again(R"({"routes": [{"path": "/c", "call": "cuont"}]})"),
                  std::invalid_argument);
  CHECK(fetch(live, "/b") == "200 3");
}
