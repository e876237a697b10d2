// expect: {name...} takes the rest of the path, so nothing may follow it
// expect-gcc: {"/files/{path...}/raw"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/files/{path...}/raw">([](std::string_view path) { return path; }));  // wrong
  // right: wend::get<"/raw/files/{path...}">([](std::string_view path) { return path; }));
}
