// expect: a route pattern has at most 255 bytes
#include <wend/routes.hpp>

#define DEEP "/one/two/three/four/five/six/seven/eight/nine/ten"  // wrong
// right: #define DEEP "/one/two/three"

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<DEEP DEEP DEEP DEEP DEEP DEEP>([] { return "deep"; }));
}
