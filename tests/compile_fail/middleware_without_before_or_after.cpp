// expect: a middleware is a type with before(request&), after(request const&, response&), or both
#include <wend/routes.hpp>

struct timing {
  void around(wend::request&) {}
};
struct right_timing {
  void before(wend::request&) {}
};

auto api() {
  return wend::routes(wend::use(timing{}),  // wrong
                      // right: wend::routes(wend::use(right_timing{}),
                      wend::get<"/">([] { return "hello"; }));
}
