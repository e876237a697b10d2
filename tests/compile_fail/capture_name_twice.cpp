// expect: two captures of one route pattern have the same name
// expect-gcc: {"/users/{id}/notes/{id}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/users/{id}/notes/{id}">([](int user, int id) { return user + id; }));  // wrong
  // right: wend::get<"/users/{user}/notes/{id}">([](int user, int id) { return user + id; }));
}
