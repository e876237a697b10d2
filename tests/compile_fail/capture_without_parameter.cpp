// expect: the handler takes fewer captures than its pattern has: take all in order, or those you want by name with
// expect-gcc: fixed_string<25>{"/users/{user}/notes/{id}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/users/{user}/notes/{id}">([](int id) { return id; }));  // wrong
  // right: wend::get<"/users/{user}/notes/{id}">([](wend::path<"id", int> id) { return *id; }));
}
