// expect: url_for takes one value for each capture of its pattern
// expect-gcc: "/notes/{id:int}"
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/notes/{id:int}", "note">([](int id) { return id; }),
                      wend::get<"/logs[/{day}]", "logs">([](std::optional<int> day) { return day; }));
}

std::string link() {
  return api().url_for<"note">();  // wrong
  // right: return api().url_for<"note">(42);
}
