// expect: a prefix begins with / and does not end with it, and has no { }, [ ] in it: these belong into the routes below it
// expect-gcc: {"/files/"}
#include <wend/routes.hpp>

auto api() {
  return wend::mount<"/files/">([](wend::request&) { return wend::response(); });  // wrong
  // right: return wend::mount<"/files">([](wend::request&) { return wend::response(); });
}
