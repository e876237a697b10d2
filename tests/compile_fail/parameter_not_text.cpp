// expect: this capture may hold slashes; take it as std::string_view or std::string
// expect-gcc: "/files/{path...}"}, 1, int>
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/files/{path...}">([](int path) { return path; }));  // wrong
  // right: wend::get<"/files/{path...}">([](std::string_view path) { return path; }));
}
