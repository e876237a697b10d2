// expect: a segment . or .. in a route pattern never matches: paths lose them
// expect-gcc: {"/static/../index.html"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/static/../index.html">([] { return "index"; }));  // wrong
  // right: wend::get<"/index.html">([] { return "index"; }));
}
