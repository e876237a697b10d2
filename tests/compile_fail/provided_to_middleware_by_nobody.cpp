// expect: a middleware takes provided<T>, and none outside of it supplies a T
#include <wend/routes.hpp>

struct user {
  int id;
};
struct auth {
  user before(wend::request&) { return {7}; }
};
struct audit {
  void before(wend::request&, wend::provided<user>) {}
};

wend::service serve() {
  static auto const api = wend::routes(wend::use(audit{}, auth{}));  // wrong
  // right: static auto const api = wend::routes(wend::use(auth{}, audit{}));
  return api;
}
