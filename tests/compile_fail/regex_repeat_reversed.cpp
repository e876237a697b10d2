// expect: a repeat in the regex of a capture is {m}, {m,} or {m,n}, m <= n
// expect-gcc: {"/years/{year:\\d{4,2}}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/years/{year:\\d{4,2}}">([](int year) { return year; }));  // wrong
  // right: wend::get<"/years/{year:\\d{2,4}}">([](int year) { return year; }));
}
