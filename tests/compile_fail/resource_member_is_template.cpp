// expect: wend: resource<...>: index, create, show, replace, update and remove are public functions, const or static, no templates, and one of each name: all threads call them
#include <wend/routes.hpp>

struct notes {
  int index(auto) const { return 1; }  // wrong
  // right: int index() const { return 1; }
  int show(int id) const { return id; }
};

auto const api = wend::routes(wend::resource<"notes">(notes{}));
