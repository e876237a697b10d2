// expect: the regex of a capture has no lookaround, names or flags, only (?:)
// expect-gcc: {"/{page:(?!admin)\\w+}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/{page:(?!admin)\\w+}">([](std::string_view page) { return page; }));  // wrong
  // right: wend::get<"/{page:(?:home|help)}">([](std::string_view page) { return page; }));
}
