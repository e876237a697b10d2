// expect: use(...) stands once in a routes(...) or group(...), as the first entry
#include <wend/routes.hpp>

struct timing {
  void before(wend::request&) {}
};

auto api() {
  return wend::group<"/api">(wend::use(timing{}),
                             wend::use(timing{}),  // wrong
                             // right:
                             wend::get<"/">([] { return "hello"; }));
}
