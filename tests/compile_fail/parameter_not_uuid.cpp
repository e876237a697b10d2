// expect: {x:uuid} is taken as wend::uuid or as std::string_view
// expect-gcc: "/orders/{id:uuid}"}, 1, int>
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/orders/{id:uuid}">([](int id) { return id; }));  // wrong
  // right: wend::get<"/orders/{id:uuid}">([](wend::uuid id) { return id; }));
}
