// expect: a prefix begins with / and does not end with it, and has no { }, [ ] in it: these belong into the routes below it
// expect-gcc: {"/{tenant}"}
#include <wend/routes.hpp>

auto api() {
  return wend::group<"/{tenant}">(  // wrong
      // right: return wend::group<"/tenants">(
      wend::get<"/notes">([] { return "all"; }));
}
