// How dispatch finds a route, and what it answers when there is none: see dispatch.hpp.
//
// All that does not depend on the types of a table is here and compiled once: 404, 405 with Allow
// (RFC 9110 15.5.6), 501, HEAD from GET, OPTIONS, and the way in and out of middleware.
#pragma once

#include <wend/app/detail/realms.hpp>
#include <wend/app/detail/route_search.hpp>
#include <wend/app/detail/route_set.hpp>
#include <wend/app/detail/why_not.hpp>
#include <wend/app/layer.hpp>
#include <wend/handler/guard.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/percent.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <string_view>

namespace wend::detail {

/// The value of an Allow field: all methods of the set, and those that are answered besides.
inline std::string allow(std::span<method const> methods, std::uint64_t allowed) {
  std::string out;
  bool get = false, head = false, options = false;
  auto const add = [&](std::string_view name) {
    if (!out.empty()) out += ", ";
    out += name;
  };
  for (; allowed != 0; allowed &= allowed - 1) {
    auto const& m = methods[static_cast<std::size_t>(std::countr_zero(allowed))];
    get = get || m == method::get;
    head = head || m == method::head;
    options = options || m == method::options;
    add(m.name());
  }
  if (get && !head) add("HEAD");
  if (!options) add("OPTIONS");
  return out;
}

/// Where a path would be found with its last slash added or taken away; else empty.
inline std::string other_slash(routing const& r, request& in) {
  std::string location(in.target.path);
  if (location.size() < 2 || location[1] == '/') return {};  // never to "//host"
  if (location.back() == '/')
    location.pop_back();
  else
    location += '/';
  std::string scratch;
  auto const path = normalize_path(location, scratch);
  if (!path || path->size() <= in.mount_prefix.size()) return {};
  route_search search(r.set, in);
  if (!find_path(r, in, path->substr(in.mount_prefix.size()), search) && search.allowed() == 0)
    return {};
  in.route = nullptr;
  if (in.target.has_query) location.append("?").append(in.target.query);
  return location;
}

/// Answers a request that no handler takes. Throws what a converter has thrown.
inline void answer_unrouted(request& in, response& out) {
  auto const& u = in.routing.unrouted;
  switch (u.why) {
    case unrouted::reason::not_found: {
      problem why(status::not_found);
      if (!u.tried.empty()) why.with("routes", u.tried);
      return why.write(out);
    }
    case unrouted::reason::not_implemented: return problem(status::not_implemented).write(out);
    case unrouted::reason::failed: std::rethrow_exception(u.thrown);
    case unrouted::reason::server:
      out.status = status::no_content;
      out.set("Allow", allow(u.methods, u.allowed));
      return;
    case unrouted::reason::not_allowed:
      if (in.method == method::options)
        out.status = status::no_content;
      else
        problem(status::method_not_allowed).write(out);
      out.set("Allow", allow(u.methods, u.allowed));
      return;
    case unrouted::reason::elsewhere:
      out.status = status::permanent_redirect;
      out.set("Location", u.location);
      return;
    case unrouted::reason::malformed:
      problem(u.error.status, std::string(u.error.detail)).write(out);
      out.set("Connection", "close");  // a malformed target, like those that the parser refuses
      return;
  }
}

/// Notes why no handler takes a request, and what middleware it has to pass all the same.
inline void miss(routing const& r, request& in, unrouted::reason why, std::size_t scope) {
  in.route = nullptr;
  in.captures.resize(0);
  in.routing.unrouted.why = why;
  push_scope(r.set.scopes, scope, r.self, in.routing);
}

/// What a route for CONNECT matches: "/host:port" (RFC 9110 9.3.6).
inline result<std::string_view> authority_path(request& in) {
  in.path_scratch.assign(1, '/').append(in.target.authority);
  return std::string_view(in.path_scratch);
}

/// Divides the path at the end of a mount's prefix.
inline void enter_mount(request& in, std::string_view path) {
  auto const rest = in.captures[0];
  in.mount_path = rest.data() == nullptr ? std::string_view("/")  // the byte before is a slash
                                         : std::string_view(rest.data() - 1, rest.size() + 1);
  auto const taken = path.size() - (rest.data() == nullptr ? 0 : rest.size() + 1);
  in.mount_prefix = {in.mount_prefix.data(), in.mount_prefix.size() + taken};
}

/// What becomes of a request that no route of a table or router takes.
inline void locate_none(
    routing const& r, request& in, std::string_view path, route_search const& search, bool known) {
  auto& state = in.routing;
  bool const tunnel = in.target.kind == target::form::authority;
  auto const scope = [&] {
    if (r.set.realms.empty()) return scope_of(r.set, path, nullptr);
    conditions const met(r.set.scopes, r.self, in);
    return scope_of(r.set, path, &met);
  };
  if (!known || (tunnel && !search.known()))
    return miss(r, in, unrouted::reason::not_implemented, scope());
  if (search.allowed() != 0) {
    state.unrouted.methods = r.set.methods;
    state.unrouted.allowed = search.allowed();
    return miss(r, in, unrouted::reason::not_allowed, search.nearest()->scope);
  }
  if (r.options.redirect_trailing_slash) {
    state.unrouted.location = other_slash(r, in);
    if (!state.unrouted.location.empty()) return miss(r, in, unrouted::reason::elsewhere, scope());
  }
  state.unrouted.tried =
      r.options.explain_not_found ? why_none_as_json(r, in, path) : std::string();
  miss(r, in, unrouted::reason::not_found, scope());
}

[[gnu::always_inline]] inline void locate_unguarded(routing const& r,
                                                    request& in,
                                                    std::string_view path) {
  auto& state = in.routing;
  state.prefix = in.mount_prefix.size();
  route_search search(r.set, in);
  bool const known = search.known() || is_registered(in.method);
  bool const hopeful = known || search.hopeful();
  if (!hopeful || !find_path(r, in, path, search)) return locate_none(r, in, path, search, known);
  auto const& e = *static_cast<endpoint const*>(in.route);
  if (e.scope != 0) push_scope(r.set.scopes, e.scope, r.self, state);
  state.app = e.object != nullptr ? e.object : r.self;
  if (!e.mount) return;
  enter_mount(in, path);
  if (e.descend != nullptr) e.descend(state.app, in, in.mount_path);
}

/// `outer`: how many frames there are, which would have to be counted.
[[gnu::always_inline]] inline void locate_guarded(routing const& r,
                                                  request& in,
                                                  std::string_view path,
                                                  std::size_t outer) {
  auto& state = in.routing;
  for (auto const& f : r.around)
    state.frames.push_back(f);
  try {
    locate_unguarded(r, in, path);
  } catch (...) {
    state.frames.resize(outer + r.around.size());
    state.unrouted.thrown = std::current_exception();
    miss(r, in, unrouted::reason::failed, scope_of(r.set, path, nullptr));
  }
}

WEND_INLINE void locate(routing const& r, request& in, std::string_view path) {
  locate_guarded(r, in, path, in.routing.frames.size());
}

/// Notes why a request has no path that could be looked for.
inline void miss_root(routing const& r, request& in, unrouted::reason why) {
  in.routing.frames.insert(in.routing.frames.end(), r.around.begin(), r.around.end());
  miss(r, in, why, scope_of(r.set, {}, nullptr));
}

/// Finds the route of a request whose path is not as routes see it, or has none.
inline void locate_other(routing const& r, request& in) {
  auto& state = in.routing;
  if (in.target.kind == target::form::asterisk) {  // OPTIONS *: the server as a whole
    auto const all = r.set.methods.size();
    state.unrouted.methods = r.set.methods;
    state.unrouted.allowed = all < 64 ? (std::uint64_t{1} << all) - 1 : ~std::uint64_t{0};
    return miss_root(r, in, unrouted::reason::server);
  }
  bool const tunnel = in.target.kind == target::form::authority;
  auto const path = tunnel ? authority_path(in) : normalize_path(in.target.path, in.path_scratch);
  if (!path) {
    state.unrouted.error = path.error();
    return miss_root(r, in, unrouted::reason::malformed);
  }
  state.escaped = path->data() == in.path_scratch.data();
  in.mount_path = *path;
  in.mount_prefix = path->substr(0, 0);
  locate(r, in, *path);
  // An encoded slash was NUL while it must not separate; in a capture it is the slash it was.
  if (state.escaped) std::replace(in.path_scratch.begin(), in.path_scratch.end(), '\0', '/');
}

/// Finds the route of a request that is not below a mount.
inline void locate_root(routing const& r, request& in) {
  in.routing.escaped = false;
  if (!in.target.plain) {
    in.mount_path = in.mount_prefix = {};
    return locate_other(r, in);
  }
  in.mount_path = in.target.path;
  in.mount_prefix = {in.target.path.data(), 0};
  locate_guarded(r, in, in.target.path, 0);
}

WEND_INLINE stage enter(request& in, response& out, body_policy& body) noexcept {
  auto& state = in.routing;
  // this is called by the `next()` of the layer that was entered last, if one was
  if (state.entered > 0) state.frames[state.entered - 1].open = true;
  for (; state.entered < state.frames.size(); ++state.entered) {
    auto& f = state.frames[state.entered];
    if (f.what->wait != nullptr) {
      ++state.entered;
      guard(out, [&] { f.what->wait(f.self, in, out); });
      if (out.later != nullptr) return stage::waiting;
      leave(in, out);
      return stage::answered;
    }
    bool let_in = true;
    if (f.what->before != nullptr)
      guard(out, [&] {
        let_in = false;
        let_in = f.what->before(f.self, f, in, out);
      });
    if (!let_in) {
      leave(in, out);
      return stage::answered;
    }
  }
  if (in.route != nullptr) {
    body = static_cast<endpoint const*>(in.route)->body;
    return stage::body;
  }
  guard(out, [&] { answer_unrouted(in, out); });
  leave(in, out);
  return stage::answered;
}

WEND_INLINE stage find_anew(routing const& r,
                            request& in,
                            response& out,
                            body_policy& body) noexcept {
  try {
    locate_root(r, in);
  } catch (...) {  // there is no memory
    in.routing.clear();
    in.route = nullptr;
    in.routing.unrouted.why = unrouted::reason::failed;
    in.routing.unrouted.thrown = std::current_exception();
  }
  return enter(in, out, body);
}

WEND_INLINE stage find(routing const& r, request& in, response& out, body_policy& body) noexcept {
  in.routing.clear();
  return find_anew(r, in, out, body);
}

WEND_INLINE bool call(request& in, response& out) noexcept {
  auto const& e = *static_cast<endpoint const*>(in.route);
  guard(out, [&] { e.call(in.routing.app, e.captures, in, out); });
  return out.later == nullptr && leave(in, out);
}

}  // namespace wend::detail
