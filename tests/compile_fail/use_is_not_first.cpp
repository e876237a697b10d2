// expect: use(...) stands once in a routes(...) or group(...), as the first entry
#include <wend/routes.hpp>

struct timing {
  void before(wend::request&) {}
};

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }), wend::use(timing{}));  // wrong
  // right: return wend::routes(wend::use(timing{}), wend::get<"/">([] { return "hello"; }));
}
