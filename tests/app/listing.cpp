#include <wend/app/listing.hpp>
//
#include <wend/app/router.hpp>
#include <wend/routes.hpp>

#include <cstdint>
#include <sstream>
#include <string>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;

namespace {

auto notes() {
  return routes(get<"/notes">([] { return "all"; }),
                get<"/notes/{id:int}", "note">([](std::int8_t id) { return id; }),
                put<"/notes/{id:int}">([](std::int64_t) {}),
                get<"/notes/new">([] { return "form"; }));
}

template <class T>
std::string printed(T const& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

}  // namespace

TEST_CASE("a table prints its routes in columns", "[app][listing]") {
  auto const expected = R"(GET  /notes
GET  /notes/{id:int}  note
PUT  /notes/{id:int}
GET  /notes/new
)";
  CHECK(printed(notes()) == expected);
  router r;
  r.add(notes());
  CHECK(printed(r) == expected);
  CHECK(printed(routes(mount<"/old">(notes()), del<"/x">([] {}))) ==
        "*       /old[/{rest...}]\nDELETE  /x\n");
  CHECK(printed(router()).empty());
}

TEST_CASE("an explanation says of each route why it does not answer", "[app][listing]") {
  router r;
  r.add(notes());
  for (bool const as_router : {false, true}) {
    auto const explain = [&](method const& m, std::string_view target) {
      return as_router ? r.explain(m, target) : notes().explain(m, target);
    };
    CHECK(explain(method::get, "/notes/x") == R"(GET /notes/x: 404 Not Found
  GET  /notes                 ends before "/x"
  GET  /notes/{id:int}  note  {id:int} does not take "x"
  PUT  /notes/{id:int}        {id:int} does not take "x"
  GET  /notes/new             expects "new", not "x"
)");
    CHECK(explain(method::get, "/notes/new?a=b") ==
          R"(GET /notes/new?a=b: answered by GET /notes/new
  GET  /notes                 ends before "/new"
  GET  /notes/{id:int}  note  {id:int} does not take "new"
  PUT  /notes/{id:int}        {id:int} does not take "new"
)");
    CHECK(explain(method::get, "/notes/1000") == R"(GET /notes/1000: 405 Method Not Allowed
  GET  /notes                 ends before "/1000"
  GET  /notes/{id:int}  note  its handler does not take the value of a capture
  PUT  /notes/{id:int}        is for another method
  GET  /notes/new             expects "new", not "1000"
)");
    CHECK(explain(method::head, "/notes").starts_with("HEAD /notes: answered by GET /notes\n"));
    CHECK(explain(method::options, "/notes").starts_with("OPTIONS /notes: 204 No Content\n"));
    CHECK(explain(method{"FROB"}, "/notes").starts_with("FROB /notes: 501 Not Implemented\n"));
    CHECK(explain(method::get, "/notes/%2E%2E/%zz").starts_with("GET /notes/%2E%2E/%zz: 400 "));
    CHECK(explain(method::options, "*") == "OPTIONS *: 204 No Content\n");
  }
}

TEST_CASE("an explanation tells of precedence and mounts", "[app][listing]") {
  auto const t = routes(get<"/{name}">([](std::string_view name) { return name; }),
                        get<"/new">([] { return "form"; }),
                        mount<"/v1">(notes()));
  CHECK(t.explain(method::get, "/new") == R"(GET /new: answered by GET /new
  GET  /{name}          another route is more precise
  *    /v1[/{rest...}]  expects "v1", not "new"
)");
  CHECK(t.explain(method::get, "/v1/notes") == R"(GET /v1/notes: answered by GET /v1/notes
  GET  /{name}          ends before "/notes"
  GET  /new             expects "new", not "v1"
  *    /v1[/{rest...}]  leads to it
)");
  CHECK(t.explain(method::get, "/v1/x") == R"(GET /v1/x: 404 Not Found
  GET  /{name}          ends before "/x"
  GET  /new             expects "new", not "v1"
  *    /v1[/{rest...}]  what is mounted there has no such route
)");
}

TEST_CASE("a 404 explains itself where that is wanted", "[app][listing]") {
  auto t = routes(get<"/notes/{id:int}">([](std::int64_t id) { return id; }),
                  mount<"/old">([](request&) { return response(status::gone); }));
  CHECK(ask(t, {method::get, "/notes/x"}).body ==
        R"({"type":"about:blank","title":"Not Found","status":404})");
  t.options.explain_not_found = true;
  CHECK(ask(t, {method::get, "/notes/x"}).body ==
        R"({"type":"about:blank","title":"Not Found","status":404,"routes":[)"
        R"({"route":"GET /notes/{id:int}","why":"{id:int} does not take \"x\""},)"
        R"({"route":"* /old[/{rest...}]","why":"expects \"old\", not \"notes\""}]})");
  CHECK(ask(t, {method::get, "/notes/7"}).body == "7");
}
