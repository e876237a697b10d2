// Conditions: routes that are looked at only for some requests, whatever their path.
#pragma once

#include <wend/app/detail/expansion.hpp>
#include <wend/app/detail/gather.hpp>
#include <wend/app/layer.hpp>
#include <wend/app/middleware.hpp>
#include <wend/app/table.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/handler/host_part.hpp>
#include <wend/http/request.hpp>
#include <wend/route/build_tree.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/host_pattern.hpp>
#include <wend/route/lookup.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace wend {

/// A table for the requests to a host (RFC 9110 7.2), or to all that a pattern matches:
///
///     wend::host<"{tenant}.example.com">(
///         wend::use(limits_of_tenant{}),
///         wend::get<"/">([](wend::host_part<"tenant"> tenant) { return welcome(*tenant); }))
///
/// `Pattern` is that of a route without the slash. A plain capture is one label, without a dot;
/// `{x:any}` takes several. Case and port do not matter. What a handler, or `before` of a
/// middleware, takes of it is a `host_part`.
///
/// The routes of a host are tried before those of the table around it, the more precise of two
/// hosts first, left to right; a path that none of them takes, or not with this method, is looked
/// for in the table around. Its middleware is also around what is answered where nothing is found.
/// Options are those of `group`. The host is the one that the client wrote: behind a proxy that one
/// has to hand it on, and nobody is kept out by it. Complexity: a request is held against the hosts
/// one after the other, so many of them are rather one pattern.
template <fixed_string Pattern, auto... Options, class... Entries>
constexpr auto host(Entries... entries);

/// A table for the requests that a predicate takes: `bool(request const&)`.
///
///     wend::when([](wend::request const& in) { return in.field("X-Version") == "2"; },
///                wend::get<"/notes">(notes_v2))
///
/// It is asked once or more for a request, before a route and the middleware around it are known,
/// by many threads at once. What it throws is answered like what a handler throws. Its routes are
/// tried before those of the table around it, after those of hosts, and, as nobody knows which of
/// two predicates is more precise, in the order of declaration: here alone it counts.
template <auto... Options, class Predicate, class... Entries>
constexpr auto when(Predicate holds, Entries... entries);

// ------------------------------------------------------------------------------------------------

namespace detail {

/// The condition of `host`, which stands where a middleware would.
template <fixed_string Pattern>
struct host_condition {
  static constexpr fixed_string text = Pattern;
  static constexpr tree const& where = static_tree<single_host<Pattern>>::view;

  static bool holds(void const*, request const&, std::string_view host) {
    return lookup(where, host, [](auto&&...) { return true; });
  }
  template <class Access>
  static constexpr condition make() {
    return {condition::kind::host, &holds, &host_of<Pattern>, Pattern.view()};
  }
};

/// The middleware that supplies a capture of a host.
template <fixed_string Pattern, fixed_string Name, std::size_t I>
struct host_part_supplier {
  host_capture<Name> before(request& in) const {
    host_path const host(in.host());
    host_capture<Name> out;
    lookup(host_condition<Pattern>::where,
           host.view(),
           [&](std::span<tree_terminal const>, found_captures const& found) {
             out.text = in.keep(std::string(found[I]));
             return true;
           });
    return out;
  }
};

/// The name of a capture as a template argument.
template <fixed_string Pattern, std::size_t I>
consteval auto host_capture_name() {
  constexpr auto name = host_of<Pattern>.capture[I].name;
  constexpr auto at = static_cast<std::size_t>(name.data() - behind_slash<Pattern>.text);
  return part_of_text<behind_slash<Pattern>, at, name.size()>();
}

template <fixed_string Pattern>
constexpr auto host_layers() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return use_list(host_condition<Pattern>{},
                    host_part_supplier<Pattern, host_capture_name<Pattern, I>(), I>{}...);
  }(std::make_index_sequence<host_of<Pattern>.capture_count>{});
}

/// The condition of `when`.
template <class Predicate>
struct predicate_condition {
  Predicate predicate;

  template <class Access>
  static bool holds(void const* self, request const& in, std::string_view) {
    return std::as_const(Access::get(self).predicate)(in);
  }
  template <class Access>
  static constexpr condition make() {
    return {condition::kind::predicate, &holds<Access>};
  }
};

template <class F>
concept request_predicate = requires(F const& f, request const& in) {
  { f(in) } -> std::convertible_to<bool>;
};

/// The table of a condition.
template <auto... Options, class List, class... Entries>
constexpr auto below_condition(List condition, Entries... entries) {
  if constexpr (any({expands<Entries>...}))
    return below_condition<Options...>(std::move(condition),
                                       expansion<"", "", Entries>::of(entries)...);
  else
    return gather<"", Options...>(std::move(condition), gather<"">(std::move(entries)...));
}

}  // namespace detail

template <fixed_string Pattern, auto... Options, class... Entries>
constexpr auto host(Entries... entries) {
  constexpr auto fault = detail::host_of<Pattern>.fault;
  if constexpr (fault != detail::pattern_fault::none) {
    (void)detail::pattern_is<fault, Pattern>{};
    return routes();
  } else if constexpr (!detail::may_be_host(detail::host_of<Pattern>)) {
    (void)detail::explain_host<Pattern>{};
    return routes();
  } else {
    (void)detail::explain_group_options<detail::are_options<Options...>>{};
    (void)std::initializer_list<int>{((void)detail::entry_fault<Entries>{}, 0)..., 0};
    auto out =
        detail::below_condition<Options...>(detail::host_layers<Pattern>(), std::move(entries)...);
    (void)detail::table_fault<decltype(out)>{};
    return out;
  }
}

template <auto... Options, class Predicate, class... Entries>
constexpr auto when(Predicate holds, Entries... entries) {
  if constexpr (!detail::request_predicate<Predicate>) {
    (void)detail::explain_when<Predicate>{};
    return routes();
  } else {
    (void)detail::explain_group_options<detail::are_options<Options...>>{};
    (void)std::initializer_list<int>{((void)detail::entry_fault<Entries>{}, 0)..., 0};
    using list = use_list<detail::predicate_condition<Predicate>>;
    auto out = detail::below_condition<Options...>(list({std::move(holds)}), std::move(entries)...);
    (void)detail::table_fault<decltype(out)>{};
    return out;
  }
}

}  // namespace wend
