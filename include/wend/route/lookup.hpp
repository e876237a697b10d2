// Lookup: from a path to the routes of a tree.
//
// A lookup walks the tree, most specific branch first, and comes back when a branch fails: if any
// route matches, one is found. What it has often seen fail it does not try again.
#pragma once

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

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace wend::detail {

/// The captures found on the way to a terminal, in the order of the path.
class found_captures {
 public:
  std::size_t size() const noexcept { return size_; }
  std::string_view operator[](std::size_t i) const noexcept { return {at_[i].first, at_[i].size}; }
  void push(std::string_view value) noexcept { at_[size_++] = {value.data(), value.size()}; }
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
      : tree_(t), path_(path), accept_(accept) {}

  /// Everything below a node, with the path used up to `pos`. Calls itself only where there is
  /// another way to come back to.
  bool node(std::uint32_t index, std::size_t pos, bool floated) {
    while (true) {
      tree_node const& n = tree_.nodes[index];
      if (!has_text(n, pos)) return false;
      pos += n.text_size;
      if (pos == path_.size()) {
        if (n.terminals > 0 &&
            accept_(std::span(tree_.terminals.data() + n.first_terminal, n.terminals), found_))
          return true;
      } else if (auto const child = child_of(n, path_[pos]); child != 0) {
        if (n.edges == 0) {
          index = child;
          continue;
        }
        auto const found = found_.size();
        if (node(child, pos, floated)) return true;
        found_.truncate(found);
      }
      if (n.edges == 0) return false;
      auto const last = n.first_edge + n.edges - 1;
      for (auto e = n.first_edge; e < last; ++e)
        if (edge(e, pos, floated)) return true;
      tree_edge const& e = tree_.edges[last];
      if (floated || e.reach == reach::floating || e.reach == reach::everything)
        return edge(last, pos, floated);
      auto const end = end_of(e, pos);
      if (!exactly(e, pos, end)) return false;
      found_.push({path_.data() + pos, end - pos});
      index = e.node;
      pos = end;
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
  bool has_text(tree_node const& n, std::size_t pos) const noexcept {
    auto const left = path_.size() - pos;
    std::size_t const size = n.text_size;
    if (left < size) return false;
    char const *const a = path_.data() + pos, *const b = tree_.text.data() + n.text;
    std::size_t i = 0;
    for (; i + 8 <= size; i += 8)
      if (word_at(a + i) != word_at(b + i)) return false;
    if (left - i >= 8 && std::endian::native == std::endian::little)  // the text is padded
      return ((word_at(a + i) ^ word_at(b + i)) & ~(~std::uint64_t{0} << 8 * (size - i))) == 0;
    for (; i < size; ++i)
      if (a[i] != b[i]) return false;
    return true;
  }

  static std::uint64_t word_at(char const* at) noexcept {
    std::uint64_t out;
    std::memcpy(&out, at, sizeof out);
    return out;
  }

  /// The child that begins with this byte; 0, which is the root, if there is none.
  std::uint32_t child_of(tree_node const& n, char lead) const noexcept {
    char const* const leads = tree_.leads.data() + n.first_child;
    std::uint32_t i = 0;
#if defined(__SSE2__)
    auto const wanted = _mm_set1_epi8(lead);
    for (; n.children > i + 4; i += 16) {  // the leads are padded
      auto const some = _mm_loadu_si128(reinterpret_cast<__m128i const*>(leads + i));
      auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(some, wanted)));
      if (n.children - i < 16) mask &= (1u << (n.children - i)) - 1;
      if (mask != 0) return n.first_child + i + static_cast<std::uint32_t>(std::countr_zero(mask));
    }
#endif
    for (; i < n.children; ++i)
      if (leads[i] == lead) return n.first_child + i;
    return 0;
  }

  /// Where the next slash is, or the end.
  std::size_t slash_after(std::size_t pos) const noexcept {
    auto const size = path_.size();
#if defined(__SSE2__)
    auto const slashes = [this](std::size_t at) {
      auto const some = _mm_loadu_si128(reinterpret_cast<__m128i const*>(path_.data() + at));
      return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(some, _mm_set1_epi8('/'))));
    };
    for (; size - pos >= 16; pos += 16)
      if (auto const mask = slashes(pos))
        return pos + static_cast<std::size_t>(std::countr_zero(mask));
    if (size >= 16) {  // the last 16 bytes, of which some were looked at before
      auto const mask = slashes(size - 16) >> (16 - (size - pos));
      return mask != 0 ? pos + static_cast<std::size_t>(std::countr_zero(mask)) : size;
    }
#endif
    while (pos < size && path_[pos] != '/')
      ++pos;
    return pos;
  }

  /// Where a capture that starts at `pos` ends at the latest.
  std::size_t end_of(tree_edge const& e, std::size_t pos) const noexcept {
    return e.reach == reach::to_slash ? slash_after(pos) : path_.size();
  }

  bool edge(std::uint32_t index, std::size_t pos, bool floated) {
    tree_edge const& e = tree_.edges[index];
    if (e.reach == reach::everything) return take(e, pos, path_.size(), floated);
    auto const end = end_of(e, pos);
    bool const floats = e.reach == reach::floating;
    if (floats || floated) return search(index, pos, end, floats, floated);
    return exactly(e, pos, end) && take(e, pos, end, false);
  }

  /// Goes on behind a capture of [pos, end).
  bool take(tree_edge const& e, std::size_t pos, std::size_t end, bool floated) {
    auto const found = found_.size();
    found_.push({path_.data() + pos, end - pos});
    if (node(e.node, end, floated)) return true;
    found_.truncate(found);
    return false;
  }

  /// Whether a capture takes all of [pos, end).
  bool exactly(tree_edge const& e, std::size_t pos, std::size_t end) const {
    if (pos == end) return false;
    tree_matcher const& m = tree_.matchers[e.matcher];
    if (m.segment) return e.reach != reach::to_end || slash_after(pos) == end;
    position const* const states = tree_.positions.data() + m.first_position;
    if (m.size == 1) {
      for (auto i = pos; i < end; ++i)
        if (!states->bytes(static_cast<unsigned char>(path_[i]))) return false;
      // a single position that may not follow itself takes one byte
      return states->follow != 0 || end - pos == 1;
    }
    std::uint64_t candidates = m.first, reached = 0;
    for (auto i = pos; i < end; ++i) {
      reached = step(states, candidates, static_cast<unsigned char>(path_[i]));
      if (reached == 0) return false;
      candidates = follow(states, reached);
    }
    return (reached & m.last) != 0;
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
