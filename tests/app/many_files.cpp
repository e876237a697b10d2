#include "many_files.hpp"

#include <wend/app/group.hpp>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using Catch::Matchers::Contains;
using wend::test::ask;
using wend::test::fetch;

namespace {

struct login {
  many_files::session before(request&) { return {"ann"}; }
};

/// As that of the other file, and other than it.
struct stamp {
  void after(request const&, response& out) { out.set("X-Stamp", "here"); }
};

}  // namespace

TEST_CASE("routers of several files are one application", "[app][router]") {
  auto const app = routes(use(login{}, stamp{}),
                          get<"/">([] { return "root"; }),
                          group<"/api">(many_files::note_routes()));
  CHECK(fetch(app, "/") == "200 root");
  CHECK(fetch(app, "/api/notes") == "200 notes of ann");
  CHECK(fetch(app, "/api/notes/7") == "200 7");
  auto const out = ask(app, {method::get, "/api/notes/none"});
  CHECK(out.status == status::not_found);
  CHECK(out.fields.get("X-Notes") == "yes");
  CHECK(out.fields.get("X-Stamp") == "here");
  CHECK_FALSE(ask(app, {method::get, "/api/none"}).fields.contains("X-Notes"));
}

TEST_CASE("routers of several files are checked where they come together", "[app][router]") {
  CHECK_THROWS_WITH(service(many_files::note_routes()),
                    Contains("GET /notes (") && Contains("many_files_notes.cpp:"));
  auto const bad = routes(use(login{}), group<"/api">(many_files::rival_routes()));
  CHECK_THROWS_WITH(bad.prepare(),
                    Contains("GET /notes/{id:int} (") && Contains("GET /notes/{number:int} (") &&
                        Contains("many_files_notes.cpp:"));
}
