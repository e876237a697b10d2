// expect: wend: resource<...>: index, create, show, replace, update and remove are public functions, const or static, no templates, and one of each name: all threads call them
#include <wend/routes.hpp>

struct notes {
  int show(int id) const { return id; }
  std::string_view show(std::string_view name) const { return name; }  // wrong
  // right: int remove(int id) const { return id; }
};

auto const api = wend::routes(wend::resource<"notes">(notes{}));
