// expect: no such capture type; a regex that is one word is written (word)
// expect-gcc: {"/notes/{id:integer}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id:integer}">([](int id) { return id; }));  // wrong
  // right: wend::get<"/notes/{id:int}">([](int id) { return id; }));
}
