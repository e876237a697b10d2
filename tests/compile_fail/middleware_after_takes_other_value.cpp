// expect: after of a middleware takes request const&, response&, and perhaps what its before supplies
#include <wend/routes.hpp>

#include <string>

struct timing {
  int before(wend::request&) { return 1; }
  void after(wend::request const&, wend::response&, std::string) {}  // wrong
  // right: void after(wend::request const&, wend::response&, int) {}
};

auto api() {
  return wend::routes(wend::use(timing{}), wend::get<"/">([] { return "hello"; }));
}
