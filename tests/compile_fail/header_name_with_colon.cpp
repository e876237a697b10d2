// expect: no field can have this name; it is without colon and spaces
// expect-gcc: "X-Token:"
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/me">([](wend::header<"X-Token:", std::string> token) { return *token; }));  // wrong
  // right: wend::get<"/me">([](wend::header<"X-Token", std::string> token) { return *token; }));
}
