// The table: routes as a type, from which everything is read.
#pragma once

#include <wend/app/detail/expansion.hpp>
#include <wend/app/detail/gather.hpp>
#include <wend/app/detail/supplied.hpp>
#include <wend/app/detail/table_facts.hpp>
#include <wend/app/dispatch.hpp>
#include <wend/app/listing.hpp>
#include <wend/app/middleware.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/route.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/route/url_for.hpp>

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend {

/// A table of routes, made by `routes`, or by `group` below a prefix. Immutable and shared by all
/// threads.
///
/// Its type is the API: methods, patterns, names, parameters and results of all routes, and which
/// middleware is around them. The lookup tree is built by the compiler into read-only data. Two
/// routes that could be mistaken for each other do not compile.
template <class Scopes, class... Routes>
class table {
 public:
  using facts = detail::table_facts<Scopes, Routes...>;

  constexpr explicit table(Scopes scopes, Routes... all)
      : scopes_(std::move(scopes)), routes_{{std::move(all)}...} {}

  /// The number of routes.
  static constexpr std::size_t size() noexcept { return sizeof...(Routes); }

  /// Finds the route of a request as soon as its head is known: see `service`.
  stage find(request& in, response& out, body_policy& body) const noexcept {
    return detail::find(routing(), in, out, body);
  }

  /// Calls the handler of the route that was found: see `service`.
  bool call(request& in, response& out) const noexcept { return detail::call(in, out); }

  /// Finds the route of a request below a mount; for mounts.
  void locate(request& in, std::string_view path) const { detail::locate(routing(), in, path); }

  /// Makes what is mounted in this table ready to be served, where middleware around the table
  /// supplies these types; throws what `router::prepare` throws.
  void prepare(std::span<detail::type_id const> supplied = {}) const
    requires(facts::mounts_applications)
  {
    detail::prepare_mounts(facts::endpoint_list, facts::scope_list, this, supplied);
  }

  /// The path of the route called `Name`: `api.url_for<"note">(42)`; see `wend::url_for`. Where this
  /// table has none of this name, a table that is mounted in it may. A name that no route has does
  /// not compile.
  template <fixed_string Name, class... Values>
  std::string url_for(Values const&... values) const;

  /// The same below the prefix that `in`, a request to this table, came through: for what is
  /// mounted and links to itself.
  template <fixed_string Name, class... Values>
  std::string url_for(request const& in, Values const&... values) const {
    return detail::encoded_prefix(in) + url_for<Name>(values...);
  }

  /// Why each route does or does not answer a request, for a person who asks:
  ///
  ///     std::cout << api.explain(wend::method::get, "/notes/x");
  ///
  /// `target` is as in a request line. Calls no handler and no middleware.
  std::string explain(method const& m, std::string_view target) const {
    return detail::explain(routing(), m, target);
  }

  /// Prints the routes: a line for each, in columns.
  friend std::ostream& operator<<(std::ostream& out, table const&) {
    return detail::print(out, facts::endpoint_list, facts::scope_list);
  }

  /// Route number `I`, in the order of the table.
  template <std::size_t I>
  constexpr auto const& at() const noexcept {
    return detail::held_at<I>(routes_);
  }

  /// The middleware of number `K`, in the order of the table: for its layers.
  template <std::size_t K>
  constexpr auto const& scope_at() const noexcept {
    return detail::held_at<K>(scopes_);
  }

  routing_options options;

 private:
  template <fixed_string, std::size_t, std::size_t, detail::surroundings, auto...>
  friend struct detail::place;
  friend facts;

  detail::routing routing() const noexcept { return {facts::set, this, options}; }

  [[no_unique_address]] Scopes scopes_;
  detail::held_routes<std::index_sequence_for<Routes...>, Routes...> routes_;
};

/// Makes a table of routes, mounts, groups, conditions, resources, and of other tables, whose routes
/// become its own; a router is mounted. The first entry may be a `use`: middleware for all of it.
///
///     auto api = wend::routes(wend::get<"/">(hello), wend::put<"/notes/{id:int}">(replace));
///
/// The order does not matter: which route answers is a matter of precision alone. Middleware of a
/// table inside of another one is around the routes of its own table and no others.
template <class... Entries>
constexpr auto routes(Entries... entries) {
  if constexpr (detail::any({detail::expands<Entries>...})) {
    (void)std::initializer_list<int>{((void)detail::entry_fault<Entries>{}, 0)...};
    return routes(detail::expansion<"", "", Entries>::of(entries)...);
  } else {
    auto out = detail::gather<"">(std::move(entries)...);
    (void)detail::table_fault<decltype(out)>{};
    return out;
  }
}

// ------------------------------------------------------------------------------------------------

template <class Scopes, class... Routes>
template <fixed_string Name, class... Values>
std::string table<Scopes, Routes...>::url_for(Values const&... values) const {
  constexpr auto index = facts::find_name(Name.view());
  constexpr auto mount = facts::find_mounted(Name.view());
  if constexpr (index == sizeof...(Routes) && mount != sizeof...(Routes)) {
    return detail::mount_url<typename facts::template mounted_with<Name>>() +
           at<mount>().handler.template url_for<Name>(values...);
  } else if constexpr (index == sizeof...(Routes)) {
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
