// What a table holds its routes and scopes in.
#pragma once

#include <cstddef>
#include <utility>

namespace wend::detail {

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
constexpr T& held_at(held_route<I, T>& h) noexcept {
  return h.value;
}
template <std::size_t I, class T>
constexpr T const& held_at(held_route<I, T> const& h) noexcept {
  return h.value;
}

}  // namespace wend::detail
