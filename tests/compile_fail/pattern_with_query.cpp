// expect: a route pattern is a path: ? and # never match; escape them as %3F, %23
// expect-gcc: {"/search?q={text}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/search?q={text}">([] { return "found"; }));  // wrong
  // right: wend::get<"/search">([] { return "found"; }));
}
