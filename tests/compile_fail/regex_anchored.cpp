// expect: the regex of a capture is anchored as it is: leave out ^ and $
// expect-gcc: {"/notes/{id:^\\d+$}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id:^\\d+$}">([](int id) { return id; }));  // wrong
  // right: wend::get<"/notes/{id:\\d+}">([](int id) { return id; }));
}
