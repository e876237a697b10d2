// Lookup: from a path to the routes of a tree.
//
// A lookup walks the tree, most specific branch first, and comes back when a branch fails: if any
// route matches, one is found. What it has often seen fail it does not try again.
#pragma once

#include <wend/route/tree.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace wend::detail {

/// The captures found on the way to a terminal, in the order of the path.
struct found_captures {
  std::array<std::string_view, captures::max> values{};
  std::size_t size = 0;
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
      : tree_(t), path_(path), accept_(accept) {}

  /// Everything below a node, with the path used up to `pos`.
  bool node(std::uint32_t index, std::size_t pos, bool floated) {
    tree_node const& n = tree_.nodes[index];
    if (path_.size() - pos < n.text_size) return false;
    if (path_.substr(pos, n.text_size) != std::string_view(tree_.text.data() + n.text, n.text_size))
      return false;
    pos += n.text_size;
    if (pos == path_.size()) {
      if (n.terminals > 0 &&
          accept_(tree_.terminals.subspan(n.first_terminal, n.terminals), found_))
        return true;
    } else {
      char const* const leads = tree_.leads.data() + n.first_child;
      for (std::uint32_t i = 0; i < n.children; ++i)
        if (leads[i] == path_[pos] && node(n.first_child + i, pos, floated)) return true;
    }
    for (std::uint32_t i = 0; i < n.edges; ++i)
      if (edge(n.first_edge + i, pos, floated)) return true;
    return false;
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

  bool edge(std::uint32_t index, std::size_t pos, bool floated) {
    tree_edge const& e = tree_.edges[index];
    if (e.reach == reach::everything) return take(e, pos, path_.size(), floated);
    auto const end =
        e.reach == reach::to_slash ? std::min(path_.find('/', pos), path_.size()) : path_.size();
    bool const floats = e.reach == reach::floating;
    return floats || floated ? search(index, pos, end, floats, floated) : exactly(e, pos, end);
  }

  /// Goes on behind a capture of [pos, end).
  bool take(tree_edge const& e, std::size_t pos, std::size_t end, bool floated) {
    found_.values[found_.size++] = path_.substr(pos, end - pos);
    if (node(e.node, end, floated)) return true;
    --found_.size;
    return false;
  }

  /// A capture that ends at `end` and nowhere else.
  bool exactly(tree_edge const& e, std::size_t pos, std::size_t end) {
    if (pos == end) return false;
    tree_matcher const& m = tree_.matchers[e.matcher];
    if (m.segment) {
      if (e.reach == reach::to_end && path_.find('/', pos) != path_.npos) return false;
      return take(e, pos, end, false);
    }
    position const* const states = tree_.positions.data() + m.first_position;
    if (m.size == 1) {
      for (auto i = pos; i < end; ++i)
        if (!states->bytes(static_cast<unsigned char>(path_[i]))) return false;
      // a single position that may not follow itself takes one byte
      return (states->follow != 0 || end - pos == 1) && take(e, pos, end, false);
    }
    std::uint64_t candidates = m.first, reached = 0;
    for (auto i = pos; i < end; ++i) {
      reached = step(states, candidates, static_cast<unsigned char>(path_[i]));
      if (reached == 0) return false;
      candidates = follow(states, reached);
    }
    return (reached & m.last) != 0 && take(e, pos, end, false);
  }

  /// A capture that floats, and may end anywhere up to `end`, or one that comes after such a
  /// capture.
  bool search(std::uint32_t index, std::size_t pos, std::size_t end, bool floats, bool floated) {
    tree_edge const& e = tree_.edges[index];
    tree_matcher const& m = tree_.matchers[e.matcher];
    position const* const states = tree_.positions.data() + m.first_position;
    std::span<std::uint64_t> failed;
    if (floated) failed = failures_.of(index, tree_, path_);
    auto const before = turned_down();
    std::uint64_t candidates = m.first;
    for (auto i = pos; i < end; ++i) {
      auto reached = step(states, candidates, static_cast<unsigned char>(path_[i]));
      if (!failed.empty()) {
        reached &= ~failed[i];
        failed[i] |= reached;
      }
      if (reached == 0) break;
      bool const may_end = (reached & m.last) != 0 && (floats || i + 1 == end);
      if (may_end && take(e, pos, i + 1, true)) return true;
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
  std::string_view path_;
  Accept& accept_;
  found_captures found_;
  failures failures_;
};

template <class Accept>
bool lookup(tree const& t, std::string_view path, Accept&& accept) {
  return !t.nodes.empty() &&
         tree_walk<std::remove_reference_t<Accept>>(t, path, accept).node(0, 0, false);
}

}  // namespace wend::detail
