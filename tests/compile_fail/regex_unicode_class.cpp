// expect: the regex of a capture knows
// expect-gcc: {"/{word:\\p{L}+}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/{word:\\p{L}+}">([](std::string_view word) { return word; }));  // wrong
  // right: wend::get<"/{word:word}">([](std::string_view word) { return word; }));
}
