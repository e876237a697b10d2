// expect: before of a middleware takes request&, and after that nothing but provided<T>
#include <wend/routes.hpp>

struct timing {
  void before(wend::request&, wend::response&) {}  // wrong
  // right: void before(wend::request&) {}
};

auto api() {
  return wend::routes(wend::use(timing{}), wend::get<"/">([] { return "hello"; }));
}
