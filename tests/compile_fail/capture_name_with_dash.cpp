// expect: a capture is {name}, {name:type}, {name:regex} or {name...}
// expect-gcc: {"/notes/{note-id}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{note-id}">([](int id) { return id; }));  // wrong
  // right: wend::get<"/notes/{note_id}">([](int id) { return id; }));
}
