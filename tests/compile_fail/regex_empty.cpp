// expect: the regex of a capture is empty
// expect-gcc: {"/notes/{id:}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id:}">([](int id) { return id; }));  // wrong
  // right: wend::get<"/notes/{id}">([](int id) { return id; }));
}
