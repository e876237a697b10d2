// expect: the regex of a capture has more than 64 positions
// expect-gcc: {"/hash/{sha:[0-9a-f]{128}}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/hash/{sha:[0-9a-f]{128}}">([](std::string_view sha) { return sha; }));  // wrong
  // right: wend::get<"/hash/{sha:hex}">([](std::string_view sha) { return sha; }));
}
