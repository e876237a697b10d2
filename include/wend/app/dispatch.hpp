// Dispatch: from a request to its route, and what is answered when there is none.
//
// All that does not depend on the types of a table is here and compiled once: 404, 405 with Allow
// (RFC 9110 15.5.6), 501, HEAD from GET, OPTIONS, and the catch around handlers.
#pragma once

#include <wend/handler/bind.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/http/percent.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/route/lookup.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wend {

/// What a table may be told about dispatch.
struct routing_options {
  /// A path that only a route with, or without, a slash at its end matches is redirected there
  /// (308) instead of answered 404.
  bool redirect_trailing_slash = false;
};

namespace detail {

/// A route as dispatch sees it: its types erased.
struct endpoint : route_info {
  capture_specs captures;
  body_policy body;
  bool may_not_fit = false;
  bool (*fits)(capture_specs, wend::captures const&) = nullptr;
  /// Calls the handler. `self` is the table, or `object`.
  void (*call)(void const* self, capture_specs, request&, response&) = nullptr;
};

/// All that a lookup needs. Lifetime: views into a table or a router.
struct route_set {
  static constexpr std::size_t max_methods = 64;

  detail::tree tree;
  std::span<endpoint const* const> endpoints;  ///< by the route index of the terminals
  std::span<method const> methods;             ///< sorted by name; by the method index of terminals
  routing_options options;
};

/// Finds the route of a request, sets `in.route` and `in.captures`, and says what is to become of
/// the body. False when `out` is the answer already: 308, 400, 404, 405, 501 or an OPTIONS.
/// What a converter of the user's throws is answered like what a handler throws.
/// Allocates: nothing when a route is found; at most a copy of a path that has escapes in it.
bool find(route_set const& set, request& in, response& out, body_policy& body) noexcept;

/// Calls the handler of the route that `find` has found. What it throws becomes a response: a
/// `problem` itself, anything else a 500 that says nothing, with the exception in `out.failure`.
void call(void const* self, request& in, response& out) noexcept;

// ------------------------------------------------------------------------------------------------

inline constexpr std::uint16_t no_method = 0xFFFF;

inline std::uint16_t index_of(std::span<method const> methods, method const& m) noexcept {
  for (std::size_t i = 0; i < methods.size(); ++i)
    if (methods[i] == m) return static_cast<std::uint16_t>(i);
  return no_method;
}

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

/// One lookup: tries the terminals that the tree offers.
class route_search {
 public:
  route_search(route_set const& set, request& in)
      : set_(set), in_(in), wanted_(index_of(set.methods, in.method)) {
    if (in.method == method::head) instead_ = index_of(set.methods, method::get);
  }

  bool operator()(std::span<tree_terminal const> ends, found_captures const& found) {
    auto const before = turned_down;
    bool const taken =
        take(ends, found, wanted_) || take(ends, found, instead_) || note(ends, found);
    turned_down = before + (turned_down != before);  // once for each split
    return taken;
  }

  /// The index of the request's method, or `no_method` when no route has it.
  std::uint16_t wanted() const noexcept { return wanted_; }

  /// The methods of all routes that matched but for their method.
  std::uint64_t allowed() const noexcept { return allowed_; }

  bool escaped = false;         ///< the path has NULs where encoded slashes were
  std::size_t turned_down = 0;  ///< how often a value did not fit: see `lookup`

 private:
  bool take(std::span<tree_terminal const> ends,
            found_captures const& found,
            std::uint16_t method) {
    if (method == no_method) return false;
    for (auto const& end : ends) {
      if (end.method != method || !fits(end, found)) continue;
      in_.route = set_.endpoints[end.route];
      return true;
    }
    return false;
  }

  bool note(std::span<tree_terminal const> ends, found_captures const& found) {
    for (auto const& end : ends)
      if (fits(end, found)) allowed_ |= std::uint64_t{1} << end.method;
    return false;
  }

  /// Spreads what was found over the captures of the route: those of a missing [ ] stay null.
  bool fits(tree_terminal const& end, found_captures const& found) {
    auto const& e = *set_.endpoints[end.route];
    in_.captures.resize(e.captures.size());
    for (std::size_t i = 0, next = 0; i < e.captures.size(); ++i)
      in_.captures.set(i, (end.captures >> i) & 1 ? found.values[next++] : std::string_view{});
    bool const fit =
        !e.may_not_fit || (escaped ? fits_decoded(e) : e.fits(e.captures, in_.captures));
    turned_down += !fit;
    return fit;
  }

  /// What the handler will get has slashes where the path, until it is routed, has NULs.
  bool fits_decoded(endpoint const& e) {
    wend::captures decoded = in_.captures;
    std::array<std::string, wend::captures::max> texts;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
      if (decoded[i].find('\0') == std::string_view::npos) continue;
      texts[i] = decoded[i];
      std::replace(texts[i].begin(), texts[i].end(), '\0', '/');
      decoded.set(i, texts[i]);
    }
    return e.fits(e.captures, decoded);
  }

  route_set const& set_;
  request& in_;
  std::uint16_t wanted_;
  std::uint16_t instead_ = no_method;
  std::uint64_t allowed_ = 0;
};

/// Where a path would be found with its last slash added or taken away, or nothing.
inline std::optional<std::string> other_slash(route_set const& set, request& in) {
  std::string location(in.target.path);
  if (location.size() < 2 || location[1] == '/') return std::nullopt;  // never to "//host"
  if (location.back() == '/')
    location.pop_back();
  else
    location += '/';
  std::string scratch;
  auto const path = normalize_path(location, scratch);
  route_search search(set, in);
  if (!path || !(lookup(set.tree, *path, search) || search.allowed() != 0)) return std::nullopt;
  in.route = nullptr;
  in.captures.resize(0);
  if (in.target.has_query) location.append("?").append(in.target.query);
  return location;
}

/// Answers a request that no route takes.
inline void answer_unrouted(route_set const& set,
                            request& in,
                            response& out,
                            std::uint64_t allowed) {
  in.captures.resize(0);
  if (allowed != 0) {
    auto const methods = allow(set.methods, allowed);
    if (in.method == method::options)
      out.status = status::no_content;
    else
      problem(status::method_not_allowed).write(out);
    out.set("Allow", methods);
    return;
  }
  if (set.options.redirect_trailing_slash) {
    if (auto const location = other_slash(set, in)) {
      out.status = status::permanent_redirect;
      out.set("Location", *location);
      return;
    }
  }
  problem(status::not_found).write(out);
}

/// What a route for CONNECT matches: "/host:port" (RFC 9110 9.3.6).
inline result<std::string_view> authority_path(request& in) {
  in.path_scratch.assign(1, '/').append(in.target.authority);
  return std::string_view(in.path_scratch);
}

inline bool find_unguarded(route_set const& set, request& in, response& out, body_policy& body) {
  route_search search(set, in);
  bool const known = index_of(set.methods, in.method) != no_method || is_registered(in.method);
  bool const tunnel = in.target.kind == target::form::authority;
  if (!known || (tunnel && search.wanted() == no_method)) {
    problem(status::not_implemented).write(out);
    return false;
  }
  if (in.target.kind == target::form::asterisk) {  // OPTIONS *: the server as a whole
    auto const all = set.methods.size();
    out.status = status::no_content;
    out.set("Allow",
            allow(set.methods, all < 64 ? (std::uint64_t{1} << all) - 1 : ~std::uint64_t{0}));
    return false;
  }
  auto const path = tunnel ? authority_path(in) : normalize_path(in.target.path, in.path_scratch);
  if (!path) {
    problem(path.error().status, std::string(path.error().detail)).write(out);
    out.set("Connection", "close");  // a malformed target, like those that the parser refuses
    return false;
  }
  search.escaped = path->data() == in.path_scratch.data();
  if (!lookup(set.tree, *path, search)) {
    answer_unrouted(set, in, out, search.allowed());
    return false;
  }
  // An encoded slash was NUL while it must not separate; in a capture it is the slash it was.
  if (search.escaped) std::replace(in.path_scratch.begin(), in.path_scratch.end(), '\0', '/');
  body = static_cast<endpoint const*>(in.route)->body;
  return true;
}

/// Runs what may throw; what it throws becomes the response.
template <class Run>
void guard(response& out, Run&& run) noexcept {
  try {
    run();
  } catch (problem const& p) {
    p.write(out);
  } catch (...) {
    problem(status::internal_server_error).write(out);
    out.failure = std::current_exception();
  }
}

inline bool find(route_set const& set, request& in, response& out, body_policy& body) noexcept {
  bool found = false;
  guard(out, [&] { found = find_unguarded(set, in, out, body); });
  return found;
}

inline void call(void const* self, request& in, response& out) noexcept {
  auto const& e = *static_cast<endpoint const*>(in.route);
  guard(out, [&] { e.call(self, e.captures, in, out); });
}

}  // namespace detail

}  // namespace wend
