// expect: a route of a table matches, with the same method and before it, all that another one matches, so that no request could reach the other
// expect-gcc: {"/{page:[^/]+}"}, wend::fixed_string<8>{"/{user}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/{user}">([](std::string_view user) { return user; }),
                      wend::get<"/{page:[^/]+}">([](std::string_view page) { return page; }));  // wrong
  // right: wend::get<"/{page:[^/]+}.html">([](std::string_view page) { return page; }));
}
