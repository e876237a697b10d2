// expect: mount: what hangs below a prefix is a table, a router, or callable with a request&
// expect-gcc: {"/files"}
#include <wend/routes.hpp>

auto api() {
  return wend::mount<"/files">("public");  // wrong
  // right: return wend::mount<"/files">([](wend::request&) { return wend::response(); });
}
