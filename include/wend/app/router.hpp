// The router: a table whose routes are known only at run time.
//
// For routes from a configuration file, from plugins, and from tables in many .cpp files. Patterns,
// precedence, conversions and errors are those of a table; what a table says at compile time, a
// router says in an exception when it is filled or started.
#pragma once

// The sentences first: see routes.hpp.
#include <wend/app/table_fault.hpp>
#include <wend/handler/handler_fault.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/status.hpp>
#include <wend/route/build_tree.hpp>
#include <wend/route/pattern_fault.hpp>
// Then what they are about.
#include <wend/app/detail/expansion.hpp>
#include <wend/app/detail/supplied.hpp>
#include <wend/app/dispatch.hpp>
#include <wend/app/listing.hpp>
#include <wend/app/middleware.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/moved.hpp>
#include <wend/app/route.hpp>
#include <wend/app/table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace wend {

/// Two routes of a router that stand in each other's way, by their numbers in the order in which
/// they were added.
struct route_conflict {
  std::size_t first;
  std::size_t second;  ///< could never be reached
  bool hidden;  ///< `first` matches all that `second` matches, and before it; else it is as precise
};

/// Routes added one after the other; the order does not matter. Serves like a table.
///
///     wend::router plugins;
///     plugins.add(wend::method::get, config["path"], [](std::string_view name) { ... });
///     plugins.add(note_routes());                     // a table
///
/// `add` throws `std::invalid_argument` for a malformed pattern, or for a handler that does not fit
/// it. Two routes that could be mistaken for each other are found at start: see `prepare`.
/// Thread safety: fill it first; from then on it is read by all threads and must not change.
class router {
 public:
  router() = default;
  router(router&&) = default;
  router& operator=(router&&) = default;

  /// Adds a route. Complexity: O(1); the tree is built at start.
  template <class F>
  router& add(method const& m,
              std::string pattern,
              F handler,
              call_site where = {__builtin_FILE(), __builtin_LINE()});

  /// The same for a handler that several routes share.
  template <class F>
  router& add(method const& m,
              std::string pattern,
              std::shared_ptr<F const> handler,
              call_site where = {__builtin_FILE(), __builtin_LINE()});

  /// Adds a route as a table has it.
  template <method Method, fixed_string Pattern, fixed_string Name, class F, auto... Options>
  router& add(route<Method, Pattern, Name, F, Options...> r) {
    return add(routes(std::move(r)));
  }

  /// Adds a resource as a table has it.
  template <class Entry>
    requires detail::expands<Entry>
  router& add(Entry e) {
    return add(routes(std::move(e)));
  }

  /// Adds a mount as a table has it.
  template <fixed_string Prefix, class T>
  router& add(mount_point<Prefix, T> m) {
    return add(routes(std::move(m)));
  }

  /// Adds all routes of a table, with the middleware around them; the router keeps it.
  template <class Scopes, class... Routes>
  router& add(table<Scopes, Routes...> t);

  /// Sends all that comes to the pattern `from` to the pattern `to`, as `wend::redirect` does. Throws
  /// `std::invalid_argument` for a malformed pattern, or a capture of `to` that is none of `from`.
  router& redirect(std::string const& from,
                   std::string to,
                   status how = status::permanent_redirect,
                   call_site where = {__builtin_FILE(), __builtin_LINE()}) {
    return add(method{}, from, detail::moved_at_run_time(from, std::move(to), how), where);
  }

  /// Answers 410 to all that comes to a pattern, as `wend::gone` does.
  router& gone(std::string pattern, call_site where = {__builtin_FILE(), __builtin_LINE()}) {
    return add(method{}, std::move(pattern), detail::no_longer{}, where);
  }

  /// Puts middleware around all of the router, whenever its routes are added: see `wend::use`. What
  /// is used later is inside of what was used before.
  template <class... M>
  router& use(M... all);

  /// The number of routes.
  std::size_t size() const noexcept { return entries_.size(); }

  /// Builds the lookup tree, if routes were added since; a server calls it at start. Throws
  /// `std::invalid_argument` that names two routes and where they were declared, when they have the
  /// same method and match the same paths; or a route that takes a `provided<T>` which no
  /// middleware supplies, not even around the router, where it supplies these types.
  /// Complexity: O(n log n) compares of patterns.
  void prepare(std::span<detail::type_id const> supplied = {}) const;

  /// All conflicts of routes for which `prepare` would throw: each route that another one keeps from
  /// being reached, once. Complexity: that of `prepare` for each of them.
  std::vector<route_conflict> conflicts() const;

  /// See `service`. `prepare` must have been called after the last `add`.
  stage find(request& in, response& out, body_policy& body) const noexcept {
    return detail::find(routing(), in, out, body);
  }
  /// See `service`.
  bool call(request& in, response& out) const noexcept { return detail::call(in, out); }

  /// Finds the route of a request below a mount; for mounts.
  void locate(request& in, std::string_view path) const { detail::locate(routing(), in, path); }

  /// Why each route does or does not answer a request: see `table::explain`. Throws as
  /// `prepare` does for routes in conflict.
  std::string explain(method const& m, std::string_view target) const {
    if (!compiled_) build();
    return detail::explain(routing(), m, target);
  }

  /// Prints the routes, in the order in which they were added: see `table`.
  friend std::ostream& operator<<(std::ostream& out, router const& r) {
    return detail::print(out, r.endpoints(), r.scopes_);
  }

  routing_options options;

 private:
  friend class live_router;

  struct entry : detail::endpoint {
    std::string text;  ///< what the views of the pattern point into
    detail::parsed_pattern parsed;
    std::shared_ptr<void const> owner;  ///< the handler, or the table that it stands in
    call_site where;
  };

  /// What the entries become at start.
  struct compiled {
    std::vector<detail::tree_parts> parts;  ///< of each realm, the one without a condition first
    std::vector<detail::realm> realms;
    std::vector<std::uint16_t> realm_of_scope;
    std::vector<method> methods;
    std::vector<detail::endpoint const*> endpoints;
    detail::route_set set;  ///< views into the above, and the scopes of the router
  };

  std::vector<detail::tree_route> tree_routes(std::vector<method>& methods,
                                              detail::realm_list const& realms) const;
  [[noreturn]] void throw_conflict(detail::tree_parts const& parts) const;
  void throw_hosts_alike(detail::realm_list const& realms) const;
  void build() const;
  void check_supplied(std::span<detail::type_id const> supplied) const;

  std::vector<detail::endpoint const*> endpoints() const {
    std::vector<detail::endpoint const*> out;
    for (auto const& e : entries_)
      out.push_back(e.get());
    return out;
  }
  detail::routing routing() const noexcept { return {compiled_->set, nullptr, options, around_}; }

  std::vector<std::unique_ptr<entry>> entries_;
  std::vector<detail::scope> scopes_;                 ///< of the tables that were added
  std::vector<detail::frame> around_;                 ///< middleware of the whole router
  std::vector<std::shared_ptr<void const>> used_;     ///< what it points to
  mutable std::unique_ptr<compiled const> compiled_;  ///< null when routes were added since
};

// ------------------------------------------------------------------------------------------------

namespace detail {

inline std::string describe(endpoint const& r, call_site where) {
  std::string_view const name = r.mount ? "mount" : r.method == method{} ? "any" : r.method.name();
  return std::string(name) + " " + std::string(r.pattern) + " (" + where.file + ":" +
         std::to_string(where.line) + ")";
}

/// Throws what a table would have asserted about a handler and its pattern.
template <class F>
void check_handler(parsed_pattern const& p, endpoint const& r, call_site where) {
  auto const verdict = judge<F>(p);
  if (verdict.fault == handler_fault::none) return;
  auto what = std::string(sentence(verdict.fault)) + " (" + describe(r, where);
  if (verdict.position > 0) what += ", parameter " + std::to_string(verdict.position);
  throw std::invalid_argument(what + ")");
}

}  // namespace detail

template <class F>
router& router::add(method const& m, std::string pattern, F handler, call_site where) {
  return add(m, std::move(pattern), std::make_shared<F const>(std::move(handler)), where);
}

template <class F>
router& router::add(method const& m,
                    std::string pattern,
                    std::shared_ptr<F const> handler,
                    call_site where) {
  using maker = detail::route_maker<method::get, "/", "", F>;
  // What is wrong with any pattern does not compile; what is wrong with this one is thrown.
  if constexpr (detail::judge<F>().fault != detail::handler_fault::none) {
    (void)typename maker::check{};
  } else {
    auto e = std::make_unique<entry>();
    e->text = std::move(pattern);
    e->where = where;
    e->parsed = checked_pattern(e->text);
    e->method = m;
    e->pattern = e->text;
    e->captures = {e->parsed.capture.data(), e->parsed.capture_count};
    detail::check_handler<F>(e->parsed, *e, where);
    e->body = {detail::binding<F>::body, {}};
    e->may_not_fit = detail::binding<F>::may_not_fit(e->captures);
    e->fits = &detail::binding<F>::fits;
    e->needs = detail::binding<F>::needs;
    e->call = [](void const* self, detail::capture_specs captures, request& in, response& out) {
      detail::binding<F>::call(*static_cast<F const*>(self), captures, in, out);
    };
    e->owner = std::move(handler);
    e->object = e->owner.get();
    entries_.push_back(std::move(e));
    compiled_.reset();
  }
  return *this;
}

template <class Scopes, class... Routes>
router& router::add(table<Scopes, Routes...> t) {
  using facts = typename table<Scopes, Routes...>::facts;
  auto const owner = std::make_shared<table<Scopes, Routes...> const>(std::move(t));
  auto const offset = static_cast<std::uint16_t>(scopes_.size());
  for (std::size_t k = 0; k < facts::scope_list.size(); ++k) {
    auto s = facts::scope_list[k];
    if (s.outer != 0) s.outer = static_cast<std::uint16_t>(s.outer + offset);
    // paths that no route takes are the router's
    s.owner =
        s.owner && (!s.prefix.empty() || detail::condition_around(facts::scope_list, k + 1) != 0);
    s.self = owner.get();
    scopes_.push_back(s);
  }
  std::size_t i = 0;
  auto const add_one = [&](auto const& r) {
    using declared = std::remove_cvref_t<decltype(r)>;
    auto e = std::make_unique<entry>();
    static_cast<detail::endpoint&>(*e) = *facts::endpoint_list[i++];
    e->parsed = declared::pattern::parsed;
    e->owner = owner;
    e->object = owner.get();
    if (e->scope != 0) e->scope = static_cast<std::uint16_t>(e->scope + offset);
    e->where = r.where;
    entries_.push_back(std::move(e));
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (void)std::initializer_list<int>{(add_one(owner->template at<I>()), 0)...};
  }(std::index_sequence_for<Routes...>{});
  compiled_.reset();
  return *this;
}

template <class... M>
router& router::use(M... all) {
  auto list = wend::use(std::move(all)...);
  using list_type = decltype(list);
  auto const owner = std::make_shared<list_type const>(std::move(list));
  for (auto const& l : detail::list_layers<list_type>::layers)
    around_.push_back({owner.get(), &l});
  used_.push_back(owner);
  return *this;
}

#if WEND_COMPILED_HERE

WEND_INLINE void router::throw_conflict(detail::tree_parts const& parts) const {
  auto const &a = *entries_[parts.conflict_a], &b = *entries_[parts.conflict_b];
  throw std::invalid_argument(
      std::string(parts.hidden ? "wend: a route matches, with the same method and before it, all "
                                 "that another one matches, so that no request could reach the "
                                 "other: "
                               : "wend: two routes match the same paths with the same method, and "
                                 "neither is more precise: ") +
      detail::describe(a, a.where) + " and " + detail::describe(b, b.where));
}

WEND_INLINE void router::throw_hosts_alike(detail::realm_list const& realms) const {
  if (realms.alike == 0) return;
  throw std::invalid_argument("wend: two hosts match the same names: write them in the same way: " +
                              std::string(scopes_[realms.alike - 1].only_if.text) + " and " +
                              std::string(scopes_[realms.other - 1].only_if.text));
}

WEND_INLINE void router::prepare(std::span<detail::type_id const> supplied) const {
  if (!compiled_) build();
  check_supplied(supplied);
}

WEND_INLINE void router::check_supplied(std::span<detail::type_id const> supplied) const {
  std::vector<detail::type_id> types(supplied.begin(), supplied.end());
  auto const has = [&](detail::type_id type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  auto const check = [&](detail::type_id type) {
    if (!has(type))
      throw std::invalid_argument(
          "wend: a middleware of a router takes provided<T>, and none outside of it supplies a T");
  };
  for (auto const& f : around_) {
    for (auto const type : f.what->needs)
      check(type);
    if (f.what->provides) types.push_back(f.what->provides);
  }
  for (std::size_t k = 0; k < scopes_.size(); ++k)
    for (std::size_t i = 0; i < scopes_[k].layers.size(); ++i)
      for (auto const type : scopes_[k].layers[i].needs)
        if (!detail::supplies(scopes_, k + 1, i, type)) check(type);
  for (auto const& e : entries_)
    for (auto const& need : e->needs)
      if (!detail::supplies(scopes_, e->scope, static_cast<std::size_t>(-1), need.type) &&
          !has(need.type))
        throw std::invalid_argument(
            (need.of_host
                 ? "wend: a handler takes host_part<...>, and no host around its route has it: "
                 : "wend: a handler takes provided<T>, and no middleware around its route supplies "
                   "a T: ") +
            detail::describe(*e, e->where) + ", parameter " + std::to_string(need.position));
  detail::prepare_mounts(compiled_->endpoints, scopes_, nullptr, types);
}

WEND_INLINE std::vector<detail::tree_route> router::tree_routes(
    std::vector<method>& methods, detail::realm_list const& realms) const {
  auto const by_name = [](method const& a, method const& b) { return a.name() < b.name(); };
  for (auto const& e : entries_)
    if (e->method != method{}) methods.push_back(e->method);
  std::sort(methods.begin(), methods.end(), by_name);
  methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
  if (methods.size() > detail::route_set::max_methods)
    throw std::invalid_argument("wend: a router has routes for at most 64 different methods");
  std::vector<detail::tree_route> all;
  for (auto const& e : entries_) {
    auto const at = std::lower_bound(methods.begin(), methods.end(), e->method, by_name);
    auto const index = e->method == method{} ? detail::route_set::any_method
                                             : static_cast<std::uint16_t>(at - methods.begin());
    all.push_back({&e->parsed, index, e->may_not_fit, realms.of_scope[e->scope]});
  }
  return all;
}

WEND_INLINE std::vector<route_conflict> router::conflicts() const {
  std::vector<method> methods;
  auto const realms = detail::condition_order(scopes_).realms();
  auto all = tree_routes(methods, realms);
  std::vector<route_conflict> out;
  for (std::uint16_t r = 0; r <= realms.scopes.size();) {
    auto const parts = detail::build_tree(all, r);
    auto first = parts.conflict_a, second = parts.conflict_b;
    if (first == detail::tree_parts::no_route) {
      ++r;
      continue;
    }
    if (!parts.hidden && first > second) std::swap(first, second);
    out.push_back({first, second, parts.hidden});
    all[second].realm = detail::tree_route::no_realm;  // the next one is found without it
  }
  return out;
}

WEND_INLINE void router::build() const {
  auto made = std::make_unique<compiled>();
  made->endpoints = endpoints();
  auto realms = detail::condition_order(scopes_).realms();
  throw_hosts_alike(realms);
  auto const all = tree_routes(made->methods, realms);
  for (std::uint16_t r = 0; r <= realms.scopes.size(); ++r) {
    auto const& parts = made->parts.emplace_back(detail::build_tree(all, r));
    if (parts.conflict_a != detail::tree_parts::no_route) throw_conflict(parts);
    if (r == 0)
      made->set.tree = parts.view();
    else
      made->realms.push_back({realms.scopes[r - 1u], parts.view()});
  }
  made->set.endpoints = made->endpoints;
  made->set.methods = made->methods;
  made->set.all_methods = std::any_of(
      entries_.begin(), entries_.end(), [](auto const& e) { return e->method == method{}; });
  made->set.scopes = scopes_;
  made->set.realms = made->realms;
  made->realm_of_scope = std::move(realms.of_scope);
  if (!made->realms.empty()) made->set.realm_of_scope = made->realm_of_scope;
  compiled_ = std::move(made);
}

#endif

}  // namespace wend
