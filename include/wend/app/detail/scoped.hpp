// The scopes of a table, as it holds them: lists of middleware, and conditions.
#pragma once

#include <wend/app/detail/held.hpp>
#include <wend/app/layer.hpp>
#include <wend/app/middleware.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/pattern.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

namespace wend::detail {

/// Which of the paths that no route takes a scope has: none; those below its prefix, if it has one
/// or the table to itself; or those below its prefix for which a condition is met.
enum class claim : std::uint8_t { nothing, prefix, condition };

template <class M>
inline constexpr bool is_condition = requires { M::template make<void>; };

/// The middleware of a table, or of a group in it. `Outer` is the scope around, from 1.
template <fixed_string Prefix, std::size_t Outer, claim Claim, class List>
struct scoped;
template <fixed_string Prefix, std::size_t Outer, claim Claim, class... M>
struct scoped<Prefix, Outer, Claim, use_list<M...>> {
  use_list<M...> list;

  template <std::size_t I>
  using middleware = std::tuple_element_t<I, std::tuple<M...>>;

  /// The prefix as paths have it: decoded.
  static constexpr auto decoded = [] {
    struct {
      std::array<char, parsed_pattern::max_size> text{};
      std::size_t size = 0;
    } out;
    if constexpr (!Prefix.empty())
      for (; out.size < parsed_of<Prefix>.size; ++out.size)
        out.text[out.size] = static_cast<char>(parsed_of<Prefix>.symbols[out.size]);
    return out;
  }();

  /// `Access::get(self)` is this scope.
  template <class Access, std::size_t I>
  struct member {
    static auto& get(void const* self) { return Access::get(self).list.template at<I>(); }
  };
  template <class Access, class Sequence>
  struct all_layers;
  template <class Access, std::size_t... I>
  struct all_layers<Access, std::index_sequence<I...>> {
    static constexpr std::array<layer, sizeof...(M)> list{
        layer_maker<M, member<Access, I>>::make()...};
  };
  template <class Access>
  static constexpr scope make() {
    scope out{{decoded.text.data(), decoded.size},
              all_layers<Access, std::index_sequence_for<M...>>::list,
              static_cast<std::uint16_t>(Outer),
              Claim != claim::nothing};
    if constexpr (sizeof...(M) > 0)
      if constexpr (is_condition<middleware<0>>)
        out.only_if = middleware<0>::template make<member<Access, 0>>();
    return out;
  }
};

/// The scopes of a table.
template <class... S>
struct scope_set : held_routes<std::index_sequence_for<S...>, S...> {};

}  // namespace wend::detail
