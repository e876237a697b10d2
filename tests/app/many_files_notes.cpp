#include <wend/app/group.hpp>

#include "many_files.hpp"

namespace many_files {

namespace {

struct stamp {
  void after(wend::request const&, wend::response& out) { out.set("X-Notes", "yes"); }
};

}  // namespace

wend::router note_routes() {
  wend::router r;
  r.add(wend::group<"/notes">(
      wend::use(stamp{}),
      wend::get<"/">([](wend::provided<session> s) { return "notes of " + s->name; }),
      wend::get<"/{id:int}">([](int id) { return id; })));
  return r;
}

wend::router rival_routes() {
  auto r = note_routes();
  r.add(wend::method::get, "/notes/{number:int}", [](int n) { return n; });
  return r;
}

}  // namespace many_files
