// expect: a handler takes request& or request const& by reference, and all other parameters by value or const&
// expect-gcc: std::__cxx11::basic_string<char>&
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{title}">([](std::string& title) { return title; }));  // wrong
  // right: wend::get<"/notes/{title}">([](std::string const& title) { return title; }));
}
