// What a server serves, with its type erased: two function pointers.
#pragma once

#include <wend/app/detail/supplied.hpp>
#include <wend/app/layer.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>

#include <concepts>
#include <type_traits>

namespace wend {

/// What can be served: a table, a router, or anything of this shape.
///
/// `find` is called when the head of a request is complete, and `call` when it has said
/// `stage::body` and the body is there, or at once when it is not wanted. `call` returns true when
/// the response can be sent; else `response::later` is to be run first, and then `detail::leave`
/// called. Both are called by many threads at once; neither may throw.
template <class T>
concept application = requires(T const& app, request& in, response& out, body_policy& body) {
  { app.find(in, out, body) } -> std::same_as<stage>;
  { app.call(in, out) } -> std::same_as<bool>;
};

/// A reference to an application. Making one checks that it is complete: for a table, that
/// middleware supplies each `provided<T>`, which else does not compile; for a router, all that
/// `prepare` throws.
/// Lifetime: the application outlives it.
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
          return static_cast<App const*>(self)->call(in, out);
        }) {
    if constexpr (requires { typename App::facts; })
      App::facts::template check_supplied<detail::nothing_supplied>();
    if constexpr (requires { app.prepare(); }) app.prepare();
  }

  stage find(request& in, response& out, body_policy& body) const {
    return find_(app_, in, out, body);
  }
  bool call(request& in, response& out) const { return call_(app_, in, out); }

 private:
  void const* app_;
  stage (*find_)(void const*, request&, response&, body_policy&);
  bool (*call_)(void const*, request&, response&);
};

}  // namespace wend
