// Realms: the routes below a condition, which have a tree of their own.
//
// Whether a condition holds is a matter of the request and not of the path, so it is asked before
// any path is looked at: what is conditional is tried first. The realms of a table stand in the
// order in which they are tried: inner ones before those around them; hosts before predicates, the
// more precise host first, and predicates as they were declared.
#pragma once

#include <wend/app/layer.hpp>
#include <wend/http/request.hpp>
#include <wend/route/host_pattern.hpp>
#include <wend/route/tree.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace wend::detail {

/// The routes that are looked at when a condition holds.
struct realm {
  std::size_t scope;  ///< the one with the condition, from 1; all around it have to hold as well
  detail::tree tree;
};

/// The innermost scope with a condition from this one outwards, from 1; 0 if there is none.
constexpr std::size_t condition_around(std::span<scope const> all, std::size_t index) {
  while (index != 0 && all[index - 1].only_if.is == condition::kind::none)
    index = all[index - 1].outer;
  return index;
}

/// The realms of a table, and which of its scopes belong to which.
struct realm_list {
  std::vector<std::size_t> scopes;      ///< with a condition, from 1, in the order of trial
  std::vector<std::uint16_t> of_scope;  ///< of each scope, from 1, its realm, from 1; 0 is none
  std::size_t alike = 0, other = 0;  ///< hosts that match the same names and are spelled otherwise
};

/// Puts conditions into order. All indices are those of scopes with a condition, from 1; 0 is none.
class condition_order {
 public:
  constexpr explicit condition_order(std::span<scope const> all) : all_(all) {}

  /// Complexity: O(n log n) compares of hosts.
  constexpr realm_list realms() const {
    realm_list out;
    std::vector<std::size_t> sorted;
    for (std::size_t i = 1; i <= all_.size(); ++i)
      if (condition_around(all_, i) == i) sorted.push_back(i);
    std::sort(sorted.begin(), sorted.end(), [&](auto a, auto b) { return before(a, b); });
    for (std::size_t i = 0; i <= all_.size(); ++i)
      out.of_scope.push_back(0);  // Clang refuses resize in a constant expression
    for (auto const i : sorted) {
      if (out.scopes.empty() || !same(out.scopes.back(), i)) out.scopes.push_back(i);
      out.of_scope[i] = static_cast<std::uint16_t>(out.scopes.size());
    }
    for (std::size_t i = 1; i <= all_.size(); ++i)
      out.of_scope[i] = out.of_scope[condition_around(all_, i)];
    find_alike(out);
    return out;
  }

 private:
  constexpr bool is_host(std::size_t i) const {
    return all_[i - 1].only_if.is == condition::kind::host;
  }
  constexpr int compare(std::size_t a, std::size_t b) const {
    return compare_hosts(*all_[a - 1].only_if.host, *all_[b - 1].only_if.host);
  }
  constexpr std::size_t outer(std::size_t i) const {
    return condition_around(all_, all_[i - 1].outer);
  }
  constexpr std::size_t depth(std::size_t i) const {
    std::size_t n = 0;
    for (; i != 0; i = outer(i))
      ++n;
    return n;
  }

  /// One condition, or the same host twice at the same place.
  constexpr bool same(std::size_t a, std::size_t b) const {
    if (a == b || a == 0 || b == 0) return a == b;
    return is_host(a) && is_host(b) && all_[a - 1].only_if.text == all_[b - 1].only_if.text &&
           same(outer(a), outer(b));
  }

  /// Of two, whether the first one is tried first. Those that are the same are neighbours.
  constexpr bool before(std::size_t a, std::size_t b) const {
    auto const deeper = depth(a) > depth(b), higher = depth(a) < depth(b);
    if (deeper) return same(outer(a), b) || before(outer(a), b);
    if (higher) return !same(a, outer(b)) && before(a, outer(b));
    if (!same(outer(a), outer(b))) return before(outer(a), outer(b));
    if (is_host(a) != is_host(b)) return is_host(a);
    if (!is_host(a)) return a < b;
    auto const order = compare(a, b);
    return order != 0 ? order < 0 : all_[a - 1].only_if.text < all_[b - 1].only_if.text;
  }

  /// Such hosts follow each other among those at the same place.
  constexpr void find_alike(realm_list& out) const {
    for (std::size_t i = 1; i < out.scopes.size() && out.alike == 0; ++i) {
      if (!is_host(out.scopes[i])) continue;
      auto j = i;
      while (j > 0 &&
             (!is_host(out.scopes[j - 1]) || !same(outer(out.scopes[j - 1]), outer(out.scopes[i]))))
        --j;
      if (j == 0 || compare(out.scopes[j - 1], out.scopes[i]) != 0) continue;
      out.alike = out.scopes[j - 1];
      out.other = out.scopes[i];
    }
  }

  std::span<scope const> all_;
};

/// The conditions of a table or router, held against one request. `self` is the table, or null.
class conditions {
 public:
  conditions(std::span<scope const> all, void const* self, request const& in)
      : all_(all), self_(self), in_(in), host_(in.host()) {}

  /// Whether a scope and all around it have their conditions met. Throws what a predicate throws.
  bool hold(std::size_t index) const { return first_unmet(index) == nullptr; }

  /// The outermost condition that is not met, or null.
  condition const* first_unmet(std::size_t index) const {
    if (index == 0) return nullptr;
    scope const& s = all_[index - 1];
    if (auto const* out = first_unmet(s.outer)) return out;
    if (s.only_if.is == condition::kind::none) return nullptr;
    auto const* self = s.self != nullptr ? s.self : self_;
    return s.only_if.holds(self, in_, host_.view()) ? nullptr : &s.only_if;
  }

 private:
  std::span<scope const> all_;
  void const* self_;
  request const& in_;
  host_path host_;
};

}  // namespace wend::detail
