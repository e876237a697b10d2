// expect: {x:number} is a floating point number, and this parameter is not
// expect-gcc: "/zoom/{factor:number}"}, 1, int>
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/zoom/{factor:number}">([](int factor) { return factor; }));  // wrong
  // right: wend::get<"/zoom/{factor:number}">([](double factor) { return factor; }));
}
