// Methods for clients that can only send GET and POST, such as HTML forms.
#pragma once

#include <wend/app/layer.hpp>
#include <wend/app/service.hpp>
#include <wend/http/ascii.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/http/method.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>

#include <string_view>
#include <utility>

namespace wend {

/// Serves an application in which a POST may ask to be taken for PUT, PATCH or DELETE: by a field
/// X-HTTP-Method-Override, or by a parameter `_method` of the query, in any case:
///
///     wend::serve(wend::method_override{api});
///     <form method="post" action="/notes/7?_method=delete">
///
/// It stands around a whole application, since routes are found by the method. Choice: no other
/// method may be asked for, and none by a GET: what is safe must stay so (RFC 9110 9.2.1). A value
/// that names another method is not looked at.
template <application App>
class method_override {
 public:
  explicit method_override(App app) : app_(std::move(app)) {}

  stage find(request& in, response& out, body_policy& body) const noexcept {
    if (in.method == method::post) override(in);
    return app_.find(in, out, body);
  }
  bool call(request& in, response& out) const noexcept { return app_.call(in, out); }

  /// Checks what is served: see `service`.
  void prepare() const { (void)service(app_); }

 private:
  static void override(request& in) noexcept {
    auto wanted = in.field("X-HTTP-Method-Override").value_or(std::string_view{});
    for (auto query = in.target.query; wanted.empty() && !query.empty();) {
      auto const end = query.find('&');
      auto const pair = query.substr(0, end);
      query.remove_prefix(end == query.npos ? query.size() : end + 1);
      constexpr std::string_view name = "_method=";
      if (pair.starts_with(name)) wanted = pair.substr(name.size());
    }
    for (auto const& m : {method::put, method::patch, method::del})
      if (iequals(wanted, m.name())) in.method = m;
  }

  App app_;
};

}  // namespace wend
