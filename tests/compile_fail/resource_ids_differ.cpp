// expect: wend: resource<...>: its members take their id as different types; its name may say what it is, as in notes/{id:int}
// expect-gcc: {"notes"}, notes
#include <wend/routes.hpp>

struct notes {
  int show(int id) const { return id; }
  void remove(std::string_view) const {}  // wrong
  // right: void remove(int) const {}
};

auto const api = wend::routes(wend::resource<"notes">(notes{}));
