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

/// How many routes and scopes an entry brings.
template <class T>
inline constexpr std::size_t route_count = is_use<T> ? 0 : 1;
template <class Scopes, class... R>
inline constexpr std::size_t route_count<table<Scopes, R...>> = sizeof...(R);
template <class T>
inline constexpr std::size_t scope_count = is_use<T> ? 1 : 0;
template <class... S, class... R>
inline constexpr std::size_t scope_count<table<scope_set<S...>, R...>> = sizeof...(S);

/// Stands for itself in a list: a route, or a mount whose prefix is known.
template <class T>
inline constexpr bool is_single = !is_table<T> && !is_use<T> && !mounted_application<T>;

template <auto... Options>
struct option_list {};

template <class Option>
inline constexpr fixed_string name_prefix_of = "";
template <fixed_string Prefix>
inline constexpr fixed_string name_prefix_of<names_option<Prefix> const> = Prefix;

/// What these options put before names.
template <auto... Options>
consteval auto name_prefix() {
  if constexpr (sizeof...(Options) == 0) {
    return fixed_string("");
  } else {
    return []<auto First, auto... Others>(option_list<First, Others...>) {
      return concatenated<name_prefix_of<decltype(First) const>, name_prefix<Others...>()>();
    }(option_list<Options...>{});
  }
}

/// Whether an entry is the condition of a table.
template <class T>
inline constexpr bool is_conditional = false;
template <class First, class... M>
inline constexpr bool is_conditional<use_list<First, M...>> = is_condition<First>;

/// How what stands beside an entry, or around it, changes what its scopes claim.
enum class surroundings : std::uint8_t { shared, alone, conditional };

constexpr claim claim_in(surroundings around, claim c, bool has_prefix) {
  if (c == claim::prefix && around == surroundings::conditional) return claim::condition;
  bool const kept = c != claim::prefix || has_prefix || around == surroundings::alone;
  return kept ? c : claim::nothing;
}

/// Where an entry goes: below `Prefix`, into scope `Own`; its own scopes come after `Offset`
/// others. Each route has `Options` before its own, which thus win.
template <fixed_string Prefix,
          std::size_t Own,
          std::size_t Offset,
          surroundings Around,
          auto... Options>
struct place {
  template <std::size_t Scope, class R>
  static constexpr auto cover(R&& r) {
    if constexpr (Scope == 0)
      return std::move(r);
    else
      return covered<Scope, R>{{std::move(r)}};
  }

  template <fixed_string P>
  static consteval auto below() {
    if constexpr (Prefix.empty())
      return P;
    else
      return detail::below<Prefix, P>();
  }

  template <fixed_string N>
  static consteval auto named() {
    if constexpr (N.empty())
      return N;
    else
      return concatenated<name_prefix<Options...>(), N>();
  }

  // ---- the routes of an entry

  template <std::size_t Scope, method M, fixed_string P, fixed_string N, class F, auto... O>
  static constexpr auto move_one(route<M, P, N, F, O...>& r) {
    if constexpr ((Prefix.empty() && sizeof...(Options) == 0) ||
                  stands_in<route<M, P, N, F, O...>>) {
      return cover<Scope>(std::move(r));
    } else {
      using moved = route<M, below<P>(), named<N>(), F, Options..., O...>;
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

  template <std::size_t I, class R>
  static constexpr auto route_at(R& r) {
    if constexpr (is_table<R>)
      return move_one<Own>(held_at<I>(r.routes_));
    else if constexpr (mounted_application<R>)
      return cover<Own>(mount_point<Prefix, R>{std::move(r), {}});
    else
      return move_one<Own>(r);
  }

  // ---- its scopes

  template <fixed_string P, std::size_t Outer, claim Claim, class List>
  static constexpr auto move_scope(scoped<P, Outer, Claim, List>& s) {
    constexpr auto outer = Outer == 0 ? Own : Outer + Offset;
    constexpr auto claims = claim_in(Around, Claim, !P.empty());
    return scoped<concatenated<Prefix, P>(), outer, claims, List>{std::move(s.list)};
  }
  template <std::size_t K, class R>
  static constexpr auto scope_at(R& r) {
    if constexpr (is_use<R>)
      return scoped<Prefix, 0, is_conditional<R> ? claim::condition : claim::prefix, R>{
          std::move(r)};
    else
      return move_scope(held_at<K>(r.scopes_));
  }
};

struct no_table_fault {};

/// What asserts the fault of a table as a whole, if it has one: to be instantiated by what the user
/// calls, which keeps what the compiler prints short.
template <class... S, class... Routes>
constexpr auto fault_of(table<scope_set<S...>, Routes...> const&) {
  using facts = table_facts<scope_set<S...>, Routes...>;
  if constexpr (any({stands_in<Routes>...})) {
    // Something is wrong already; what else is, is told when that is put right.
    return std::type_identity<no_table_fault>{};
  } else if constexpr (facts::many_methods) {
    return std::type_identity<explain_methods<sizeof...(Routes)>>{};
  } else if constexpr (facts::conflict) {
    using a = std::tuple_element_t<facts::clash::conflict_a, std::tuple<Routes...>>;
    using b = std::tuple_element_t<facts::clash::conflict_b, std::tuple<Routes...>>;
    return std::type_identity<
        explain_conflict<facts::clash::hidden, a::method, a::text, b::text>>{};
  } else if constexpr (facts::alike != 0) {
    using a = std::tuple_element_t<facts::alike - 1, std::tuple<S...>>;
    using b = std::tuple_element_t<facts::other_alike - 1, std::tuple<S...>>;
    return std::type_identity<
        explain_hosts<a::template middleware<0>::text, b::template middleware<0>::text>>{};
  } else if constexpr (facts::same_name() != sizeof...(Routes)) {
    using a = std::tuple_element_t<facts::same_name(), std::tuple<Routes...>>;
    using b = std::tuple_element_t<facts::find_name(a::name), std::tuple<Routes...>>;
    return std::type_identity<explain_same_name<a::text, b::text>>{};
  } else {
    return std::type_identity<no_table_fault>{};
  }
}
template <class Table>
using table_fault = typename decltype(fault_of(std::declval<Table const&>()))::type;

template <class Scopes, class... Routes>
constexpr auto make_table(Scopes scopes, Routes... all) {
  return table<Scopes, Routes...>(std::move(scopes), std::move(all)...);
}

/// Where the routes or scopes of a table come from: of each, which entry, and which in that one.
template <std::size_t... Counts>
struct origins {
  static constexpr std::array<std::size_t, sizeof...(Counts)> counts{Counts...};
  static constexpr std::size_t count = [] {
    std::size_t n = 0;
    for (auto const one : counts)
      n += one;
    return n;
  }();
  struct origin {
    std::size_t entry = 0, index = 0;
  };
  static constexpr auto list = [] {
    std::array<origin, count> out{};
    std::size_t n = 0;
    for (std::size_t entry = 0; entry < counts.size(); ++entry)
      for (std::size_t i = 0; i < counts[entry]; ++i)
        out[n++] = {entry, i};
    return out;
  }();
  /// How many come before those of each entry.
  static constexpr auto offsets = [] {
    std::array<std::size_t, sizeof...(Counts) + 1> out{0, Counts...};
    for (std::size_t i = 1; i < out.size(); ++i)
      out[i] += out[i - 1];
    return out;
  }();
};

/// The position of a `use` among these that must not stand there, or 0.
template <class... Entries>
constexpr std::size_t misplaced_use() {
  constexpr std::array<bool, sizeof...(Entries)> uses{is_use<Entries>...};
  for (std::size_t i = 1; i < uses.size(); ++i)
    if (uses[i]) return i;
  return 0;
}

template <fixed_string Prefix, class Options, class... Entries>
class gathering;
template <fixed_string Prefix, auto... Options, class... Entries>
class gathering<Prefix, option_list<Options...>, Entries...> {
  using routes = origins<route_count<Entries>...>;
  using scopes = origins<scope_count<Entries>...>;
  using sequence = std::index_sequence_for<Entries...>;
  static constexpr std::array<bool, sizeof...(Entries)> uses{is_use<Entries>...};
  static constexpr auto around = any({is_conditional<Entries>...}) ? surroundings::conditional
                                 : sizeof...(Entries) == 1         ? surroundings::alone
                                                                   : surroundings::shared;

  template <std::size_t E>
  using place_of = place<Prefix, uses[0] ? 1 : 0, scopes::offsets[E], around, Options...>;

 public:
  static constexpr auto make(held_routes<sequence, Entries...> all) {
    return make(
        all, std::make_index_sequence<scopes::count>{}, std::make_index_sequence<routes::count>{});
  }

 private:
  template <std::size_t... K, std::size_t... N>
  static constexpr auto make(held_routes<sequence, Entries...>& all,
                             std::index_sequence<K...>,
                             std::index_sequence<N...>) {
    return make_table(
        make_scopes(place_of<scopes::list[K].entry>::template scope_at<scopes::list[K].index>(
            held_at<scopes::list[K].entry>(all))...),
        place_of<routes::list[N].entry>::template route_at<routes::list[N].index>(
            held_at<routes::list[N].entry>(all))...);
  }

  template <class... S>
  static constexpr auto make_scopes(S... all) {
    return scope_set<S...>{{{std::move(all)}...}};
  }
};

template <fixed_string Prefix, auto... Options, class... Entries>
constexpr auto gather(Entries... entries) {
  constexpr auto misplaced = misplaced_use<Entries...>();
  if constexpr (misplaced != 0) (void)explain_use<misplaced>{};
  constexpr bool as_they_are = Prefix.empty() && sizeof...(Options) == 0;
  if constexpr ((as_they_are || sizeof...(Entries) == 0) && !any({!is_single<Entries>...})) {
    return make_table(scope_set<>{}, std::move(entries)...);
  } else {
    return gathering<Prefix, option_list<Options...>, Entries...>::make({{std::move(entries)}...});
  }
}

}  // namespace wend::detail
