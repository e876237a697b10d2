// expect: { in a route pattern is never closed; a brace itself is
// expect-gcc: {"/notes/{id"}
#include <wend/routes.hpp>

std::string link(int id) {
  return wend::url_for<"/notes/{id">(id);  // wrong
  // right: return wend::url_for<"/notes/{id}">(id);
}
