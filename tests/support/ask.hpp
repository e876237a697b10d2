// Asks an application without a server: method, target, fields and body in, response out.
#pragma once

#include <wend/app/layer.hpp>
#include <wend/app/service.hpp>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wend::test {

/// What a client may send.
struct question {
  wend::method method = wend::method::get;
  std::string target = "/";
  std::vector<field> fields = {};
  std::string body = {};
};

/// The response of `app`; for a target that is none, the 400 that a session would give.
inline response ask(service app, question const& q) {
  request in;
  response out;
  in.method = q.method;
  auto const target = parse_target(q.method, q.target);
  if (!target) return response(target.error().status);
  in.target = *target;
  in.fields = fields_view{std::span<field const>(q.fields)};
  body_policy body;
  if (app.find(in, out, body) == stage::body) {
    if (body.mode == body_mode::whole) in.body = q.body;
    app.call(in, out);
  }
  return out;
}

/// "200 text": the status and the body of the answer to a GET.
inline std::string fetch(service app, std::string target) {
  auto const out = ask(app, {method::get, std::move(target)});
  return std::to_string(code(out.status)) + " " + out.body;
}

}  // namespace wend::test
