// expect: two parameters of a handler take the body, and a request has only one
// expect-gcc: 2, wend::body>
#include <wend/routes.hpp>

struct login {
  std::string name;
};

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::post<"/login">([](wend::form<login> who, wend::body raw) { return who->name + *raw.bytes.data(); }));  // wrong
  // right: wend::post<"/login">([](wend::form<login> who) { return who->name; }));
}
