// expect: a route pattern has at most 5 optional parts
// expect-gcc: {"/a[/b][/c][/d][/e][/f][/g]"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/a[/b][/c][/d][/e][/f][/g]">([] { return "some of it"; }));  // wrong
  // right: wend::get<"/a[/b][/c][/d][/e][/f]">([] { return "some of it"; }));
}
