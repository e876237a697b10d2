// The lookup tree: all patterns of a table in a few flat arrays.
//
// Each alternative of each pattern is a sequence of symbols: bytes and captures. Sorted, with bytes
// before captures and narrow captures before wide ones, the sequences stand in order of precedence,
// and the tree is nothing but their common beginnings. Behind a slash it branches by the whole
// segment that comes next, as long as none of those has a capture inside; elsewhere by a byte. How
// it is built stands in build_tree.hpp, how it is walked in lookup.hpp.
#pragma once

#include <wend/route/pattern.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace wend::detail {

/// A place in the tree: bytes that must come next, then one way to go on.
struct alignas(64) tree_node {
  std::uint64_t word = 0,
                mask = 0;  ///< up to 8 of those bytes, the first one lowest; 0xFF for each
  std::uint32_t text = 0;  ///< in `tree::text`
  std::uint8_t text_size = 0;
  bool slash = false;   ///< behind the text comes a slash, or the path ends
  bool unsure = false;  ///< text or slash have to be looked at: what led here does not imply them
  std::uint32_t first_terminal = 0;
  std::uint16_t terminals = 0;  ///< routes, if the path ends behind the text: one for a method
  std::uint16_t matcher = 0;    ///< of `typed`
  std::uint32_t first_slot = 0, slot_mask = 0;  ///< of the children; a mask of 0: there are none
  std::uint64_t lead = 0;                   ///< the bytes of the path that a key may have, as 0xFF
  std::uint32_t first_edge = 0, edges = 0;  ///< captures, in order of precedence
  /// Where the only capture leads, if it reaches to the next slash: one that takes all before it,
  /// or one that takes what `matcher` does. Else 0.
  std::uint32_t segment = 0, typed = 0;
};
static_assert(sizeof(tree_node) == 64);

/// A child of a node, one that begins with bytes: an entry of a hash table with open addressing.
/// The tables do not turn back to their start: each ends in a blank slot.
///
/// Where no child has a capture in its first segment, the key is that segment, and a slash behind
/// it, or the first eight bytes of that; else it is one byte. A slash stands for the end, too.
struct tree_slot {
  std::uint64_t key = 0;
  std::uint32_t node = 0;  ///< never the root: that is a blank slot
  std::uint32_t size = 0;  ///< of the key, without a slash
};

/// Where the search for a key begins.
constexpr std::uint32_t slot_of(std::uint64_t key, std::uint32_t slot_mask) noexcept {
  return static_cast<std::uint32_t>(key * 0x9e3779b97f4a7c15 >> 32) & slot_mask;
}

/// The highest bit of the first byte, the lowest one, that is a slash, and perhaps of later ones.
constexpr std::uint64_t slashes(std::uint64_t word) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  auto const other = word ^ ones * '/';
  return (other - ones) & ~other & 0x80 * ones;
}

/// How far a capture may reach.
enum class reach : std::uint8_t {
  floating,    ///< any accepted length, shortest first
  to_slash,    ///< exactly to the next slash or the end
  to_end,      ///< exactly to the end
  everything,  ///< {rest...}: to the end, even if that is nothing
};

/// A capture that leads from one node to another.
struct tree_edge {
  std::uint32_t node = 0;
  std::uint16_t matcher = 0;
  wend::detail::reach reach = reach::floating;
  bool segment = false;  ///< of the matcher
};

/// What a capture accepts: a slice of the positions of the tree.
struct tree_matcher {
  std::uint64_t first = 0, last = 0;
  std::uint32_t first_position = 0;
  std::uint8_t size = 0;  ///< in positions
  bool segment = false;   ///< takes all but "/"
};

/// A route at the end of a path.
struct tree_terminal {
  std::uint32_t route = 0;     ///< its index in the table
  std::uint16_t method = 0;    ///< the index of its method among those of the table
  std::uint16_t captures = 0;  ///< a bit for each capture of its pattern that this path has
};

inline constexpr tree_node no_routes;

/// A tree to look into. Lifetime: views into the arrays of whoever built it.
struct tree {
  std::span<tree_node const> nodes{&no_routes, 1};
  std::span<tree_slot const> slots;
  std::span<char const> text;
  std::span<tree_edge const> edges;
  std::span<tree_terminal const> terminals;
  std::span<tree_matcher const> matchers;
  std::span<position const> positions;
};

}  // namespace wend::detail
