// expect: two routes of a table have the same method and match the same paths, so that no request could reach the second
// expect-gcc: {"/notes/{id}"}, wend::fixed_string<14>{"/notes/{name}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id}">([](int id) { return id; }),
                      wend::get<"/notes/{name}">([](std::string name) { return name; }));  // wrong
  // right: wend::get<"/notes/by-name/{name}">([](std::string name) { return name; }));
}
