// expect: {x:digits} and {x:hex} are taken as an integer or as std::string_view
// expect-gcc: "/commits/{sha:hex}"}, 1, double>
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/commits/{sha:hex}">([](double sha) { return sha; }));  // wrong
  // right: wend::get<"/commits/{sha:hex}">([](std::string_view sha) { return sha; }));
}
