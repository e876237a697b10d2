// Lookup: from a path to the routes of a tree.
//
// A lookup walks the tree, most specific branch first, and comes back when a branch fails: if any
// route matches, one is found. What it has often seen fail it does not try again.
#pragma once

#include <wend/http/detail/sixteen.hpp>
#include <wend/route/tree.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace wend::detail {

/// The captures found on the way to a terminal, in the order of the path.
class found_captures {
 public:
  std::size_t size() const noexcept { return size_; }
  std::string_view operator[](std::size_t i) const noexcept { return {at_[i].first, at_[i].size}; }
  void push(char const* first, char const* last) noexcept {
    at_[size_++] = {first, static_cast<std::size_t>(last - first)};
  }
  void truncate(std::size_t n) noexcept { size_ = n; }

 private:
  struct piece {
    char const* first;
    std::size_t size;
  };
  std::array<piece, captures::max> at_;  // blank from size_ on: nobody looks there
  std::size_t size_ = 0;
};

/// Calls `accept(terminals, found)` for each end of the tree that `path` leads to, best first,
/// until it returns true. Returns whether it did.
///
/// A pattern that could be split in several ways is split with its captures as short as possible,
/// from left to right. Complexity: linear in the path for each capture of the tree. Allocates:
/// nothing, until sixteen splits of a segment with several captures have failed: then a word for
/// each byte of the path and each such capture.
///
/// An `accept` that turns a value down counts it in a member `turned_down`, if it has one: other
/// splits are tried then, since the value would be another one. Choice: for the first 256 such
/// values of a lookup, or its work had no bound.
template <class Accept>
bool lookup(tree const& t, std::string_view path, Accept&& accept);

// ------------------------------------------------------------------------------------------------

template <class Accept>
class tree_walk {
 public:
  tree_walk(tree const& t, std::string_view path, Accept& accept)
      : tree_(t),
        nodes_(t.nodes.data()),
        end_(path.data() + path.size()),
        accept_(accept),
        path_(path) {}

  /// Everything below a node, with the path used up to `at`. Calls itself only where there is
  /// another way to come back to. `Floated`: a capture before it could have ended elsewhere.
  template <bool Floated = false>
  bool node(std::uint32_t index, char const* at) {
    while (true) {
      tree_node const& n = nodes_[index];
      if (!has_text(n, at)) return false;
      at += n.text_size;
      if (at == end_) {
        if (n.terminals > 0 &&
            accept_(std::span(tree_.terminals.data() + n.first_terminal, n.terminals), found_))
          return true;
      } else if (auto const child = child_of(n, *at); child != 0) {
        if (n.edges == 0) {
          index = child;
          continue;
        }
        auto const found = found_.size();
        if (node<Floated>(child, at)) return true;
        found_.truncate(found);
      }
      if (n.edges == 0) return false;
      auto const last = n.first_edge + n.edges - 1;
      for (auto e = n.first_edge; e < last; ++e)
        if (edge<Floated>(e, at)) return true;
      tree_edge const& e = tree_.edges[last];
      if (Floated || e.reach == reach::floating || e.reach == reach::everything)
        return edge<Floated>(last, at);
      auto const* const end = end_of(e, at);
      if (at == end ||
          !(e.segment ? end == end_ || e.reach == reach::to_slash : exactly(e, at, end)))
        return false;
      found_.push(at, end);
      index = e.node;
      at = end;
    }
  }

 private:
  /// What has failed behind captures that come after a floating one, which are tried from many
  /// starts: for each of them, and each byte of the path, a bit for each position of its regex that
  /// was reached there in vain. So no capture reads a byte twice in the same position.
  class failures {
   public:
    /// The words of a capture, one for each byte, blank at first; none while it is too early to
    /// keep a record.
    std::span<std::uint64_t> of(std::uint32_t edge, tree const& t, std::string_view path) {
      if (tries_ < 16 && ++tries_ < 16) return {};
      if (rows_.empty()) rows_.resize(t.edges.size());
      if (rows_[edge].empty()) rows_[edge].resize(path.size());
      return rows_[edge];
    }

   private:
    unsigned tries_ = 0;
    std::vector<std::vector<std::uint64_t>> rows_;
  };

  /// Whether the text of a node comes next.
  bool has_text(tree_node const& n, char const* at) const noexcept {
    auto const left = static_cast<std::size_t>(end_ - at);
    if (left >= 8) [[likely]] {
      if (((word_at(at) ^ n.word) & n.mask) != 0) return false;
      return n.text_size <= 8 || has_rest(n, at, 8);
    }
    return has_rest(n, at, 0);
  }

  /// The same from byte `i` on.
  bool has_rest(tree_node const& n, char const* at, std::size_t i) const noexcept {
    if (static_cast<std::size_t>(end_ - at) < n.text_size) return false;
    for (char const* const text = tree_.text.data() + n.text; i < n.text_size; ++i)
      if (at[i] != text[i]) return false;
    return true;
  }

  /// Eight bytes, the first one lowest.
  static std::uint64_t word_at(char const* at) noexcept {
    std::uint64_t out = 0;
    if constexpr (std::endian::native == std::endian::little)
      std::memcpy(&out, at, sizeof out);
    else
      for (std::size_t i = 0; i < 8; ++i)
        out |= std::uint64_t{static_cast<unsigned char>(at[i])} << 8 * i;
    return out;
  }

  /// The child that begins with this byte; 0, which is the root, if there is none.
  std::uint32_t child_of(tree_node const& n, char lead) const noexcept {
    char const* const leads = tree_.leads.data() + n.first_child;
    std::uint32_t i = 0;
    for (; n.children > i + 4; i += 16) {  // the leads are padded
      auto mask = equal_mask(leads + i, lead);
      if (n.children - i < 16) mask &= (1u << (n.children - i)) - 1;
      if (mask != 0) return n.first_child + i + static_cast<std::uint32_t>(std::countr_zero(mask));
    }
    for (; i < n.children; ++i)
      if (leads[i] == lead) return n.first_child + i;
    return 0;
  }

  /// Where the next slash is, or the end.
  char const* slash_after(char const* at) const noexcept {
    for (; end_ - at >= 16; at += 16)
      if (auto const mask = equal_mask(at, '/')) return at + std::countr_zero(mask);
    if (path_.size() >= 16) {  // the last 16 bytes, of which some were looked at before
      auto const mask = equal_mask(end_ - 16, '/') >> (16 - (end_ - at));
      return mask != 0 ? at + std::countr_zero(mask) : end_;
    }
    while (at != end_ && *at != '/')
      ++at;
    return at;
  }

  /// Where a capture that starts at `at` ends at the latest.
  char const* end_of(tree_edge const& e, char const* at) const noexcept {
    return e.segment || e.reach == reach::to_slash ? slash_after(at) : end_;
  }

  template <bool Floated>
  bool edge(std::uint32_t index, char const* at) {
    tree_edge const& e = tree_.edges[index];
    if (e.reach == reach::everything) return take<Floated>(e, at, end_);
    if (Floated || e.reach == reach::floating)
      return search<Floated>(index, at, e.reach == reach::to_slash ? slash_after(at) : end_);
    auto const* const end = end_of(e, at);
    if (at == end || (e.segment ? end != end_ && e.reach != reach::to_slash : !exactly(e, at, end)))
      return false;
    return take<false>(e, at, end);
  }

  /// Goes on behind a capture of [at, end).
  template <bool Floated>
  bool take(tree_edge const& e, char const* at, char const* end) {
    auto const found = found_.size();
    found_.push(at, end);
    if (node<Floated>(e.node, end)) return true;
    found_.truncate(found);
    return false;
  }

  /// Whether a capture that is no segment takes all of [at, end).
  bool exactly(tree_edge const& e, char const* at, char const* end) const {
    tree_matcher const& m = tree_.matchers[e.matcher];
    position const* const states = tree_.positions.data() + m.first_position;
    if (m.size == 1) {
      for (auto const* p = at; p != end; ++p)
        if (!states->bytes(static_cast<unsigned char>(*p))) return false;
      // a single position that may not follow itself takes one byte
      return states->follow != 0 || end - at == 1;
    }
    std::uint64_t candidates = m.first, reached = 0;
    for (; at != end; ++at) {
      reached = step(states, candidates, static_cast<unsigned char>(*at));
      if (reached == 0) return false;
      candidates = follow(states, reached);
    }
    return (reached & m.last) != 0;
  }

  /// A capture that floats, and may end anywhere up to `end`, or one that comes after such a
  /// capture.
  template <bool Floated>
  bool search(std::uint32_t index, char const* at, char const* end) {
    tree_edge const& e = tree_.edges[index];
    tree_matcher const& m = tree_.matchers[e.matcher];
    position const* const states = tree_.positions.data() + m.first_position;
    bool const floats = e.reach == reach::floating;
    std::span<std::uint64_t> failed;
    if (Floated) failed = failures_.of(index, tree_, path_);
    auto const before = turned_down();
    std::uint64_t candidates = m.first;
    for (auto const* p = at; p != end; ++p) {
      auto reached = step(states, candidates, static_cast<unsigned char>(*p));
      if (!failed.empty()) {
        auto& known = failed[static_cast<std::size_t>(p - path_.data())];
        reached &= ~known;
        known |= reached;
      }
      if (reached == 0) break;
      bool const may_end = (reached & m.last) != 0 && (floats || p + 1 == end);
      if (may_end && take<true>(e, at, p + 1)) return true;
      candidates = follow(states, reached);
    }
    if (!is_final(before)) std::fill(failed.begin(), failed.end(), 0);
    return false;
  }

  std::size_t turned_down() const {
    if constexpr (requires { accept_.turned_down; })
      return accept_.turned_down;
    else
      return 0;
  }

  /// Whether what failed since `before` would fail again: not if it was for a value, which depends
  /// on where the captures before it end.
  bool is_final(std::size_t before) const {
    auto const now = turned_down();
    return now == before || now > 256;
  }

  tree const& tree_;
  tree_node const* nodes_;
  char const* end_;  // of the path
  Accept& accept_;
  found_captures found_;
  std::string_view path_;
  failures failures_;
};

template <class Accept>
[[gnu::always_inline]] inline bool lookup(tree const& t, std::string_view path, Accept&& accept) {
  return !t.nodes.empty() &&
         tree_walk<std::remove_reference_t<Accept>>(t, path, accept).node(0, path.data());
}

}  // namespace wend::detail
