// What the compiler knows of a table: endpoints, methods, scopes and the lookup tree, all of it
// read-only data.
#pragma once

#include <wend/app/detail/held.hpp>
#include <wend/app/detail/realms.hpp>
#include <wend/app/detail/scoped.hpp>
#include <wend/app/detail/supplied.hpp>
#include <wend/app/dispatch.hpp>
#include <wend/app/middleware.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/route.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/route/build_tree.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend {

template <class Scopes, class... Routes>
class table;

namespace detail {

/// A route of a table that middleware is around.
template <std::size_t Scope, class Route>
struct covered : Route {};

template <class Route>
inline constexpr std::uint16_t scope_of_route = 0;
template <std::size_t Scope, class Route>
inline constexpr std::uint16_t scope_of_route<covered<Scope, Route>> = Scope;
template <std::size_t Scope, class Route>
inline constexpr bool is_mount<covered<Scope, Route>> = is_mount<Route>;
template <std::size_t Scope, class Route>
inline constexpr bool stands_in<covered<Scope, Route>> = stands_in<Route>;

constexpr bool any(std::initializer_list<bool> all) noexcept {
  for (bool one : all)
    if (one) return true;
  return false;
}

/// Whether one handler of this type is like the other: it need not be looked for in a table.
template <class F>
inline constexpr bool has_no_state =
    std::is_empty_v<F> && std::is_trivially_default_constructible_v<F>;

template <class F>
void call_without_state(void const*, capture_specs captures, request& in, response& out) {
  static constexpr F one{};  // there for as long as a coroutine may run
  binding<F>::call(one, captures, in, out);
}

/// All about a route but what depends on the table.
///
/// What does has the types of all routes in its name. For long tables a compiler spends most of its
/// time on such names, so there should be few.
template <class Route>
constexpr endpoint make_endpoint() {
  capture_specs const specs(Route::pattern::captures);
  endpoint e{{Route::method, Route::text.view(), Route::name}, specs, {}};
  e.scope = scope_of_route<Route>;
  if constexpr (!is_mount<Route>) {
    using F = typename Route::handler_type;
    e.body = {binding<F>::body, Route::body_limit()};
    e.may_not_fit = binding<F>::may_not_fit(specs);
    e.fits = &binding<F>::fits;
    e.needs = binding<F>::needs;
    if constexpr (has_no_state<F>) e.call = &call_without_state<F>;
  }
  return e;
}

template <class Route>
inline constexpr bool needs_table = is_mount<Route> || !has_no_state<typename Route::handler_type>;

/// What depends on it.
template <bool NeedsTable>
struct completion {
  static constexpr void of(endpoint&, void const*) {}
};
template <>
struct completion<true> {
  template <class Member>
  static constexpr void of(endpoint& e, Member*) {
    using route = typename Member::route;
    if constexpr (is_mount<route>)
      fill_mount<typename route::handler_type, Member>(e);
    else
      e.call = &Member::call;
  }
};

template <class Scopes, class... Routes>
class table_facts;

template <class... S, class... Routes>
class table_facts<scope_set<S...>, Routes...> {
  static constexpr std::size_t count = sizeof...(Routes);
  using table_type = table<scope_set<S...>, Routes...>;

  static table_type const& table_of(void const* self) {
    return *static_cast<table_type const*>(self);
  }

  /// The distinct methods, sorted by name.
  // Of each route, as an array: Clang folds no more than 256 of anything.
  static constexpr std::array<method, count> route_methods{Routes::method...};
  static constexpr std::array<std::string_view, count> names{Routes::name...};

  static constexpr auto methods = [] {
    struct {
      std::array<method, count> list{};
      std::size_t size = 0;
    } out;
    [[maybe_unused]] auto const add = [&](method const& m) {
      if (m == method{}) return;  // all
      for (std::size_t i = 0; i < out.size; ++i)
        if (out.list[i] == m) return;
      out.list[out.size++] = m;
    };
    for (auto const& m : route_methods)
      add(m);
    std::sort(out.list.begin(),
              out.list.begin() + static_cast<std::ptrdiff_t>(out.size),
              [](method const& a, method const& b) { return a.name() < b.name(); });
    return out;
  }();

  static constexpr std::uint16_t method_index(method const& m) {
    if (m == method{}) return route_set::any_method;
    std::uint16_t i = 0;
    while (methods.list[i] != m)
      ++i;
    return i % route_set::max_methods;
  }

  /// How the handler of a route is reached from the table.
  template <std::size_t I, class Route>
  struct member {
    using route = Route;

    static table_type const& table(void const* self) { return table_of(self); }
    static auto const& get(void const* self) { return held_at<I>(table_of(self).routes_).handler; }
    static void call(void const* self, capture_specs captures, request& in, response& out) {
      binding<typename Route::handler_type>::call(
          held_at<I>(table_of(self).routes_).handler, captures, in, out);
    }
  };

  template <class Sequence>
  struct endpoints_of;
  template <std::size_t... I>
  struct endpoints_of<std::index_sequence<I...>> {
    static constexpr std::array<endpoint, count> all = [] {
      std::array<endpoint, count> out{make_endpoint<Routes>()...};
      (void)std::initializer_list<int>{
          (completion<needs_table<Routes>>::of(out[I], static_cast<member<I, Routes>*>(nullptr)),
           0)...};
      return out;
    }();
    static constexpr std::array<endpoint const*, count> list{&all[I]...};
  };
  using endpoints = endpoints_of<std::index_sequence_for<Routes...>>;

  template <std::size_t K>
  struct scope_access {
    static auto const& get(void const* self) { return table_of(self).template scope_at<K>(); }
  };
  template <class Sequence>
  struct scopes_of;
  template <std::size_t... K>
  struct scopes_of<std::index_sequence<K...>> {
    static constexpr std::array<scope, sizeof...(S)> list{S::template make<scope_access<K>>()...};
  };

  template <class Route>
  static constexpr bool may_not_fit() {
    if constexpr (is_mount<Route>)
      return false;
    else
      return binding<typename Route::handler_type>::may_not_fit(Route::pattern::captures);
  }

  template <class Route>
  static constexpr bool mounts_name(std::string_view name) {
    if constexpr (is_mount<Route>)
      if constexpr (requires { Route::handler_type::facts::has_name(name); })
        return Route::handler_type::facts::has_name(name);
    return false;
  }

  template <class Route>
  static constexpr bool mounts_application() {
    return is_mount<Route> && mounted_application<typename Route::handler_type>;
  }

 public:
  static constexpr bool many_methods = methods.size > route_set::max_methods;
  static constexpr bool all_methods = any({Routes::method == method{}...});
  static constexpr bool mounts_applications = any({mounts_application<Routes>()...});

  static constexpr std::span<method const> method_list{methods.list.data(), methods.size};
  static constexpr std::span<endpoint const* const> endpoint_list{endpoints::list};
  static constexpr std::span<scope const> scope_list{
      scopes_of<std::index_sequence_for<S...>>::list};

 private:
  static constexpr auto found_realms = [] {
    struct {
      std::size_t count = 0;
      std::array<std::size_t, sizeof...(S)> scopes{};
      std::array<std::uint16_t, sizeof...(S) + 1> of_scope{};
      std::size_t alike = 0, other = 0;
    } out;
    auto const all = condition_order(scope_list).realms();
    out.count = all.scopes.size();
    out.alike = all.alike;
    out.other = all.other;
    std::copy(all.scopes.begin(), all.scopes.end(), out.scopes.begin());
    std::copy(all.of_scope.begin(), all.of_scope.end(), out.of_scope.begin());
    return out;
  }();
  static constexpr std::size_t realm_count = found_realms.count;

 public:
  static constexpr std::array<tree_route, count> routes{
      {{&Routes::pattern::parsed,
        method_index(Routes::method),
        may_not_fit<Routes>(),
        found_realms.of_scope[scope_of_route<Routes>]}...}};

 private:
  template <std::uint16_t Realm>
  using tree = static_tree<table_facts, Realm>;
  template <class Sequence>
  struct realms_of;
  template <std::size_t... R>
  struct realms_of<std::index_sequence<R...>> {
    static constexpr std::array<realm, realm_count> list{
        realm{found_realms.scopes[R], tree<R + 1>::view}...};
    /// The realm that has a conflict, or 0, which may have one.
    static constexpr std::uint16_t in_conflict = [] {
      std::uint16_t found = 0;
      ((found = tree<R + 1>::conflict_a != tree_parts::no_route ? R + 1 : found), ...);
      return found;
    }();
  };
  using realms = realms_of<std::make_index_sequence<realm_count>>;

 public:
  static constexpr route_set set{
      tree<0>::view,
      endpoint_list,
      method_list,
      all_methods,
      scope_list,
      realms::list,
      std::span(found_realms.of_scope).first(realm_count == 0 ? 0 : sizeof...(S) + 1)};

  /// Two routes of which the compiler has to say something: see `tree_parts`.
  using clash = tree<realms::in_conflict>;
  static constexpr bool conflict = clash::conflict_a != tree_parts::no_route;

  /// Two hosts of which it has to: see `realm_list`.
  static constexpr std::size_t alike = found_realms.alike, other_alike = found_realms.other;

  /// The index of the last route of this name, or `count`.
  static constexpr std::size_t find_name(std::string_view name) {
    std::size_t found = count;
    for (std::size_t i = 0; i < count; ++i)
      if (!name.empty() && names[i] == name) found = i;
    return found;
  }
  /// Whether a route here, or in what is mounted here, has this name.
  static constexpr bool has_name(std::string_view name) {
    return find_name(name) != count || find_mounted(name) != count;
  }
  /// The index of the first mount of a table that has a route of this name, or `count`.
  static constexpr std::size_t find_mounted(std::string_view name) {
    std::size_t i = 0;
    for (bool const has : {mounts_name<Routes>(name)..., true}) {
      if (has) return i;
      ++i;
    }
    return i;
  }
  template <fixed_string Name>
  using mounted_with = std::tuple_element_t<find_mounted(Name.view()), std::tuple<Routes...>>;
  /// The index of the first route whose name a later one has as well, or `count`.
  static constexpr std::size_t same_name() {
    for (std::size_t i = 0; i < count; ++i)
      if (!names[i].empty() && find_name(names[i]) != i) return i;
    return count;
  }

  /// Asserts that all `provided<T>` of handlers and middleware are supplied, here or by `Outer`.
  template <class Outer>
  static constexpr void check_supplied() {
    constexpr auto l = layer_in_need<Outer>();
    constexpr auto r = route_in_need<Outer>();
    if constexpr (l.scope != sizeof...(S)) {
      using at_fault = std::tuple_element_t<l.scope, std::tuple<S...>>;
      (void)explain_provided_to_middleware<typename at_fault::template middleware<l.index>>{};
    } else if constexpr (r.index != count) {
      using at_fault = std::tuple_element_t<r.index, std::tuple<Routes...>>;
      (void)explain_provided<r.of_host, at_fault::method, at_fault::text, r.position>{};
    } else if constexpr (mounts_applications) {
      (void)std::initializer_list<int>{(check_mount<Routes, Outer>(), 0)...};
    }
  }

 private:
  struct route_need {
    std::size_t index = count, position = 0;
    bool of_host = false;
  };
  template <class Outer>
  static constexpr route_need route_in_need() {
    for (std::size_t i = 0; i < count; ++i)
      for (auto const& need : endpoint_list[i]->needs)
        if (!supplies(
                scope_list, endpoint_list[i]->scope, static_cast<std::size_t>(-1), need.type) &&
            !Outer::has(need.type))
          return {i, need.position, need.of_host};
    return {};
  }

  struct layer_need {
    std::size_t scope = sizeof...(S), index = 0;
  };
  template <class Outer>
  static constexpr layer_need layer_in_need() {
    for (std::size_t k = 0; k < sizeof...(S); ++k)
      for (std::size_t i = 0; i < scope_list[k].layers.size(); ++i)
        for (auto const type : scope_list[k].layers[i].needs)
          if (!supplies(scope_list, k + 1, i, type) && !Outer::has(type)) return {k, i};
    return {};
  }

  template <class Route, class Outer>
  static constexpr void check_mount() {
    using T = typename Route::handler_type;
    using inside = supplied_in<table_facts, scope_of_route<Route>, Outer>;
    if constexpr (requires { typename T::facts; }) T::facts::template check_supplied<inside>();
  }
};

}  // namespace detail

}  // namespace wend
