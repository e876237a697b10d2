// Lookup: from a path to the routes of a tree.
//
// A lookup walks the tree, most specific branch first, and comes back when a branch fails: if any
// route matches, one is found. It does not allocate, and what it has seen fail it does not try
// again.
#pragma once

#include <wend/route/tree.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace wend::detail {

/// The captures found on the way to a terminal, in the order of the path.
struct found_captures {
  std::array<std::string_view, captures::max> values{};
  std::size_t size = 0;
};

/// Calls `accept(terminals, found)` for each end of the tree that `path` leads to, best first,
/// until it returns true. Returns whether it did.
///
/// An `accept` that turns a value down counts it in a member `turned_down`, if it has one: other
/// splits are tried then, for the first 256 such values.
///
/// A pattern that could be split in several ways is split with its captures as short as possible,
/// from left to right. Choice: after another capture of its segment, one of a regex or number takes
/// at most 256 bytes. Complexity: at worst the path times 256 for each capture of the tree; linear
/// in the path for captures that end at a slash. Allocates: nothing.
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
  /// A floating capture of several positions takes at most so many bytes after another floating
  /// one.
  static constexpr std::size_t second_float = 256;

  /// What floating captures have tried in vain. An entry may be overwritten, which costs time only.
  /// Blank until it is used, which is rare: it takes two floating captures in one segment.
  class failures {
   public:
    /// One of several positions failed from `pos`. Within the reach of `second_float` no two starts
    /// of an edge share an entry.
    void add_start(std::uint32_t edge, std::size_t pos) {
      begin();
      starts_[slot(edge, pos)] = key(edge, pos);
    }
    bool has_start(std::uint32_t edge, std::size_t pos) const {
      return used_ && starts_[slot(edge, pos)] == key(edge, pos);
    }

    /// One of a single class of bytes failed from `low` with every end before `high`.
    void add_run(std::uint32_t edge, std::size_t low, std::size_t high) {
      begin();
      runs_[edge % runs_.size()] = {edge, low, high};
    }
    bool has_run(std::uint32_t edge, std::size_t pos) const {
      if (!used_) return false;
      auto const& r = runs_[edge % runs_.size()];
      return r.edge == edge && pos >= r.low && pos < r.high;
    }

   private:
    struct run {
      std::uint32_t edge;
      std::size_t low, high;
    };
    void begin() {
      if (used_) return;
      used_ = true;
      starts_.fill(0);
      runs_.fill({~std::uint32_t{0}, 0, 0});
    }
    static std::size_t slot(std::uint32_t edge, std::size_t pos) {
      return edge % 16 * second_float + pos % second_float;
    }
    static std::uint64_t key(std::uint32_t edge, std::size_t pos) {
      return (std::uint64_t{edge} + 1) << 32 | static_cast<std::uint32_t>(pos);
    }

    bool used_ = false;
    std::array<std::uint64_t, 16 * second_float> starts_;
    std::array<run, 16> runs_;
  };

  bool edge(std::uint32_t index, std::size_t pos, bool floated) {
    tree_edge const& e = tree_.edges[index];
    tree_matcher const& m = tree_.matchers[e.matcher];
    switch (e.reach) {
      case reach::everything: return take(e, pos, path_.size(), floated);
      case reach::to_end: return exactly(e, m, pos, path_.size(), floated);
      case reach::to_slash:
        return exactly(e, m, pos, std::min(path_.find('/', pos), path_.size()), floated);
      case reach::floating: break;
    }
    return m.size == 1 ? run(index, pos, floated) : shortest_first(index, pos, floated);
  }

  std::size_t turned_down() const {
    if constexpr (requires { accept_.turned_down; })
      return accept_.turned_down;
    else
      return 0;
  }

  /// Whether what failed since `before` would fail again: not if it was for a value, which depends on
  /// where the captures before it end. Choice: only so often, or the work had no bound.
  bool is_final(std::size_t before) const {
    auto const now = turned_down();
    return now == before || now > 256;
  }

  /// Goes on behind a capture of [pos, end).
  bool take(tree_edge const& e, std::size_t pos, std::size_t end, bool floated) {
    found_.values[found_.size++] = path_.substr(pos, end - pos);
    if (node(e.node, end, floated)) return true;
    --found_.size;
    return false;
  }

  bool exactly(
      tree_edge const& e, tree_matcher const& m, std::size_t pos, std::size_t end, bool floated) {
    if (pos == end) return false;
    if (m.segment) {
      if (e.reach == reach::to_end && path_.find('/', pos) != path_.npos) return false;
      return take(e, pos, end, floated);
    }
    position const* const states = tree_.positions.data() + m.first_position;
    if (m.size == 1) {
      for (auto i = pos; i < end; ++i)
        if (!states->bytes(static_cast<unsigned char>(path_[i]))) return false;
      // a single position that may not follow itself takes one byte
      return (states->follow != 0 || end - pos == 1) && take(e, pos, end, floated);
    }
    std::uint64_t candidates = m.first, reached = 0;
    for (auto i = pos; i < end; ++i) {
      reached = step(states, candidates, static_cast<unsigned char>(path_[i]));
      if (reached == 0) return false;
      candidates = follow(states, reached);
    }
    return (reached & m.last) != 0 && take(e, pos, end, floated);
  }

  /// A floating capture of one class of bytes. Where it failed from one start it fails from all
  /// later starts in the same run, so that every byte is tried once for each edge.
  bool run(std::uint32_t index, std::size_t pos, bool floated) {
    if (failures_.has_run(index, pos)) return false;
    tree_edge const& e = tree_.edges[index];
    position const& p = tree_.positions[tree_.matchers[e.matcher].first_position];
    auto const before = turned_down();
    auto end = pos;
    while (end < path_.size() && p.bytes(static_cast<unsigned char>(path_[end]))) {
      ++end;
      if (take(e, pos, end, true)) return true;
      if (p.follow == 0) return false;
    }
    if (floated && is_final(before)) failures_.add_run(index, pos, end);
    return false;
  }

  bool shortest_first(std::uint32_t index, std::size_t pos, bool floated) {
    if (floated && failures_.has_start(index, pos)) return false;
    tree_edge const& e = tree_.edges[index];
    tree_matcher const& m = tree_.matchers[e.matcher];
    position const* const states = tree_.positions.data() + m.first_position;
    auto const before = turned_down();
    auto const stop = floated ? std::min(path_.size(), pos + second_float) : path_.size();
    std::uint64_t candidates = m.first;
    for (auto i = pos; i < stop; ++i) {
      auto const reached = step(states, candidates, static_cast<unsigned char>(path_[i]));
      if (reached == 0) break;
      if ((reached & m.last) != 0 && take(e, pos, i + 1, true)) return true;
      candidates = follow(states, reached);
    }
    if (floated && is_final(before)) failures_.add_start(index, pos);
    return false;
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
