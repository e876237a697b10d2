// expect: the pattern has no such capture
// expect-gcc: wend::path<wend::fixed_string<4>{"key"}, int>
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id}">([](wend::path<"key", int> id) { return *id; }));  // wrong
  // right: wend::get<"/notes/{id}">([](wend::path<"id", int> id) { return *id; }));
}
