// expect: this capture stands outside of [ ] and is never absent: take T, not std::optional<T>
// expect-gcc: std::optional<int>
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/archive/{year}">([](std::optional<int> year) { return year; }));  // wrong
  // right: wend::get<"/archive/{year}">([](int year) { return year; }));
}
