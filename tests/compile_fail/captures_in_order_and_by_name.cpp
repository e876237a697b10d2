// expect: not both
// expect-gcc: fixed_string<25>{"/users/{user}/notes/{id}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/users/{user}/notes/{id}">([](int user, wend::path<"id", int> id) { return user + *id; }));  // wrong
  // right: wend::get<"/users/{user}/notes/{id}">([](int user, int id) { return user + id; }));
}
