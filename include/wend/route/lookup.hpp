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
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace wend::detail {

/// The captures found on the way to a terminal, in the order of the path.
class found_captures {
 public:
  found_captures() = default;
  found_captures(found_captures const&) = delete;
  found_captures& operator=(found_captures const&) = delete;

  std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - at_.data()); }
  std::string_view operator[](std::size_t i) const noexcept { return {at_[i].first, at_[i].size}; }
  void push(char const* first, char const* last) noexcept {
    *end_++ = {first, static_cast<std::size_t>(last - first)};
  }
  void truncate(std::size_t n) noexcept { end_ = at_.data() + n; }

 private:
  struct piece {
    char const* first;
    std::size_t size;
  };
  std::array<piece, captures::max> at_;  // blank from the end on: nobody looks there
  piece* end_ = at_.data();
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
        end_(path.data() + path.size()),
        accept_(accept),
        begin_(path.data()),
        tail_(last_word(path)) {}

  /// Everything below a node, with the path used up to `at`. Calls `node`, which is the same out of
  /// line, only where there is another way to come back to. `Floated`: a capture before it could
  /// have ended elsewhere.
  template <bool Floated>
  [[gnu::always_inline]] bool below(std::uint32_t index, char const* at) {
    auto const* const nodes = tree_.nodes.data();
    auto const* const end = end_;
    while (true) {
      tree_node const& n = nodes[index];
      if (n.unsure) {
        if (!has_text(n, at)) return false;
        at += n.text_size;
      }
      if (at == end) return (n.terminals > 0 && accept(n)) || (!n.slash && edges<Floated>(n, at));
      at += n.slash;
      auto const word = segment_at(at);
      auto const bits = slashes(word);
      if (n.slot_mask != 0) {
        auto const key = word & n.lead & (bits ^ (bits - 1));  // with the first slash
        tree_slot const* slot = tree_.slots.data() + n.first_slot + slot_of(key, n.slot_mask);
        while (slot->key != key && slot->node != 0)
          ++slot;
        if (slot->node != 0) {
          auto const* const behind = at + slot->size;
          if (n.edges == 0) {
            index = slot->node;
            at = behind;
            continue;
          }
          auto const found = found_.size();
          if (node<Floated>(slot->node, behind)) return true;
          found_.truncate(found);
        }
      }
      char const* last = nullptr;
      if (index = n.segment; !Floated && index != 0) [[likely]] {
        last = bits != 0 ? at + static_cast<unsigned>(std::countr_zero(bits)) / 8
                         : slash_after(at + 8);
        if (at == last) return false;
      } else {
        if (index = n.typed; Floated || index == 0) return edges<Floated>(n, at);
        if (last = end_of_typed(n.matcher, at); last == nullptr) return false;
      }
      found_.push(at, last);
      at = last;
    }
  }

  template <bool Floated>
  [[gnu::noinline]] bool node(std::uint32_t index, char const* at) {
    return below<Floated>(index, at);
  }

 private:
  /// What has failed behind captures that come after a floating one, which are tried from many
  /// starts: for each of them, and each byte of the path, a bit for each position of its regex that
  /// was reached there in vain. So no capture reads a byte twice in the same position.
  class failures {
   public:
    /// The words of a capture, one for each byte, blank at first; none while it is too early to
    /// keep a record.
    std::span<std::uint64_t> of(tree_edge const& e, tree const& t, std::size_t path_size) {
      if (tries_ < 16 && ++tries_ < 16) return {};
      if (rows_ == nullptr) rows_ = std::make_unique<row[]>(t.edges.size());
      auto& words = rows_[static_cast<std::size_t>(&e - t.edges.data())];
      if (words.empty()) words.resize(path_size);
      return words;
    }

   private:
    using row = std::vector<std::uint64_t>;
    unsigned tries_ = 0;
    std::unique_ptr<row[]> rows_;
  };

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

  /// The last eight bytes of a path, the last one highest.
  static std::uint64_t last_word(std::string_view path) noexcept {
    if (path.size() >= 8) return word_at(path.data() + path.size() - 8);
    std::uint64_t out = 0;
    for (char c : path)
      out = out >> 8 | std::uint64_t{static_cast<unsigned char>(c)} << 56;
    return out;
  }

  /// The next eight bytes, zero from the end on.
  std::uint64_t bytes_at(char const* at) const noexcept {
    auto const left = static_cast<std::size_t>(end_ - at);
    return left >= 8 ? word_at(at) : tail_ >> 1 >> (63 - 8 * left);
  }

  /// The next eight bytes; a slash stands for the end.
  std::uint64_t segment_at(char const* at) const noexcept {
    auto const left = static_cast<std::size_t>(end_ - at);
    if (left >= 8) [[likely]]
      return word_at(at);
    return tail_ >> 1 >> (63 - 8 * left) | std::uint64_t{'/'} << 8 * left;
  }

  bool accept(tree_node const& n) {
    return accept_(std::span(tree_.terminals.data() + n.first_terminal, n.terminals), found_);
  }

  /// Whether the text of a node comes next, and then its slash or the end.
  bool has_text(tree_node const& n, char const* at) const noexcept {
    auto const left = static_cast<std::size_t>(end_ - at);
    if (left < n.text_size || ((bytes_at(at) ^ n.word) & n.mask) != 0) return false;
    if (n.text_size > 8 && !has_rest(n, at)) return false;
    return !n.slash || left == n.text_size || at[n.text_size] == '/';
  }

  /// The same from the ninth byte on.
  bool has_rest(tree_node const& n, char const* at) const noexcept {
    char const* const text = tree_.text.data() + n.text;
    for (std::size_t i = 8; i < n.text_size; ++i)
      if (at[i] != text[i]) return false;
    return true;
  }

  /// All captures of a node.
  template <bool Floated>
  bool edges(tree_node const& n, char const* at) {
    for (auto e = n.first_edge; e != n.first_edge + n.edges; ++e)
      if (edge<Floated>(tree_.edges[e], at)) return true;
    return false;
  }

  /// Where the next slash is, or the end.
  char const* slash_after(char const* at) const noexcept {
    for (; at != end_; at += 8) {
      if (auto const bits = slashes(segment_at(at))) return at + std::countr_zero(bits) / 8;
    }
    return at;
  }

  /// Where a capture that starts at `at` ends at the latest.
  char const* end_of(tree_edge const& e, char const* at) const noexcept {
    return e.segment || e.reach == reach::to_slash ? slash_after(at) : end_;
  }

  template <bool Floated>
  bool edge(tree_edge const& e, char const* at) {
    if (e.reach == reach::everything) return take<Floated>(e, at, end_);
    if (Floated || e.reach == reach::floating)
      return search<Floated>(e, at, e.reach == reach::to_slash ? slash_after(at) : end_);
    auto const* const end = end_of(e, at);
    if (at == end || (!e.segment && !exactly(e.matcher, at, end))) return false;
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

  /// Where a capture that takes all up to the next slash ends; null if it does not.
  [[gnu::noinline]] char const* end_of_typed(std::uint16_t matcher, char const* at) const {
    auto const* const end = slash_after(at);
    return at != end && exactly(matcher, at, end) ? end : nullptr;
  }

  /// Whether a capture that is no segment takes all of [at, end).
  bool exactly(std::uint16_t matcher, char const* at, char const* end) const {
    tree_matcher const& m = tree_.matchers[matcher];
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
  bool search(tree_edge const& e, char const* at, char const* end) {
    tree_matcher const& m = tree_.matchers[e.matcher];
    position const* const states = tree_.positions.data() + m.first_position;
    bool const floats = e.reach == reach::floating;
    std::span<std::uint64_t> failed;
    if (Floated) failed = failures_.of(e, tree_, static_cast<std::size_t>(end_ - begin_));
    auto const before = turned_down();
    std::uint64_t candidates = m.first;
    for (auto const* p = at; p != end; ++p) {
      auto reached = step(states, candidates, static_cast<unsigned char>(*p));
      if (!failed.empty()) {
        auto& known = failed[static_cast<std::size_t>(p - begin_)];
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
  char const* end_;  // of the path
  Accept& accept_;
  found_captures found_;
  char const* begin_;
  std::uint64_t tail_;
  failures failures_;
};

template <class Accept>
[[gnu::always_inline]] inline bool lookup(tree const& t, std::string_view path, Accept&& accept) {
  return path.starts_with('/') && tree_walk<std::remove_reference_t<Accept>>(t, path, accept)
                                      .template below<false>(0, path.data());
}

}  // namespace wend::detail
