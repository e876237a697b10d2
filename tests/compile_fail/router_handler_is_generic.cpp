// expect: a handler is a function or lambda with written parameter types, not auto
#include <wend/app/router.hpp>

void setup(wend::router& r) {
  r.add(wend::method::get, "/", [] { return "hello"; });
  r.add(wend::method::get, "/notes/{id}", [](auto id) { return id; });  // wrong
  // right: r.add(wend::method::get, "/notes/{id}", [](int id) { return id; });
}
