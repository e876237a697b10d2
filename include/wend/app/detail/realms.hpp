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

/// The conditions of a table. All indices are those of scopes with a condition, from 1; 0 is none.
class condition_order {
 public:
  constexpr explicit condition_order(std::span<scope const> all) : all_(all) {}

  /// The scopes whose routes make up realms, in the order in which these are tried.
  constexpr std::vector<std::size_t> realms() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 1; i <= all_.size(); ++i) {
      if (condition_around(all_, i) != i) continue;
      std::size_t at = 0;
      while (at < out.size() && !same(i, out[at]) && !before(i, out[at]))
        ++at;
      if (at == out.size() || !same(i, out[at]))
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), i);
    }
    return out;
  }

  /// Where the realm of a route in a scope stands among these, from 1; 0: it has none.
  constexpr std::uint16_t realm_of(std::span<std::size_t const> realms, std::size_t index) const {
    index = condition_around(all_, index);
    if (index == 0) return 0;
    std::size_t i = 0;
    while (!same(realms[i], index))
      ++i;
    return static_cast<std::uint16_t>(i + 1);
  }

  /// The first of two hosts that match the same names and are not called the same, or 0; the second
  /// one is in `other`.
  constexpr std::size_t find_alike(std::size_t& other) const {
    for (std::size_t a = 1; a <= all_.size(); ++a)
      for (other = a + 1; other <= all_.size(); ++other)
        if (is_host(a) && is_host(other) && same(outer(a), outer(other)) &&
            compare_hosts(*host(a), *host(other)) == 0 && !same(a, other))
          return a;
    return 0;
  }

 private:
  constexpr parsed_pattern const* host(std::size_t i) const { return all_[i - 1].only_if.host; }
  constexpr bool is_host(std::size_t i) const {
    return all_[i - 1].only_if.is == condition::kind::host;
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

  /// Of two that are not the same, whether the first one is tried first.
  constexpr bool before(std::size_t a, std::size_t b) const {
    auto const deeper = depth(a) > depth(b), higher = depth(a) < depth(b);
    if (deeper) return same(outer(a), b) || before(outer(a), b);
    if (higher) return !same(a, outer(b)) && before(a, outer(b));
    if (!same(outer(a), outer(b))) return before(outer(a), outer(b));
    if (is_host(a) != is_host(b)) return is_host(a);
    return is_host(a) ? compare_hosts(*host(a), *host(b)) < 0 : a < b;
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

/// The innermost scope that has a path which no route takes, from 1; 0 for none. Those below a
/// condition count if it is met, or not at all where `met` is null.
inline std::size_t scope_of(std::span<scope const> all,
                            std::string_view path,
                            conditions const* met) {
  std::size_t best = 0, size = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    scope const& s = all[i];
    bool const below =
        s.owner && path.starts_with(s.prefix) &&
        (path.size() == s.prefix.size() || path[s.prefix.size()] == '/' || s.prefix.empty());
    if (!below) continue;
    if (best != 0 && (s.prefix.size() < size || (s.prefix.size() == size && s.outer != best)))
      continue;
    bool const open = met != nullptr ? met->hold(i + 1) : condition_around(all, i + 1) == 0;
    if (!open) continue;
    best = i + 1;
    size = s.prefix.size();
  }
  return best;
}

}  // namespace wend::detail
