// Of each route of a table or router, why it does not answer a request.
#pragma once

#include <wend/app/detail/route_set.hpp>
#include <wend/http/method.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/route/build_tree.hpp>
#include <wend/route/lookup.hpp>
#include <wend/route/mismatch.hpp>
#include <wend/route/pattern.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend::detail {

/// The method of a route for people to read: "*" for one that takes all.
inline std::string_view method_label(endpoint const& e) noexcept {
  return e.method == method{} ? "*" : e.method.name();
}

/// Whether the handler of a route takes the values that its pattern captures from a path.
inline bool values_fit(endpoint const& e, parsed_pattern const& p, std::string_view path) {
  if (!e.may_not_fit) return true;
  bool fit = false;
  std::array<tree_route, 1> const alone{{{&p, 0, true}}};
  auto const parts = build_tree(alone);
  lookup(parts.view(), path, [&](std::span<tree_terminal const> ends, found_captures const& found) {
    captures c;
    c.resize(e.captures.size());
    for (std::size_t i = 0, next = 0; i < c.size(); ++i)
      c.set(i, (ends.front().captures >> i) & 1 ? found[next++] : std::string_view{});
    return fit = e.fits(e.captures, c);
  });
  return fit;
}

/// Why the conditions around a route keep a request off; empty if they are met.
inline std::string why_unmet(conditions const& met, std::size_t scope) {
  try {
    auto const* unmet = met.first_unmet(scope);
    if (unmet == nullptr) return {};
    return unmet->is == condition::kind::host ? "is for " + std::string(unmet->text)
                                              : "its condition is not met";
  } catch (...) {
    return "its condition throws";
  }
}

/// Why a route whose conditions are met is not the one that answers: another one is, one below a
/// mount, or none.
inline std::string why_not_this(endpoint const& e,
                                method const& m,
                                std::string_view path,
                                bool none_chosen,
                                bool below_mount,
                                bool same_realm) {
  auto const p = parse_pattern(e.pattern);
  if (auto why = mismatch(p, path); !why.empty()) return why;
  if (!values_fit(e, p, path)) return "its handler does not take the value of a capture";
  if (e.mount && (below_mount || none_chosen))
    return below_mount ? "leads to it" : "what is mounted there has no such route";
  bool const right =
      e.method == method{} || e.method == m || (e.method == method::get && m == method::head);
  if (!right) return "is for another method";
  return same_realm ? "another route is more precise" : "another route is tried first";
}

/// A route, and why it does not answer.
struct turned_down {
  endpoint const* route;
  std::string why;
};

/// All routes but `chosen`, which answers the request, or null. The path is decoded.
inline std::vector<turned_down> why_not(routing const& r,
                                        request const& in,
                                        std::string_view path,
                                        route_info const* chosen) {
  auto const& set = r.set;
  conditions const met(set.scopes, r.self, in);
  bool const below_mount =
      chosen != nullptr && std::ranges::find(set.endpoints, chosen) == set.endpoints.end();
  auto const realm = [&](route_info const* e) {
    return condition_around(set.scopes, static_cast<endpoint const*>(e)->scope);
  };
  std::vector<turned_down> out;
  for (auto const* e : set.endpoints) {
    if (e == chosen) continue;
    auto why = why_unmet(met, e->scope);
    bool const same_realm = chosen == nullptr || below_mount || realm(chosen) == realm(e);
    if (why.empty())
      why = why_not_this(*e, in.method, path, chosen == nullptr, below_mount, same_realm);
    out.push_back({e, std::move(why)});
  }
  return out;
}

/// The same for a client, as JSON: `[{"route":"GET /notes","why":"ends before \"/x\""}]`.
inline std::string why_none_as_json(routing const& r, request const& in, std::string_view path) {
  std::string out;
  for (auto const& [route, why] : why_not(r, in, path, nullptr)) {
    out += out.empty() ? "[{\"route\":" : ",{\"route\":";
    append_json_string(out, std::string(method_label(*route)) + " " + std::string(route->pattern));
    out += ",\"why\":";
    append_json_string(out, why);
    out += '}';
  }
  return out.empty() ? "[]" : out + "]";
}

}  // namespace wend::detail
