// What may stand behind the pattern and the name of a route, or the prefix of a group.
//
//     wend::put<"/blobs/{name}", max_body<10_MiB>, summary<"Stores a blob">>(store)
//
// All but the limit of the body and the names are for the documentation that is read out of a table:
// see extra/openapi.hpp. What a group says holds for its routes that do not say otherwise.
#pragma once

#include <wend/http/status.hpp>
#include <wend/route/fixed_string.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace wend {

/// Limits the body of a route: `put<"/blobs/{name}", max_body<10_MiB>>(f)`. In bytes; the server's
/// own limit does not hold then.
struct body_limit {
  std::size_t bytes;
};
template <std::size_t Bytes>
inline constexpr body_limit max_body{Bytes};

/// What a route does, in a few words.
template <fixed_string Text>
struct summary_option {
  static constexpr std::string_view text = Text.view();
};
template <fixed_string Text>
inline constexpr summary_option<Text> summary{};

/// What a route does, at length; CommonMark.
template <fixed_string Text>
struct description_option {
  static constexpr std::string_view text = Text.view();
};
template <fixed_string Text>
inline constexpr description_option<Text> description{};

/// What routes are gathered under; by default the first segment of their paths. May be repeated.
template <fixed_string Name>
struct tag_option {
  static constexpr std::string_view text = Name.view();
};
template <fixed_string Name>
inline constexpr tag_option<Name> tag{};

/// A problem that a handler throws or returns: `may_answer<status::conflict, "the title is taken">`.
/// May be repeated.
template <status Status, fixed_string When>
struct may_answer_option {
  static constexpr wend::status code = Status;
  static constexpr std::string_view text = When.view();
};
template <status Status, fixed_string When>
inline constexpr may_answer_option<Status, When> may_answer{};

/// Of a group: what the names of its routes begin with. `group<"/admin", names<"admin.">>(...)`.
template <fixed_string Prefix>
struct names_option {};
template <fixed_string Prefix>
inline constexpr names_option<Prefix> names{};

/// Who uses the route should stop doing so.
struct deprecated_option {};
inline constexpr deprecated_option deprecated{};

/// The documentation does not mention the route.
struct undocumented_option {};
inline constexpr undocumented_option undocumented{};

inline namespace literals {
/// Sizes in bytes: `64_KiB`, `10_MiB`, `1_GiB`.
consteval std::size_t operator""_KiB(unsigned long long n) {
  return n << 10;
}
consteval std::size_t operator""_MiB(unsigned long long n) {
  return n << 20;
}
consteval std::size_t operator""_GiB(unsigned long long n) {
  return n << 30;
}
}  // namespace literals

namespace detail {

template <class T>
inline constexpr bool is_route_option = false;
template <>
inline constexpr bool is_route_option<body_limit> = true;
template <fixed_string Text>
inline constexpr bool is_route_option<summary_option<Text>> = true;
template <fixed_string Text>
inline constexpr bool is_route_option<description_option<Text>> = true;
template <fixed_string Name>
inline constexpr bool is_route_option<tag_option<Name>> = true;
template <status Status, fixed_string When>
inline constexpr bool is_route_option<may_answer_option<Status, When>> = true;
template <fixed_string Prefix>
inline constexpr bool is_route_option<names_option<Prefix>> = true;
template <>
inline constexpr bool is_route_option<deprecated_option> = true;
template <>
inline constexpr bool is_route_option<undocumented_option> = true;

template <auto... Options>
inline constexpr bool are_options =
    (is_route_option<std::remove_const_t<decltype(Options)>> && ...);

constexpr void read_limit(body_limit option, std::optional<std::size_t>& out) {
  out = option.bytes;
}
template <class Option>
constexpr void read_limit(Option const&, std::optional<std::size_t>&) {}

}  // namespace detail

}  // namespace wend
