// expect: ] in a route pattern without [; a bracket itself is
// expect-gcc: {"/archive/{year}]"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/archive/{year}]">([](int year) { return year; }));  // wrong
  // right: wend::get<"/archive/{year}">([](int year) { return year; }));
}
