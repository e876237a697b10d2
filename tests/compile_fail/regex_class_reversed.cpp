// expect: a [class] in the regex of a capture is empty, open, reversed or not ASCII
// expect-gcc: {"/{grade:[F-A]}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/{grade:[F-A]}">([](std::string_view grade) { return grade; }));  // wrong
  // right: wend::get<"/{grade:[A-F]}">([](std::string_view grade) { return grade; }));
}
