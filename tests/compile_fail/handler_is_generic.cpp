// expect: a handler is a function or lambda with written parameter types, not auto
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id}">([](auto id) { return id; }));  // wrong
  // right: wend::get<"/notes/{id}">([](int id) { return id; }));
}
