// Groups: tables below a prefix.
#pragma once

#include <wend/app/detail/expansion.hpp>
#include <wend/app/detail/gather.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/table.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/route/fixed_string.hpp>

#include <initializer_list>
#include <utility>

namespace wend {

/// A table whose routes are below a prefix, "/" there being the prefix itself:
///
///     wend::group<"/admin">(wend::use(basic_auth{...}),
///                           wend::get<"/">(overview),              // "/admin"
///                           wend::get<"/stats">(stats))            // "/admin/stats"
///
/// Its middleware is around these routes, and around what is answered for a path below the prefix
/// that no route takes. A prefix has no captures. Options of the group, as in
/// `group<"/uploads", max_body<10_GiB>>(...)`, are those of its routes that do not say otherwise.
template <fixed_string Prefix, auto... Options, class... Entries>
constexpr auto group(Entries... entries) {
  if constexpr (!detail::prefix_sound<Prefix>()) {
    (void)detail::explain_prefix<Prefix>{};
    return routes();
  } else if constexpr (!detail::are_options<Options...>) {
    (void)detail::explain_group_options<detail::are_options<Options...>>{};
    return routes();
  } else if constexpr (detail::any({detail::expands<Entries>...})) {
    (void)std::initializer_list<int>{((void)detail::entry_fault<Entries>{}, 0)...};
    return group<Prefix, Options...>(detail::expansion<"", "", Entries>::of(entries)...);
  } else {
    auto out = detail::gather<detail::trimmed_prefix<Prefix>(), Options...>(std::move(entries)...);
    (void)detail::table_fault<decltype(out)>{};
    return out;
  }
}

}  // namespace wend
