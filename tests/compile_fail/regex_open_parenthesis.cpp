// expect: the parentheses in the regex of a capture do not balance
// expect-gcc: {"/{lang:(en|de}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/{lang:(en|de}">([](std::string_view lang) { return lang; }));  // wrong
  // right: wend::get<"/{lang:(en|de)}">([](std::string_view lang) { return lang; }));
}
