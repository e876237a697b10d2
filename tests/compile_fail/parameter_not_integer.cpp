// expect: {x:int} and {x:uint} are integers, and this parameter is not
// expect-gcc: "/notes/{id:int}"}, 1, std::__cxx11::basic_string<char> >
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id:int}", "note">([](std::string id) { return id; }));  // wrong
  // right: wend::get<"/notes/{id:int}", "note">([](int id) { return id; }));
}
