// expect: wend: resource<...>: this is no class with one of the members index, create, show, replace, update, remove
#include <wend/routes.hpp>

struct notes {
  std::string_view list() const { return "all"; }  // wrong
  // right: std::string_view index() const { return "all"; }
};

auto const api = wend::routes(wend::resource<"notes">(notes{}));
