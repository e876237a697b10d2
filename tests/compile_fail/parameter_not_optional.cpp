// expect: this capture stands inside [ ] and may be absent: take std::optional<T>
// expect-gcc: fixed_string<18>{"/archive[/{year}]"}, 1, int>
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/archive[/{year}]">([](int year) { return year; }));  // wrong
  // right: wend::get<"/archive[/{year}]">([](std::optional<int> year) { return year; }));
}
