// The table: routes as a type, from which everything is read.
#pragma once

#include <wend/app/dispatch.hpp>
#include <wend/app/route.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/route/url_for.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend {

namespace detail {

/// A tuple that costs the compiler little: one base class for each element, no recursion.
template <std::size_t Index, class T>
struct held_route {
  T value;
};
template <class Sequence, class... T>
struct held_routes;
template <std::size_t... I, class... T>
struct held_routes<std::index_sequence<I...>, T...> : held_route<I, T>... {};

template <std::size_t I, class T>
constexpr T const& held_at(held_route<I, T> const& h) noexcept {
  return h.value;
}

template <class... Routes>
class table_facts;

}  // namespace detail

/// A table of routes, made by `routes`. Immutable and shared by all threads.
///
/// Its type is the API: methods, patterns, names, parameters and results of all routes. The lookup
/// tree is built by the compiler into read-only data. Two routes that could be mistaken for each
/// other do not compile.
template <class... Routes>
class table {
  using facts = detail::table_facts<Routes...>;
  using sequence = std::index_sequence_for<Routes...>;

 public:
  constexpr explicit table(Routes... all) : routes_{{std::move(all)}...} {}

  /// The number of routes.
  static constexpr std::size_t size() noexcept { return sizeof...(Routes); }

  /// Finds the route of a request as soon as its head is known: see `service`.
  bool find(request& in, response& out, body_policy& body) const {
    return detail::find(
        {facts::tree::view, facts::endpoint_list, facts::method_list, options}, in, out, body);
  }

  /// Calls the handler of the route that was found: see `service`.
  void call(request& in, response& out) const noexcept { detail::call(this, in, out); }

  /// The path of the route called `Name`: `api.url_for<"note">(42)`; see `wend::url_for`. A name
  /// that no route has does not compile.
  template <fixed_string Name, class... Values>
  std::string url_for(Values const&... values) const;

  /// Route number `I`, in the order of the table.
  template <std::size_t I>
  constexpr auto const& at() const noexcept {
    return detail::held_at<I>(routes_);
  }

  routing_options options;

 private:
  detail::held_routes<sequence, Routes...> routes_;
};

/// Makes a table of routes and of other tables, whose routes become its own.
///
///     auto api = wend::routes(wend::get<"/">(hello), wend::put<"/notes/{id:int}">(replace));
///
/// The order does not matter: which route answers is a matter of precision alone.
template <class... Entries>
constexpr auto routes(Entries... entries);

// ------------------------------------------------------------------------------------------------

namespace detail {

/// What the compiler knows of a table; all of it is read-only data.
template <class... Routes>
class table_facts {
  static constexpr std::size_t count = sizeof...(Routes);

  /// The distinct methods, sorted by name.
  static constexpr auto methods = [] {
    struct {
      std::array<method, count> list{};
      std::size_t size = 0;
    } out;
    [[maybe_unused]] auto const add = [&](method const& m) {
      for (std::size_t i = 0; i < out.size; ++i)
        if (out.list[i] == m) return;
      out.list[out.size++] = m;
    };
    (add(Routes::method), ...);
    std::sort(out.list.begin(),
              out.list.begin() + static_cast<std::ptrdiff_t>(out.size),
              [](method const& a, method const& b) { return a.name() < b.name(); });
    return out;
  }();

  static constexpr std::uint16_t method_index(method const& m) {
    std::uint16_t i = 0;
    while (methods.list[i] != m)
      ++i;
    return i % route_set::max_methods;
  }

  template <class Route>
  struct endpoint_of;
  template <method Method, fixed_string Pattern, fixed_string Name, class F, auto... Options>
  struct endpoint_of<route<Method, Pattern, Name, F, Options...>> {
    static constexpr std::optional<std::size_t> limit() {
      std::optional<std::size_t> out;
      ((out = Options.bytes), ...);
      return out;
    }
    template <std::size_t I>
    static constexpr endpoint make() {
      capture_specs const specs(pattern<Pattern>::captures);
      endpoint e{{Method, Pattern.view(), Name.view()}, specs, {}, false, nullptr, nullptr};
      e.body = {binding<F>::body, limit()};
      e.may_not_fit = binding<F>::may_not_fit(specs);
      e.fits = &binding<F>::fits;
      e.call = [](void const* self, capture_specs captures, request& in, response& out) {
        auto const& routes = *static_cast<table<Routes...> const*>(self);
        binding<F>::call(routes.template at<I>().handler, captures, in, out);
      };
      return e;
    }
  };

  template <class Sequence>
  struct endpoints_of;
  template <std::size_t... I>
  struct endpoints_of<std::index_sequence<I...>> {
    static constexpr std::array<endpoint, count> all{endpoint_of<Routes>::template make<I>()...};
    static constexpr std::array<endpoint const*, count> list{&all[I]...};
  };
  using endpoints = endpoints_of<std::index_sequence_for<Routes...>>;

 public:
  static constexpr bool many_methods = methods.size > route_set::max_methods;

  static constexpr std::array<tree_route, count> routes{
      {{&Routes::pattern::parsed,
        method_index(Routes::method),
        binding<typename Routes::handler_type>::may_not_fit(Routes::pattern::captures)}...}};
  using tree = static_tree<table_facts>;

  static constexpr std::span<method const> method_list{methods.list.data(), methods.size};
  static constexpr std::span<endpoint const* const> endpoint_list{endpoints::list};

  static constexpr bool conflict = tree::conflict_a != tree_parts::no_route;

  /// The index of the last route of this name, or `count`.
  static constexpr std::size_t find_name(std::string_view name) {
    std::size_t i = 0, found = count;
    ((found = !name.empty() && Routes::name == name ? i : found, ++i), ...);
    return found;
  }
  /// The index of the first route whose name a later one has as well, or `count`.
  static constexpr std::size_t same_name() {
    std::size_t i = 0, found = count;
    ((found = found == count && !Routes::name.empty() && find_name(Routes::name) != i ? i : found,
      ++i),
     ...);
    return found;
  }
};

/// The routes of an entry of a table: itself, or those of a table.
template <class Route>
constexpr auto routes_of(Route&& r) {
  return std::tuple(std::move(r));
}
template <class... R, std::size_t... I>
constexpr auto routes_of(table<R...> const& t, std::index_sequence<I...>) {
  return std::tuple(t.template at<I>()...);
}
template <class... R>
constexpr auto routes_of(table<R...>&& t) {
  return routes_of(t, std::index_sequence_for<R...>{});
}

template <class T>
inline constexpr bool is_table = false;
template <class... R>
inline constexpr bool is_table<table<R...>> = true;

}  // namespace detail

template <class... Entries>
constexpr auto routes(Entries... entries) {
  if constexpr ((detail::is_table<Entries> || ...)) {
    return std::apply([](auto... all) { return routes(std::move(all)...); },
                      std::tuple_cat(detail::routes_of(std::move(entries))...));
  } else {
    using facts = detail::table_facts<Entries...>;
    using all = std::tuple<Entries...>;
    if constexpr ((detail::stands_in<Entries> || ...)) {
      // Something is wrong already; what else is, is told when that is put right.
    } else if constexpr (facts::many_methods) {
      (void)detail::explain_methods<sizeof...(Entries)>{};
    } else if constexpr (facts::conflict) {
      using a = std::tuple_element_t<facts::tree::conflict_a, all>;
      using b = std::tuple_element_t<facts::tree::conflict_b, all>;
      (void)detail::explain_conflict<facts::tree::hidden, a::method, a::text, b::text>{};
    } else if constexpr (facts::same_name() != sizeof...(Entries)) {
      using a = std::tuple_element_t<facts::same_name(), all>;
      using b = std::tuple_element_t<facts::find_name(a::name), all>;
      (void)detail::explain_same_name<a::text, b::text>{};
    }
    return table<Entries...>(std::move(entries)...);
  }
}

template <class... Routes>
template <fixed_string Name, class... Values>
std::string table<Routes...>::url_for(Values const&... values) const {
  constexpr auto index = facts::find_name(Name.view());
  if constexpr (index == sizeof...(Routes)) {
    (void)detail::explain_no_name<Name>{};
    return {};
  } else {
    using named = std::tuple_element_t<index, std::tuple<Routes...>>;
    if constexpr (detail::stands_in<named>) {
      return {};
    } else {
      using maker = detail::url_maker<named::text, Values...>;
      return maker::make(typename maker::check{}, values...);
    }
  }
}

}  // namespace wend
