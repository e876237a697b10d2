// expect: a route pattern begins with /
// expect-gcc: {"notes"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"notes">([] { return "all notes"; }));  // wrong
  // right: wend::get<"/notes">([] { return "all notes"; }));
}
