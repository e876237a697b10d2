// expect: nothing supplies this parameter: the pattern has no capture left for it;
// expect-gcc: 2, int>
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id}">([](int id, int page) { return id + page; }));  // wrong
  // right: wend::get<"/notes/{id}">([](int id, wend::query<"page", int> page) { return id + *page; }));
}
