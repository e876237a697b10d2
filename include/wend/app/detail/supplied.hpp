// Who supplies what: whether each `provided<T>` of a handler or middleware has a middleware around
// it that supplies a T. A table is asked by the compiler where it is served, since a group around
// it may still supply what it takes; a router is asked at start.
#pragma once

#include <wend/app/detail/route_set.hpp>
#include <wend/app/layer.hpp>
#include <wend/http/detail/compiled.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace wend::detail {

/// Where nothing supplies anything: a table that is served by itself.
struct nothing_supplied {
  static constexpr bool has(type_id) { return false; }
};

/// Whether one of the first `count` layers of a scope, from 1, or a scope around it supplies a
/// type.
constexpr bool supplies(std::span<scope const> all,
                        std::size_t index,
                        std::size_t count,
                        type_id type) {
  while (index != 0) {
    scope const& s = all[index - 1];
    for (std::size_t i = 0; i < count && i < s.layers.size(); ++i)
      if (s.layers[i].provides == type) return true;
    index = s.outer;
    count = static_cast<std::size_t>(-1);
  }
  return false;
}

/// Inside of a scope of a table, from 1.
template <class Facts, std::size_t Scope, class Outer>
struct supplied_in {
  static constexpr bool has(type_id type) {
    return supplies(Facts::scope_list, Scope, static_cast<std::size_t>(-1), type) ||
           Outer::has(type);
  }
};

/// Makes ready what is mounted at the routes of a table.
void prepare_mounts(std::span<endpoint const* const> routes,
                    std::span<scope const> scopes,
                    void const* self,
                    std::span<type_id const> supplied);

#if WEND_COMPILED_HERE

/// Adds what the layers of a scope, from 1, and those around it supply.
inline void add_supplied(std::span<scope const> all,
                         std::size_t index,
                         std::vector<type_id>& types) {
  for (; index != 0; index = all[index - 1].outer)
    for (auto const& l : all[index - 1].layers)
      if (l.provides) types.push_back(l.provides);
}

WEND_INLINE void prepare_mounts(std::span<endpoint const* const> routes,
                                std::span<scope const> scopes,
                                void const* self,
                                std::span<type_id const> supplied) {
  for (auto const* e : routes) {
    if (e->prepare == nullptr) continue;
    std::vector<type_id> types(supplied.begin(), supplied.end());
    add_supplied(scopes, e->scope, types);
    e->prepare(e->object != nullptr ? e->object : self, types);
  }
}

#endif

}  // namespace wend::detail
