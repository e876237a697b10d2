// The members of a class that become routes of a resource: which there are, and how to call them.
#pragma once

#include <wend/app/detail/table_facts.hpp>
#include <wend/handler/judge.hpp>
#include <wend/http/method.hpp>
#include <wend/route/fixed_string.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace wend::detail {

template <method Method, fixed_string Name, bool OfOne>
struct action_of {
  static constexpr wend::method method = Method;
  static constexpr fixed_string name = Name;
  static constexpr bool of_one = OfOne;
};

/// A member that is looked for, and its route. `find` makes a pointer to it.
template <std::size_t Number>
struct action;
template <>
struct action<0> : action_of<method::get, "index", false> {
  template <class T>
  static constexpr auto find() -> decltype(&T::index) {
    return &T::index;
  }
};
template <>
struct action<1> : action_of<method::post, "create", false> {
  template <class T>
  static constexpr auto find() -> decltype(&T::create) {
    return &T::create;
  }
};
template <>
struct action<2> : action_of<method::get, "show", true> {
  template <class T>
  static constexpr auto find() -> decltype(&T::show) {
    return &T::show;
  }
};
template <>
struct action<3> : action_of<method::put, "replace", true> {
  template <class T>
  static constexpr auto find() -> decltype(&T::replace) {
    return &T::replace;
  }
};
template <>
struct action<4> : action_of<method::patch, "update", true> {
  template <class T>
  static constexpr auto find() -> decltype(&T::update) {
    return &T::update;
  }
};
template <>
struct action<5> : action_of<method::del, "remove", true> {
  template <class T>
  static constexpr auto find() -> decltype(&T::remove) {
    return &T::remove;
  }
};
using all_actions = std::make_index_sequence<6>;

/// Beside these a name is found just if `T` has none like it, overloaded, private or a template.
/// (Of a final class, from which nothing can be derived, such members are overlooked.)
struct every_action {
  int index, create, show, replace, update, remove;
};
template <class T>
struct beside_every_action : T, every_action {};

template <class T, std::size_t A, class Pointer = decltype(action<A>::template find<T>())>
using action_signature = std::
    conditional_t<std::is_pointer_v<Pointer>, signature_of<Pointer>, member_signature<Pointer>>;

enum class member_state : std::uint8_t { absent, sound, unfit };

template <class T, std::size_t A>
constexpr member_state state_of_member() {
  using enum member_state;
  if constexpr (requires { action<A>::template find<T>(); })
    return requires { typename action_signature<T, A>::parameters; } ? sound : unfit;
  else if constexpr (std::is_final_v<T>)
    return absent;
  else
    return requires { action<A>::template find<beside_every_action<T>>(); } ? absent : unfit;
}

template <class T>
inline constexpr auto member_states = []<std::size_t... A>(std::index_sequence<A...>) {
  return std::array{state_of_member<T, A>()...};
}(all_actions{});

/// The numbers of the actions that `T` has.
template <class T>
constexpr auto actions_of() {
  constexpr auto const& all = member_states<T>;
  constexpr auto numbers = [&] {
    std::array<std::size_t, all.size()> out{};
    for (std::size_t a = 0, n = 0; a < all.size(); ++a)
      if (all[a] == member_state::sound) out[n++] = a;
    return out;
  }();
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::index_sequence<numbers[I]...>{};
  }(std::make_index_sequence<std::count(all.begin(), all.end(), member_state::sound)>{});
}

/// The one object behind the handlers of a resource; none where it need not be kept.
template <class T>
struct shared_object {
  static shared_object of(T&& object) { return {std::make_shared<T const>(std::move(object))}; }
  T const& get() const { return *object; }

  std::shared_ptr<T const> object;
};
template <class T>
  requires has_no_state<T>
struct shared_object<T> {
  static constexpr shared_object of(T&&) { return {}; }
  static constexpr T const& get() { return one; }

  static constexpr T one{};  // there for as long as a coroutine may run
};

template <class T, std::size_t A, class = typename action_signature<T, A>::parameters>
struct action_handler;
template <class T, std::size_t A, class... P>
struct action_handler<T, A, type_list<P...>> : shared_object<T> {
  typename action_signature<T, A>::result operator()(P... arguments) const {
    constexpr auto member = action<A>::template find<T>();
    if constexpr (std::is_pointer_v<decltype(member)>)
      return member(std::forward<P>(arguments)...);
    else
      return (this->get().*member)(std::forward<P>(arguments)...);
  }
};

}  // namespace wend::detail
