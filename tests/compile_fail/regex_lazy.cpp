// expect: the regex of a capture has no lazy or possessive repeats
// expect-gcc: {"/{key:\\w+?}.json"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/{key:\\w+?}.json">([](std::string_view key) { return key; }));  // wrong
  // right: wend::get<"/{key:\\w+}.json">([](std::string_view key) { return key; }));
}
