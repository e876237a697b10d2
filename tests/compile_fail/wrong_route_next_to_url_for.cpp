// expect: this capture stands inside [ ] and may be absent: take std::optional<T>
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/", "home">([] { return "hello"; }),
                      wend::get<"/logs[/{day}]", "logs">([](int day) { return day; }));  // wrong
  // right: wend::get<"/logs[/{day}]", "logs">([](std::optional<int> day) { return day; }));
}

std::string link() {
  return api().url_for<"logs">(3);
}
