// expect: wend: a handler takes a host_part, and no host<...> around its route has a capture of this name
// expect-gcc: {"/stats"}, 1
#include <wend/routes.hpp>

auto const handler = [](wend::host_part<"tenant"> who) { return *who; };
auto const api = wend::routes(wend::host<"{customer}.example">(wend::get<"/stats">(handler)));
auto const right = wend::routes(wend::host<"{tenant}.example">(wend::get<"/stats">(handler)));

wend::service serve() {
  return api;  // wrong
  // right: return right;
}
