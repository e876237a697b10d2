// expect: url_for: no route of this table has this name
// expect-gcc: {"notes"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/notes/{id:int}", "note">([](int id) { return id; }),
                      wend::get<"/logs[/{day}]", "logs">([](std::optional<int> day) { return day; }));
}

std::string link() {
  return api().url_for<"notes">(42);  // wrong
  // right: return api().url_for<"note">(42);
}
