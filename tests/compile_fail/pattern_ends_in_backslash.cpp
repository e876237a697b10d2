// expect: a route pattern ends in a lone backslash
// expect-gcc: {"/dos\\"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/dos\\">([] { return "dir"; }));  // wrong
  // right: wend::get<"/dos">([] { return "dir"; }));
}
