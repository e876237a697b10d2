// What the members of a resource are found by: of which type it is, and its place in patterns.
#pragma once

#include <wend/app/detail/actions.hpp>
#include <wend/app/mount.hpp>
#include <wend/handler/extract.hpp>
#include <wend/handler/judge.hpp>
#include <wend/http/ascii.hpp>
#include <wend/http/uuid.hpp>
#include <wend/route/convert.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/pattern.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend::detail {

template <class T>
constexpr capture_type id_type() {
  if constexpr (std::same_as<T, uuid>)
    return capture_type::uuid;
  else if constexpr (integer<T>)
    return std::signed_integral<T> ? capture_type::int_ : capture_type::uint;
  else
    return capture_type::segment;
}

/// As what a member takes the capture "id", the one after `Outer` others; nothing if it does not.
template <std::size_t Outer, class... P>
constexpr std::optional<capture_type> id_taken(type_list<P...>) {
  std::optional<capture_type> out;
  std::size_t in_order = 0;
  auto const look = [&]<class Q>(std::type_identity<Q>) {
    if constexpr (is_path<Q>) {
      if (path_parts<Q>::name == "id") out = id_type<typename path_parts<Q>::type>();
    } else if constexpr (parameter_kind_of<Q>() == parameter_kind::capture) {
      if (in_order++ == Outer) out = id_type<Q>();
    }
  };
  (look(std::type_identity<std::remove_cvref_t<P>>{}), ...);
  return out;
}

struct id_verdict {
  std::optional<capture_type> type;
  bool agreed = true;

  constexpr void take(std::optional<capture_type> one) {
    if (one && type && *one != *type) agreed = false;
    if (!type) type = one;
  }
};

template <class T, std::size_t Outer, std::size_t... A>
constexpr id_verdict judge_ids(std::index_sequence<A...>) {
  id_verdict out;
  [[maybe_unused]] auto const take = [&]<std::size_t N>(std::index_sequence<N>) {
    if constexpr (action<N>::of_one)
      out.take(id_taken<Outer>(typename action_signature<T, N>::parameters{}));
  };
  (take(std::index_sequence<A>{}), ...);
  return out;
}

constexpr std::size_t segment_size(std::string_view name) {
  return std::min(name.find('/'), name.size());
}

/// "notes" of "notes/{id}".
template <fixed_string Name>
consteval auto resource_segment() {
  return part_of_text<Name, 0, segment_size(Name.view())>();
}

/// The name of an id around others: "notes_id".
template <fixed_string Segment>
consteval auto outer_id() {
  auto out = concatenated<Segment, "_id">();
  for (std::size_t i = 0; i < Segment.view().size(); ++i)
    if (!alphanumeric(out.text[i]) || (i == 0 && digit(out.text[i]))) out.text[i] = '_';
  return out;
}

/// "/{id:int}", or what the name of a resource has behind its segment.
template <fixed_string Name, fixed_string Id, capture_type Type>
consteval auto id_pattern() {
  constexpr auto size = segment_size(Name.view());
  if constexpr (size < Name.view().size())
    return part_of_text<Name, size, Name.view().size() - size>();
  else if constexpr (Type == capture_type::int_)
    return concatenated<"/{", Id, ":int}">();
  else if constexpr (Type == capture_type::uint)
    return concatenated<"/{", Id, ":uint}">();
  else if constexpr (Type == capture_type::uuid)
    return concatenated<"/{", Id, ":uuid}">();
  else
    return concatenated<"/{", Id, "}">();
}

}  // namespace wend::detail
