// What can be wrong with a table as a whole, as the compiler says it.
#pragma once

namespace wend::detail {

template <auto...>
inline constexpr bool never = false;

/// Says that no request could reach a route of a table; the error shows it and the one before it.
template <bool Hidden, auto Method, auto PatternA, auto PatternB>
struct explain_conflict {
  static_assert(Hidden,
                "wend: two routes of a table match the same paths with the same method, and "
                "neither is more precise");
  static_assert(!Hidden,
                "wend: a route of a table matches, with the same method and before it, all that "
                "another one matches, so that no request could reach the other");
};

template <auto Count>
struct explain_methods {
  static_assert(never<Count>, "wend: a table has routes for at most 64 different methods");
};

template <auto PatternA, auto PatternB>
struct explain_same_name {
  static_assert(never<PatternA, PatternB>, "wend: two routes of a table have the same name");
};

template <auto Name>
struct explain_no_name {
  static_assert(never<Name>, "wend: url_for: no route of this table has this name");
};

}  // namespace wend::detail
