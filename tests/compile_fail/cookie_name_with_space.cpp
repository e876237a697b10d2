// expect: no cookie can have this name; it is without = and spaces
// expect-gcc: "session id"
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/me">([](wend::cookie<"session id", std::string> id) { return *id; }));  // wrong
  // right: wend::get<"/me">([](wend::cookie<"session_id", std::string> id) { return *id; }));
}
