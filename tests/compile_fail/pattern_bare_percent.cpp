// expect: % in a route pattern begins an escape of two hex digits; % is %25
// expect-gcc: {"/100%"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/100%">([] { return "all of it"; }));  // wrong
  // right: wend::get<"/100%25">([] { return "all of it"; }));
}
