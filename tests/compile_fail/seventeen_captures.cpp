// expect: a route pattern has at most 16 captures
// expect-gcc: /{o}/{p}/{q}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(
      wend::get<"/">([] { return "hello"; }),
      wend::get<"/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}">(  // wrong
          // right: wend::get<"/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{rest...}">(
          [](wend::path<"a", int> a) { return *a; }));
}
