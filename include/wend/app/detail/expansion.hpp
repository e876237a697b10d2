// What an entry of a table becomes before it is gathered with the others: itself, but for entries
// that stand for several routes.
#pragma once

#include <wend/route/fixed_string.hpp>

#include <type_traits>
#include <utility>

namespace wend::detail {

/// True for an entry whose `expansion` is something else.
template <class Entry>
inline constexpr bool expands = false;

struct no_fault {};

/// What an entry becomes below `Path`, a pattern; `Names` stands before the names of its routes.
/// `fault` has the type that asserts what is wrong with it, or `no_fault`.
template <fixed_string Path, fixed_string Names, class Entry>
class expansion {
 public:
  static constexpr std::type_identity<no_fault> fault() { return {}; }
  static constexpr Entry&& of(Entry& e) { return std::move(e); }
};

/// To be instantiated by what the user calls, which keeps what the compiler prints short.
template <class Entry>
using entry_fault = typename decltype(expansion<"", "", Entry>::fault())::type;

}  // namespace wend::detail
