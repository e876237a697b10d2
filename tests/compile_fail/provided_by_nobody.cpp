// expect: a handler takes provided<T>, and no use(...) around its route has a middleware that supplies a T
// expect-gcc: {"/api/name/{n}"}, 2
#include <wend/routes.hpp>

struct user {
  int id;
};
struct auth {
  user before(wend::request&) { return {7}; }
};

wend::service serve() {
  static auto const api = wend::routes(
      wend::group<"/other">(wend::use(auth{})),
      wend::group<"/api">(wend::get<"/name/{n}">([](int n, wend::provided<user> who) {
        return who->id + n;
      })));
  static auto const right = wend::routes(wend::use(auth{}), api);
  return api;  // wrong
  // right: return right;
}
