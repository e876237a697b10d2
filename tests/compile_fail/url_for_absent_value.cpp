// expect: url_for: a capture outside of [ ] always has a value of its type
// expect-gcc: "/notes/{id:int}"
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/notes/{id:int}", "note">([](int id) { return id; }),
                      wend::get<"/logs[/{day}]", "logs">([](std::optional<int> day) { return day; }));
}

std::string link() {
  return wend::url_for<"/notes/{id:int}">(std::nullopt);  // wrong
  // right: return wend::url_for<"/logs[/{day}]">(std::nullopt);
}
