// expect: a route pattern holds a control character
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes\n">([] { return "all notes"; }));  // wrong
  // right: wend::get<"/notes">([] { return "all notes"; }));
}
