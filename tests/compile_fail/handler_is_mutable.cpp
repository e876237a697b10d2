// expect: a handler is shared by all threads: not a mutable lambda, but a reference to state that is safe to share
#include <wend/routes.hpp>
#include <atomic>

std::atomic<int> n = 0;

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/count">([n = 0]() mutable { return ++n; }));  // wrong
  // right: wend::get<"/count">([]() { return ++n; }));
}
