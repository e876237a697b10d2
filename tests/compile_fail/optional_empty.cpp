// expect: [] in a route pattern is empty
// expect-gcc: {"/tags[]"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/tags[]">([] { return "all tags"; }));  // wrong
  // right: wend::get<"/tags\\[\\]">([] { return "all tags"; }));
}
