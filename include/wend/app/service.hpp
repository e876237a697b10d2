// What a server serves, with its type erased: two function pointers.
#pragma once

#include <wend/http/body_policy.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>

#include <concepts>
#include <type_traits>

namespace wend {

/// What can be served: a table, a router, or anything of this shape.
///
/// `find` is called when the head of a request is complete: it says what is to become of the body,
/// or returns false when `out` is the answer already. `call` is called when the body is there, or
/// at once when it is not wanted. Both are called by many threads at once; neither may throw.
template <class T>
concept application = requires(T const& app, request& in, response& out, body_policy& body) {
  { app.find(in, out, body) } -> std::same_as<bool>;
  { app.call(in, out) };
};

/// A reference to an application. Lifetime: the application outlives it.
class service {
 public:
  template <application App>
    requires(!std::same_as<App, service>)
  service(App const& app)
      : app_(&app),
        find_([](void const* self, request& in, response& out, body_policy& body) {
          return static_cast<App const*>(self)->find(in, out, body);
        }),
        call_([](void const* self, request& in, response& out) {
          static_cast<App const*>(self)->call(in, out);
        }) {
    if constexpr (requires { app.prepare(); }) app.prepare();
  }

  bool find(request& in, response& out, body_policy& body) const {
    return find_(app_, in, out, body);
  }
  void call(request& in, response& out) const { call_(app_, in, out); }

 private:
  void const* app_;
  bool (*find_)(void const*, request&, response&, body_policy&);
  void (*call_)(void const*, request&, response&);
};

}  // namespace wend
