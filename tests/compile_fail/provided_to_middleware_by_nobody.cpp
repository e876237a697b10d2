// expect: a middleware takes provided<T> or a host_part, and none of the use(...) and host<...> outside of it supplies that
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
