// One lookup in all trees of a table or router: which of the routes that a path leads to takes the
// request, and what there would have been for other methods.
#pragma once

#include <wend/app/detail/realms.hpp>
#include <wend/app/detail/route_set.hpp>
#include <wend/http/method.hpp>
#include <wend/http/request.hpp>
#include <wend/route/lookup.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace wend::detail {

inline constexpr std::uint16_t no_method = 0xFFFF;

inline std::uint16_t index_of(std::span<method const> methods, method const& m) noexcept {
  auto const begins_like = [&m](method const& other) {  // eight bytes tell nearly all apart
    std::uint64_t a, b;
    std::memcpy(&a, &m, sizeof a);
    std::memcpy(&b, &other, sizeof b);
    return a == b;
  };
  for (std::size_t i = 0; i < methods.size(); ++i)
    if (begins_like(methods[i]) && methods[i] == m) return static_cast<std::uint16_t>(i);
  return no_method;
}

/// One lookup: tries the terminals that the tree offers.
class route_search {
 public:
  [[gnu::always_inline]] route_search(route_set const& set, request& in)
      : set_(set), in_(in), wanted_(index_of(set.methods, in.method)) {
    if (in.method == method::head) instead_ = index_of(set.methods, method::get);
    any_ = set.all_methods && in.target.kind != target::form::authority;
  }

  bool operator()(std::span<tree_terminal const> ends, found_captures const& found) {
    for (auto const& end : ends) {
      if (end.method != wanted_) continue;
      auto const& e = *set_.endpoints[end.route];
      if (e.may_not_fit) break;
      spread(e, end, found);
      in_.route = &e;
      return true;
    }
    return choose(ends, found);
  }

  /// Whether a route has the request's method.
  bool known() const noexcept { return wanted_ != no_method; }

  /// The methods of all routes that matched but for their method.
  std::uint64_t allowed() const noexcept { return allowed_; }

  /// The best of them.
  endpoint const* nearest() const noexcept { return nearest_; }

  /// Whether there may be a route for the method at all.
  bool hopeful() const noexcept { return any_ || wanted_ != no_method; }

  std::size_t turned_down = 0;  ///< how often a value did not fit: see `lookup`

 private:
  /// What is not the one route of the request's method, which takes all values.
  [[gnu::noinline]] bool choose(std::span<tree_terminal const> ends, found_captures const& found) {
    auto const before = turned_down;
    bool const taken = take(ends, found, wanted_) || take(ends, found, instead_) ||
                       (any_ && take(ends, found, route_set::any_method)) || note(ends, found);
    turned_down = before + (turned_down != before);  // once for each split
    return taken;
  }

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
    for (auto const& end : ends) {
      if (end.method == route_set::any_method || !fits(end, found)) continue;
      allowed_ |= std::uint64_t{1} << end.method;
      if (nearest_ == nullptr) nearest_ = set_.endpoints[end.route];
    }
    return false;
  }

  /// Spreads what was found over the captures of the route: those of a missing [ ] stay null.
  void spread(endpoint const& e, tree_terminal const& end, found_captures const& found) {
    auto const count = e.captures.size();
    in_.captures.resize(count);
    if (found.size() == count) {
      for (std::size_t i = 0; i < count; ++i)
        in_.captures.set(i, found[i]);
      return;
    }
    for (std::size_t i = 0, next = 0; i < count; ++i)
      in_.captures.set(i, (end.captures >> i) & 1 ? found[next++] : std::string_view{});
  }

  bool fits(tree_terminal const& end, found_captures const& found) {
    auto const& e = *set_.endpoints[end.route];
    spread(e, end, found);
    bool const fit = !e.may_not_fit ||
                     (in_.routing.escaped ? fits_decoded(e) : e.fits(e.captures, in_.captures));
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
  bool any_ = false;
  std::uint64_t allowed_ = 0;
  endpoint const* nearest_ = nullptr;
};

/// Looks for a path where a condition holds.
[[gnu::noinline]] inline bool find_in_realms(routing const& r,
                                             request& in,
                                             std::string_view path,
                                             route_search& search) {
  conditions const met(r.set.scopes, r.self, in);
  for (auto const& one : r.set.realms)
    if (met.hold(one.scope) && lookup(one.tree, path, search)) return true;
  return false;
}

/// Whether a scope is another one, or inside of it; both from 1.
inline bool is_within(std::span<scope const> all, std::size_t index, std::size_t other) noexcept {
  while (index != 0 && index != other)
    index = all[index - 1].outer;
  return index == other;
}

/// The innermost scope of a realm, or of none (0), that has a path, from 1; 0 if there is none.
inline std::size_t scope_in_realm(route_set const& set, std::string_view path, std::size_t realm) {
  std::size_t best = 0, size = 0;
  for (std::size_t i = 1; i <= set.scopes.size(); ++i) {
    scope const& s = set.scopes[i - 1];
    bool const below =
        s.owner && path.starts_with(s.prefix) &&
        (path.size() == s.prefix.size() || path[s.prefix.size()] == '/' || s.prefix.empty());
    if (!below || (set.realm_of_scope.empty() ? 0 : set.realm_of_scope[i]) != realm) continue;
    bool const deeper =
        s.prefix.size() > size || (s.prefix.size() == size && is_within(set.scopes, i, best));
    if (best != 0 && !deeper) continue;
    best = i;
    size = s.prefix.size();
  }
  return best;
}

/// The innermost scope that has a path which no route takes, from 1; 0 for none. Realms are asked in
/// their order, those whose conditions are met, or none where `met` is null.
inline std::size_t scope_of(route_set const& set, std::string_view path, conditions const* met) {
  for (std::size_t r = 1; met != nullptr && r <= set.realms.size(); ++r)
    if (met->hold(set.realms[r - 1].scope))
      if (auto const found = scope_in_realm(set, path, r); found != 0) return found;
  return scope_in_realm(set, path, 0);
}

/// Looks for a path everywhere.
[[gnu::always_inline]] inline bool find_path(routing const& r,
                                             request& in,
                                             std::string_view path,
                                             route_search& search) {
  if (!r.set.realms.empty() && find_in_realms(r, in, path, search)) return true;
  return lookup(r.set.tree, path, search);
}

}  // namespace wend::detail
