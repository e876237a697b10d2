// Building the lookup tree: the same constexpr code does it for a table, whose arrays become
// read-only data, and at start for a router.
#pragma once

#include <wend/route/pattern.hpp>
#include <wend/route/tree.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace wend::detail {

/// A pattern to build a tree from.
struct tree_route {
  static constexpr std::uint16_t no_realm = 0xFFFF;

  parsed_pattern const* pattern;
  std::uint16_t method;
  bool may_not_fit = false;  ///< its handler may turn down what its pattern matches
  std::uint16_t realm = 0;   ///< of the trees of its table, the one that it stands in
};

/// The arrays of a tree, while and after it is built.
struct tree_parts {
  static constexpr std::uint32_t no_route = ~std::uint32_t{0};

  std::vector<tree_node> nodes;
  std::vector<tree_slot> slots;
  std::vector<char> text;
  std::vector<tree_edge> edges;
  std::vector<tree_terminal> terminals;
  std::vector<tree_matcher> matchers;
  std::vector<position> positions;
  /// Two routes of one method, the second of which could never be reached; or `no_route`. They have
  /// the same shape, or, if `hidden`, all that the second matches the first one matches before it.
  std::uint32_t conflict_a = no_route, conflict_b = no_route;
  bool hidden = false;

  constexpr tree view() const {
    return {nodes, slots, text, edges, terminals, matchers, positions};
  }
};

/// Builds the tree of all routes of a realm. Complexity: O(n log n) compares of patterns.
constexpr tree_parts build_tree(std::span<tree_route const> routes, std::uint16_t realm = 0);

// ------------------------------------------------------------------------------------------------

template <class T>
constexpr std::uint32_t size_of(std::vector<T> const& v) {
  return static_cast<std::uint32_t>(v.size());
}

/// The end of those from `low` to `high` that are so, which come first: few of them, or very many.
template <class Predicate>
constexpr std::uint32_t end_of_those(std::uint32_t low, std::uint32_t high, Predicate so) {
  std::uint32_t step = 1;
  for (; high - low >= step && so(low + step - 1); step *= 2)
    low += step;
  high = std::min(low + step - 1, high);
  while (low < high) {
    auto const middle = low + (high - low) / 2;
    if (so(middle))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

class route_tree_builder {
 public:
  constexpr route_tree_builder(std::span<tree_route const> routes, std::uint16_t realm)
      : routes_(routes), realm_(realm) {}

  constexpr tree_parts run() {
    collect_matchers();
    for (std::uint32_t r = 0; r < routes_.size(); ++r)
      if (routes_[r].realm == realm_) collect_shapes(r);
    sort(0, static_cast<std::uint32_t>(shapes_.size()), 0);
    find_conflict();
    grow();
    return std::move(out_);
  }

 private:
  /// One alternative of one route: a slice of `symbols_`.
  struct shape {
    std::uint32_t begin, size;
    tree_terminal end;
  };
  /// A range of sorted shapes that share their first `depth` symbols and go through one node.
  struct branch {
    std::uint32_t node, low, high, depth;
  };

  /// A range of shapes, out of one branch, that share what leads to a child.
  struct child {
    tree_slot slot;
    std::uint32_t low, high;
  };

  constexpr symbol at(shape const& s, std::uint32_t i) const { return symbols_[s.begin + i]; }

  /// The symbol of a shape at a depth, or what comes before all of them where it ends. A slash
  /// comes before all others: so equal segments are neighbours.
  constexpr std::uint32_t key(shape const& s, std::uint32_t depth) const {
    if (depth == s.size) return 0;
    auto const c = symbols_[s.begin + depth];
    return c == '/' ? 1 : c + 2u;
  }

  constexpr bool captures_at(shape const& s, std::uint32_t depth) const {
    return depth < s.size && at(s, depth) >= capture_symbol;
  }

  /// Sorts shapes that share their first `depth` symbols. Three-way quicksort, symbol by symbol:
  /// what a hundred shapes have in common, as those of a group have their prefix, is looked at once
  /// for each shape and not in each comparison, which the compiler would have to count.
  constexpr void sort(std::uint32_t low, std::uint32_t high, std::uint32_t depth) {
    while (high - low > 1) {
      auto const pivot = key(shapes_[low + (high - low) / 2], depth);
      auto less = low, more = high;
      for (auto i = low; i < more;) {
        auto const k = key(shapes_[i], depth);
        if (k == pivot)
          ++i;
        else if (k > pivot)
          std::swap(shapes_[i], shapes_[--more]);
        else if (i == less)
          ++i, ++less;
        else
          std::swap(shapes_[i++], shapes_[less++]);
      }
      sort(low, less, depth);
      sort(more, high, depth);
      low = less;
      high = more;
      if (pivot == 0) return sort_equal(low, high);
      ++depth;
    }
  }

  /// Sorts shapes that have the same symbols.
  constexpr void sort_equal(std::uint32_t low, std::uint32_t high) {
    std::sort(shapes_.begin() + low, shapes_.begin() + high, [](shape const& a, shape const& b) {
      if (a.end.method != b.end.method) return a.end.method < b.end.method;
      if (a.end.route != b.end.route) return a.end.route < b.end.route;
      return a.begin < b.begin;  // of one route, the alternative with more parts first
    });
  }

  constexpr bool same_shape(shape const& a, shape const& b) const {
    if (a.size != b.size) return false;
    for (auto i = a.size; i > 0; --i)  // they are neighbours: what differs is rather at the end
      if (at(a, i - 1) != at(b, i - 1)) return false;
    return true;
  }

  /// One matcher for each kind of capture in use, in order of precedence.
  constexpr void collect_matchers() {
    for (auto const& r : routes_)
      for (std::size_t i = 0; r.realm == realm_ && i < r.pattern->capture_count; ++i) {
        auto const& c = r.pattern->capture[i];
        std::size_t at = 0;
        while (at < kinds_.size() && precedes(kinds_[at], c))
          ++at;
        if (at == kinds_.size() || precedes(c, kinds_[at]))
          kinds_.insert(kinds_.begin() + static_cast<std::ptrdiff_t>(at), c);
      }
    for (auto const& k : kinds_) {
      tree_matcher m;
      m.first_position = static_cast<std::uint32_t>(out_.positions.size());
      m.segment = k.type == capture_type::segment;
      if (k.type != capture_type::rest) {
        auto const& compiled = compiled_.emplace_back(parse_regex(k.regex));
        m.first = compiled.first;
        m.last = compiled.last;
        m.size = static_cast<std::uint8_t>(compiled.size);
        for (std::size_t i = 0; i < compiled.size; ++i)
          out_.positions.push_back(compiled.positions[i]);
      }
      out_.matchers.push_back(m);
    }
  }

  static constexpr bool precedes(capture_spec const& a, capture_spec const& b) {
    return a.type != b.type ? a.type < b.type : a.regex < b.regex;
  }

  constexpr void collect_shapes(std::uint32_t route) {
    auto const& p = *routes_[route].pattern;
    std::array<symbol, captures::max> kind{};
    for (std::size_t i = 0; i < p.capture_count; ++i) {
      std::size_t at = 0;
      while (precedes(kinds_[at], p.capture[i]))
        ++at;
      kind[i] = static_cast<symbol>(capture_symbol + at);
    }
    for_each_alternative(p, [&](auto const& symbols, std::size_t size, std::uint16_t present) {
      shapes_.push_back({static_cast<std::uint32_t>(symbols_.size()),
                         static_cast<std::uint32_t>(size),
                         {route, routes_[route].method, present}});
      for (std::size_t i = 0; i < size; ++i)
        symbols_.push_back(symbols[i] < capture_symbol ? symbols[i]
                                                       : kind[symbols[i] - capture_symbol]);
    });
  }

  constexpr void find_conflict() {
    for (std::size_t i = 1; i < shapes_.size(); ++i) {
      auto const &a = shapes_[i - 1], &b = shapes_[i];
      if (a.end.method != b.end.method || a.end.route == b.end.route || !same_shape(a, b)) continue;
      out_.conflict_a = a.end.route;
      out_.conflict_b = b.end.route;
      return;
    }
  }

  /// A capture that is tried first and takes all that a later one takes hides the routes of the
  /// later one that go on in the same way. Only a regex can be both tried first and wider, but for
  /// uint, which is digits.
  constexpr void find_hidden(std::uint32_t low, std::uint32_t high, std::uint32_t depth) {
    for (auto i = low; i < high; ++i) {
      auto const& a = kinds_[at(shapes_[i], depth) - capture_symbol];
      if (a.type != capture_type::regex && a.type != capture_type::uint) continue;
      for (auto j = i + 1; j < high; ++j)
        if (hides(shapes_[i], shapes_[j], depth)) {
          out_.conflict_a = shapes_[i].end.route;
          out_.conflict_b = shapes_[j].end.route;
          out_.hidden = true;
          return;
        }
    }
  }

  constexpr bool hides(shape const& a, shape const& b, std::uint32_t depth) const {
    if (a.end.method != b.end.method || a.size != b.size || a.end.route == b.end.route ||
        routes_[a.end.route].may_not_fit || at(a, depth) == at(b, depth))
      return false;
    if (routes_[b.end.route].pattern->optional_count > 0) return false;  // it has other paths
    for (auto i = depth + 1; i < a.size; ++i)
      if (at(a, i) != at(b, i)) return false;
    auto const& inner = kinds_[at(b, depth) - capture_symbol];
    return inner.type != capture_type::rest && includes(compiled_[at(a, depth) - capture_symbol],
                                                        compiled_[at(b, depth) - capture_symbol]);
  }

  /// Makes the nodes, level by level.
  constexpr void grow() {
    std::vector<branch> todo;
    new_node(false);
    todo.push_back({0, 0, size_of(shapes_), 0});
    for (std::size_t i = 0; i < todo.size(); ++i)
      grow_one(branch(todo[i]), todo);
  }

  constexpr std::uint32_t new_node(bool unsure) {
    out_.nodes.push_back({});
    out_.nodes.back().unsure = unsure;
    return size_of(out_.nodes) - 1;
  }

  constexpr void grow_one(branch b, std::vector<branch>& todo) {
    auto node = out_.nodes[b.node];
    if (node.unsure && b.low < b.high) take_text(node, b);
    take_terminals(node, b);
    // a slash comes first: if the last shape has one, all have
    node.slash = b.low == b.high || at(shapes_[b.high - 1], b.depth) == '/';
    if (node.slash) ++b.depth;
    auto const middle = end_of_those(
        b.low, b.high, [&](std::uint32_t i) { return !captures_at(shapes_[i], b.depth); });
    find_hidden(middle, b.high, b.depth);
    grow_children(node, {b.node, b.low, middle, b.depth}, todo);
    grow_edges(node, {b.node, middle, b.high, b.depth}, todo);
    out_.nodes[b.node] = node;
  }

  /// Takes the shapes that end here off a branch.
  constexpr void take_terminals(tree_node& node, branch& b) {
    node.first_terminal = size_of(out_.terminals);
    for (; b.low < b.high && shapes_[b.low].size == b.depth; ++b.low) {
      auto const& end = shapes_[b.low].end;
      if (node.terminals > 0 && out_.terminals.back().route == end.route)
        continue;  // two alternatives of one route that are the same
      out_.terminals.push_back(end);
      ++node.terminals;
    }
  }

  /// Gives a node the bytes that all shapes of its branch go on with.
  constexpr void take_text(tree_node& node, branch& b) {
    node.text = size_of(out_.text);
    // The first and the last shape of a sorted range share what all of it shares.
    auto const &first = shapes_[b.low], &last = shapes_[b.high - 1];
    while (b.depth < first.size && b.depth < last.size && at(first, b.depth) < capture_symbol &&
           at(first, b.depth) == at(last, b.depth))
      out_.text.push_back(static_cast<char>(at(first, b.depth++)));
    node.text_size = static_cast<std::uint8_t>(size_of(out_.text) - node.text);
    for (std::uint32_t i = 0; i < node.text_size && i < 8; ++i) {
      node.word |= std::uint64_t{static_cast<unsigned char>(out_.text[node.text + i])} << 8 * i;
      node.mask |= std::uint64_t{0xff} << 8 * i;
    }
  }

  static constexpr std::uint32_t mixed = 9;

  /// The key of a shape at a depth: a byte or a segment. Its size is `mixed` if a capture is in it.
  constexpr tree_slot key_of(shape const& s, std::uint32_t depth, bool segment) const {
    std::uint64_t key = 0;
    for (std::uint32_t size = 0; size < 8; ++size) {
      auto const c = depth + size < s.size ? symbols_[s.begin + depth + size] : symbol{'/'};
      if (c >= capture_symbol) return {0, 0, mixed};
      key |= std::uint64_t{c} << 8 * size;
      if (c == '/') return {key, 0, size};
      if (!segment) return {key, 0, 1};
    }
    return {key, 0, 8};
  }

  /// Divides shapes by their keys, into `children`; false if a capture is in one of those.
  constexpr bool divide(branch b, bool segment, std::vector<child>& children) const {
    while (b.low < b.high) {
      auto const slot = key_of(shapes_[b.low], b.depth, segment);
      if (slot.size == mixed) return false;
      auto const high = end_of_those(b.low + 1, b.high, [&](std::uint32_t i) {
        auto const other = key_of(shapes_[i], b.depth, segment);
        return other.key == slot.key && other.size == slot.size;
      });
      children.push_back({slot, b.low, high});
      b.low = high;
    }
    return true;
  }

  /// Makes the nodes of shapes that do not go on with a capture.
  constexpr void grow_children(tree_node& node, branch b, std::vector<branch>& todo) {
    if (b.low == b.high) return;
    std::vector<child> children;
    // one segment alone is rather a byte, and text with all that comes behind it
    bool const segment = node.slash && divide(b, true, children) && children.size() > 1;
    if (!segment) {
      children.clear();
      divide(b, false, children);
    }
    for (auto& c : children) {
      c.slot.node = new_node(c.slot.size == (segment ? 8 : 1));
      todo.push_back({c.slot.node, c.low, c.high, b.depth + c.slot.size});
    }
    node.lead = segment ? ~std::uint64_t{0} : 0xff;
    fill_slots(node, children);
  }

  /// Makes the hash table of the children of a node.
  constexpr void fill_slots(tree_node& node, std::vector<child> const& children) {
    node.first_slot = size_of(out_.slots);
    node.slot_mask = std::bit_ceil(2 * size_of(children)) - 1;
    for (std::uint32_t i = 0; i <= node.slot_mask; ++i)
      out_.slots.push_back({});  // Clang refuses resize in a constant expression
    for (auto const& c : children) {
      auto slot = node.first_slot + slot_of(c.slot.key, node.slot_mask);
      while (slot < out_.slots.size() && out_.slots[slot].node != 0)
        ++slot;
      if (slot == out_.slots.size()) out_.slots.push_back({});
      out_.slots[slot] = c.slot;
    }
    out_.slots.push_back({});
  }

  /// Makes the nodes of shapes that go on with a capture.
  constexpr void grow_edges(tree_node& node, branch b, std::vector<branch>& todo) {
    node.first_edge = size_of(out_.edges);
    while (b.low < b.high) {
      auto const s = at(shapes_[b.low], b.depth);
      auto high = b.low + 1;
      while (high < b.high && at(shapes_[high], b.depth) == s)
        ++high;
      auto const matcher = static_cast<std::uint16_t>(s - capture_symbol);
      auto const reach = reach_of(matcher, b.low, high, b.depth + 1);
      auto const to = new_node(reach == reach::floating);
      out_.edges.push_back({to, matcher, reach, out_.matchers[matcher].segment});
      todo.push_back({to, b.low, high, b.depth + 1});
      b.low = high;
    }
    node.edges = size_of(out_.edges) - node.first_edge;
    if (node.edges != 1) return;
    auto const& only = out_.edges.back();
    if (only.reach != reach::to_slash && (only.reach != reach::to_end || crosses(only.matcher)))
      return;
    (only.segment ? node.segment : node.typed) = only.node;
    node.matcher = only.matcher;
  }

  /// Whether a capture may take a slash.
  constexpr bool crosses(std::uint16_t matcher) const {
    auto const& m = out_.matchers[matcher];
    for (std::size_t i = 0; i < m.size; ++i)
      if (out_.positions[m.first_position + i].bytes('/')) return true;
    return false;
  }

  /// How far a capture may go, given all that comes after it at `depth`.
  constexpr reach reach_of(std::uint16_t matcher,
                           std::uint32_t low,
                           std::uint32_t high,
                           std::uint32_t depth) const {
    if (out_.matchers[matcher].size == 0) return reach::everything;
    bool end = true, slash = true;
    for (auto i = low; i < high; ++i) {
      auto const& s = shapes_[i];
      end = end && s.size == depth;
      slash = slash && (s.size == depth || at(s, depth) == '/');
    }
    if (end) return reach::to_end;
    return slash && !crosses(matcher) ? reach::to_slash : reach::floating;
  }

  std::span<tree_route const> routes_;
  std::uint16_t realm_;
  std::vector<capture_spec> kinds_;
  std::vector<automaton> compiled_;  // of the kinds; the rest, which has none, is the last of them
  std::vector<symbol> symbols_;
  std::vector<shape> shapes_;
  tree_parts out_;
};

constexpr tree_parts build_tree(std::span<tree_route const> routes, std::uint16_t realm) {
  return route_tree_builder(routes, realm).run();
}

/// A tree with its arrays inside: what a table keeps as read-only data.
template <std::size_t Nodes,
          std::size_t Slots,
          std::size_t Text,
          std::size_t Edges,
          std::size_t Terminals,
          std::size_t Matchers,
          std::size_t Positions>
struct tree_storage {
  std::array<tree_node, Nodes> nodes{};
  std::array<tree_slot, Slots> slots{};
  std::array<char, Text> text{};
  std::array<tree_edge, Edges> edges{};
  std::array<tree_terminal, Terminals> terminals{};
  std::array<tree_matcher, Matchers> matchers{};
  std::array<position, Positions> positions{};

  constexpr explicit tree_storage(tree_parts const& p) {
    std::copy(p.nodes.begin(), p.nodes.end(), nodes.begin());
    std::copy(p.slots.begin(), p.slots.end(), slots.begin());
    std::copy(p.text.begin(), p.text.end(), text.begin());
    std::copy(p.edges.begin(), p.edges.end(), edges.begin());
    std::copy(p.terminals.begin(), p.terminals.end(), terminals.begin());
    std::copy(p.matchers.begin(), p.matchers.end(), matchers.begin());
    std::copy(p.positions.begin(), p.positions.end(), positions.begin());
  }
  constexpr tree view() const {
    return {nodes, slots, text, edges, terminals, matchers, positions};
  }
};

/// The tree of a realm of `Source::routes`, built by the compiler.
template <class Source, std::uint16_t Realm = 0>
class static_tree {
  static constexpr auto sizes = [] {
    auto const p = build_tree(Source::routes, Realm);
    return std::array<std::size_t, 10>{p.nodes.size(),
                                       p.slots.size(),
                                       p.text.size(),
                                       p.edges.size(),
                                       p.terminals.size(),
                                       p.matchers.size(),
                                       p.positions.size(),
                                       p.conflict_a,
                                       p.conflict_b,
                                       p.hidden};
  }();
  using storage =
      tree_storage<sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6]>;
  static constexpr storage parts{build_tree(Source::routes, Realm)};

 public:
  static constexpr std::size_t conflict_a = sizes[7], conflict_b = sizes[8];
  static constexpr bool hidden = sizes[9] != 0;
  static constexpr tree view = parts.view();
};

}  // namespace wend::detail
