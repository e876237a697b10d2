// Mounts: what hangs below a prefix and takes all methods and paths there that no route takes.
#pragma once

#include <wend/app/dispatch.hpp>
#include <wend/app/route.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/handler/bind.hpp>
#include <wend/handler/judge.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/pattern.hpp>
#include <wend/route/url_for.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend {

namespace detail {

/// A table, a router, or what has one: it finds routes below a prefix.
template <class T>
concept mounted_application =
    requires(T const& app, request& in, std::string_view path) { app.locate(in, path); };

/// A pattern below a prefix: "/" there is the prefix itself.
template <fixed_string Prefix, fixed_string Pattern>
consteval auto below() {
  if constexpr (Prefix.empty())
    return Pattern;
  else if constexpr (Pattern.view() == "/")
    return Prefix;
  else
    return concatenated<Prefix, Pattern>();
}

template <fixed_string Prefix>
consteval auto mount_pattern() {
  if constexpr (Prefix.empty())
    return fixed_string("/{rest...}");
  else
    return concatenated<Prefix, "[/{rest...}]">();
}

/// "/" as a prefix is none.
template <fixed_string Prefix>
consteval auto trimmed_prefix() {
  if constexpr (Prefix.view() == "/")
    return fixed_string("");
  else
    return Prefix;
}

template <fixed_string Prefix>
constexpr bool prefix_sound() {
  if constexpr (Prefix.view() == "/") {
    return true;
  } else {
    constexpr auto const& p = parsed_of<Prefix>;
    return p.fault == pattern_fault::none && p.capture_count == 0 && p.optional_count == 0 &&
           p.symbols[p.size - 1] != '/';
  }
}

}  // namespace detail

/// An entry of a table, made by `mount`.
template <fixed_string Prefix, class T>
struct mount_point {
  static constexpr wend::method method{};  ///< none: it takes all
  static constexpr fixed_string prefix = Prefix;
  static constexpr fixed_string text = detail::mount_pattern<Prefix>();
  static constexpr std::string_view name{};
  using pattern = wend::pattern<text>;
  using handler_type = T;

  T handler;
  call_site where;  ///< for the errors of a router
};

/// Hangs something below a prefix, to take what no route takes there, whatever the method:
///
///     wend::mount<"/assets">(wend::static_files{"public"})
///
/// It is a table or a router, which see paths without the prefix and answer with their own 404 and
/// 405; or a callable like a handler, which sees a `request&`, its `mount_path`, and the body as a
/// whole. The prefix itself, with or without a slash at its end, is "/" there.
template <fixed_string Prefix, class T>
constexpr auto mount(T service, call_site where = {__builtin_FILE(), __builtin_LINE()});

// ------------------------------------------------------------------------------------------------

namespace detail {

template <class T>
inline constexpr bool is_mount = false;
template <fixed_string Prefix, class T>
inline constexpr bool is_mount<mount_point<Prefix, T>> = true;

template <fixed_string Prefix, class T>
constexpr bool mountable() {
  if constexpr (mounted_application<T>)
    return true;
  else if constexpr (signature_of<T>::known)
    return judge<T>(parsed_of<mount_pattern<Prefix>()>).fault == handler_fault::none;
  else
    return false;
}

/// The prefix of a mount, as URLs have it.
template <class Mount>
std::string mount_url() {
  if constexpr (Mount::prefix.empty())
    return {};
  else
    return url_for<Mount::prefix>();
}

/// Stands in for what cannot be mounted.
struct nothing_mounted {
  void operator()(request&) const {}
};

/// What answers from the table that it stands in, whole: `answer(table, request&, response&)`.
template <class T>
concept reads_table = requires { typename T::reads_table; };

/// Fills in the endpoint of a mount. `Access::get(self)` is what is mounted, `Access::table(self)`
/// where.
template <class T, class Access>
constexpr void fill_mount(endpoint& e) {
  e.mount = true;
  if constexpr (mounted_application<T>) {
    e.descend = [](void const* self, request& in, std::string_view path) {
      Access::get(self).locate(in, path);
    };
    if constexpr (requires(T const& t, std::span<type_id const> types) { t.prepare(types); })
      e.prepare = [](void const* self, std::span<type_id const> supplied) {
        Access::get(self).prepare(supplied);
      };
  } else if constexpr (reads_table<T>) {
    e.call = [](void const* self, capture_specs, request& in, response& out) {
      Access::get(self).answer(Access::table(self), in, out);
    };
  } else {
    e.body.mode = std::max(binding<T>::body, body_mode::whole);
    e.needs = binding<T>::needs;
    e.call = [](void const* self, capture_specs captures, request& in, response& out) {
      binding<T>::call(Access::get(self), captures, in, out);
    };
  }
}

}  // namespace detail

template <fixed_string Prefix, class T>
constexpr auto mount(T service, call_site where) {
  if constexpr (!detail::prefix_sound<Prefix>()) {
    (void)detail::explain_prefix<Prefix>{};
    return mount_point<"", detail::nothing_mounted>{{}, where};
  } else if constexpr (!detail::mountable<detail::trimmed_prefix<Prefix>(), T>()) {
    (void)detail::explain_mount<Prefix, T>{};
    return mount_point<"", detail::nothing_mounted>{{}, where};
  } else {
    return mount_point<detail::trimmed_prefix<Prefix>(), T>{std::move(service), where};
  }
}

}  // namespace wend
