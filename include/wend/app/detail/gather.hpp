// How the entries of a table become one list of routes and one of scopes: groups lose their shape,
// prefixes go into the patterns, and each route keeps the number of the scope that is around it.
#pragma once

#include <wend/app/detail/table_facts.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/route.hpp>

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend::detail {

template <class T>
inline constexpr bool is_table = false;
template <class Scopes, class... R>
inline constexpr bool is_table<table<Scopes, R...>> = true;

template <class T>
inline constexpr std::size_t scope_count = 0;
template <class... S, class... R>
inline constexpr std::size_t scope_count<table<scope_set<S...>, R...>> = sizeof...(S);

/// Stands for itself in a list: a route, or a mount whose prefix is known.
template <class T>
inline constexpr bool is_single = !is_table<T> && !is_use<T> && !mounted_application<T>;

/// Where an entry goes: below `Prefix`, into scope `Own`; its own scopes come after `Offset` others,
/// and own the paths of the table if they did so in the entry and `Alone` is true.
template <fixed_string Prefix, std::size_t Own, std::size_t Offset, bool Alone>
struct place {
  template <std::size_t Scope, class R>
  static constexpr auto cover(R&& r) {
    if constexpr (Scope == 0)
      return std::move(r);
    else
      return covered<Scope, R>{{std::move(r)}};
  }

  // ---- the routes of an entry

  template <std::size_t Scope, method M, fixed_string P, fixed_string N, class F, auto... O>
  static constexpr auto move_one(route<M, P, N, F, O...>& r) {
    if constexpr (Prefix.empty() || stands_in<route<M, P, N, F, O...>>) {
      return cover<Scope>(std::move(r));
    } else {
      using moved = route<M, below<Prefix, P>(), N, F, O...>;
      return cover<Scope>(moved{std::move(r.handler), r.where});
    }
  }
  template <std::size_t Scope, fixed_string P, class T>
  static constexpr auto move_one(mount_point<P, T>& m) {
    using moved = mount_point<concatenated<Prefix, P>(), T>;
    return cover<Scope>(moved{std::move(m.handler), m.where});
  }
  template <std::size_t Scope, std::size_t Inner, class R>
  static constexpr auto move_one(covered<Inner, R>& r) {
    return move_one<Inner + Offset>(static_cast<R&>(r));
  }

  template <class R>
  static constexpr auto routes(R& r) {
    if constexpr (is_use<R>)
      return std::tuple<>();
    else if constexpr (mounted_application<R> && !is_table<R>)
      return std::tuple(cover<Own>(mount_point<Prefix, R>{std::move(r), {}}));
    else
      return std::tuple(move_one<Own>(r));
  }
  template <class Scopes, class... R>
  static constexpr auto routes(table<Scopes, R...>& t) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::tuple<decltype(move_one<Own>(held_at<I>(t.routes_)))...>(
          move_one<Own>(held_at<I>(t.routes_))...);
    }(std::index_sequence_for<R...>{});
  }

  // ---- its scopes

  template <fixed_string P, std::size_t Outer, bool Owner, class List>
  static constexpr auto move_scope(scoped<P, Outer, Owner, List>& s) {
    constexpr auto outer = Outer == 0 ? Own : Outer + Offset;
    constexpr bool owner = Owner && (Alone || !P.empty());
    return scoped<concatenated<Prefix, P>(), outer, owner, List>{std::move(s.list)};
  }
  template <class R>
  static constexpr auto scopes(R&) {
    return std::tuple<>();
  }
  template <class... S, class... R>
  static constexpr auto scopes(table<scope_set<S...>, R...>& t) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return std::tuple<decltype(move_scope(held_at<K>(t.scopes_)))...>(
          move_scope(held_at<K>(t.scopes_))...);
    }(std::index_sequence_for<S...>{});
  }
};

/// Makes a table, and asserts what has to hold for it as a whole.
template <class Scopes, class... Routes>
constexpr auto checked_table(Scopes scopes, Routes... all) {
  using facts = table_facts<Scopes, Routes...>;
  if constexpr ((stands_in<Routes> || ...)) {
    // Something is wrong already; what else is, is told when that is put right.
  } else if constexpr (facts::many_methods) {
    (void)explain_methods<sizeof...(Routes)>{};
  } else if constexpr (facts::conflict) {
    using a = std::tuple_element_t<facts::tree::conflict_a, std::tuple<Routes...>>;
    using b = std::tuple_element_t<facts::tree::conflict_b, std::tuple<Routes...>>;
    (void)explain_conflict<facts::tree::hidden, a::method, a::text, b::text>{};
  } else if constexpr (facts::same_name() != sizeof...(Routes)) {
    using a = std::tuple_element_t<facts::same_name(), std::tuple<Routes...>>;
    using b = std::tuple_element_t<facts::find_name(a::name), std::tuple<Routes...>>;
    (void)explain_same_name<a::text, b::text>{};
  }
  return table<Scopes, Routes...>(std::move(scopes), std::move(all)...);
}

template <class... S, class... R>
constexpr auto table_of_parts(std::tuple<S...> scopes, std::tuple<R...> routes) {
  return [&]<std::size_t... K, std::size_t... I>(std::index_sequence<K...>,
                                                 std::index_sequence<I...>) {
    return checked_table(scope_set<S...>{{{std::get<K>(std::move(scopes))}...}},
                         std::get<I>(std::move(routes))...);
  }(std::index_sequence_for<S...>{}, std::index_sequence_for<R...>{});
}

/// How the entries of a table lie side by side.
template <class... Entries>
struct layout {
  static constexpr std::array<bool, sizeof...(Entries) + 1> uses{is_use<Entries>..., false};
  static constexpr bool own = uses[0];
  /// The position of a `use` that must not stand there, or 0.
  static constexpr std::size_t misplaced = [] {
    for (std::size_t i = 1; i < uses.size(); ++i)
      if (uses[i]) return i;
    return std::size_t{0};
  }();
  static constexpr auto offsets = [] {
    std::array<std::size_t, sizeof...(Entries) + 1> out{own ? 1u : 0u, scope_count<Entries>...};
    for (std::size_t i = 1; i < out.size(); ++i)
      out[i] += out[i - 1];
    return out;
  }();
};

/// The scope of a table's own `use`.
template <fixed_string Prefix, class First, class... Rest>
constexpr auto own_scope(First& first, Rest&...) {
  if constexpr (is_use<First>)
    return std::tuple(scoped<Prefix, 0, true, First>{std::move(first)});
  else
    return std::tuple<>();
}

template <fixed_string Prefix, class... Entries>
constexpr auto gather(Entries... entries) {
  using shape = layout<Entries...>;
  if constexpr (shape::misplaced != 0) (void)explain_use<shape::misplaced>{};
  if constexpr ((Prefix.empty() || sizeof...(Entries) == 0) && (is_single<Entries> && ...)) {
    return checked_table(scope_set<>{}, std::move(entries)...);
  } else {
    constexpr bool alone = sizeof...(Entries) == 1;
    constexpr std::size_t own = shape::own ? 1 : 0;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      auto scopes =
          std::tuple_cat(own_scope<Prefix>(entries...),
                         place<Prefix, own, shape::offsets[I], alone>::scopes(entries)...);
      return table_of_parts(
          std::move(scopes),
          std::tuple_cat(place<Prefix, own, shape::offsets[I], alone>::routes(entries)...));
    }(std::index_sequence_for<Entries...>{});
  }
}

}  // namespace wend::detail
