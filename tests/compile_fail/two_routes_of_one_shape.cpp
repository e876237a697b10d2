// expect: wend: two routes of a table match the same paths with the same method, and neither is more precise
// expect-gcc: {"/notes/{id}"}, wend::fixed_string<14>{"/notes/{name}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id}">([](int id) { return id; }),
                      wend::get<"/notes/{name}">([](std::string name) { return name; }));  // wrong
  // right: wend::get<"/notes/by-name/{name}">([](std::string name) { return name; }));
}
