// The small regular expressions of captures, matched in linear time.
//
//     regex  = branch *( "|" branch )
//     branch = *( atom [ repeat ] )
//     atom   = "." / class / escape / "(" [ "?:" ] regex ")" / literal
//     class  = "[" [ "^" ] 1*( item [ "-" item ] ) "]"
//     escape = "\" ( "d" / "D" / "w" / "W" / "s" / "S" / punctuation )
//     repeat = "*" / "+" / "?" / "{" m "}" / "{" m ",}" / "{" m "," n "}"
//
// An expression becomes a Glushkov automaton: one state for each byte that it can take, a set of
// states in one 64-bit word. There is no backtracking and nothing to compile at run time. Matching
// is by bytes and always anchored. What this grammar lacks is refused by name, not half understood.
#pragma once

#include <wend/http/ascii.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wend::detail {

/// A set of bytes that can be built in a constant expression and stored in a table.
struct byte_class {
  std::array<std::uint64_t, 4> words{};

  constexpr bool operator()(unsigned char c) const noexcept {
    return (words[c >> 6] >> (c & 63)) & 1;
  }
  constexpr void add(unsigned char first, unsigned char last) noexcept {
    for (unsigned c = first; c <= last; ++c)
      words[c >> 6] |= std::uint64_t{1} << (c & 63);
  }
  constexpr void add(byte_class const& other) noexcept {
    for (std::size_t i = 0; i < 4; ++i)
      words[i] |= other.words[i];
  }
  constexpr byte_class inverted() const noexcept {
    byte_class out;
    for (std::size_t i = 0; i < 4; ++i)
      out.words[i] = ~words[i];
    return out;
  }
  constexpr void keep(byte_class const& other) noexcept {
    for (std::size_t i = 0; i < 4; ++i)
      words[i] &= other.words[i];
  }
  constexpr bool empty() const noexcept { return (words[0] | words[1] | words[2] | words[3]) == 0; }
  /// The first byte of the set; 0 when it is empty.
  constexpr unsigned char lowest() const noexcept {
    std::size_t i = 0;
    while (i < 3 && words[i] == 0)
      ++i;
    return static_cast<unsigned char>(i * 64 +
                                      static_cast<std::size_t>(std::countr_zero(words[i])));
  }
};

/// A state: the bytes that lead into it and the states that may come after it.
struct position {
  byte_class bytes;
  std::uint64_t follow = 0;
};

/// Why an expression was refused. The sentences stand in pattern.hpp, with those of patterns.
enum class regex_fault : std::uint8_t {
  none,
  too_large,
  unbalanced,
  nothing_to_repeat,
  bad_repeat,
  lazy,
  anchor,
  look_around,
  bad_escape,
  bad_class,
};

/// An automaton over at most 64 positions.
struct automaton {
  static constexpr std::size_t max_positions = 64;

  std::array<position, max_positions> positions{};
  std::size_t size = 0;
  std::uint64_t first = 0;  ///< states after the first byte, if they take it
  std::uint64_t last = 0;   ///< states in which the text may end
  regex_fault fault = regex_fault::none;
  std::size_t offset = 0;  ///< of the fault in the expression, in bytes
};

/// The automaton for an expression. Complexity: linear in the expanded expression.
constexpr automaton parse_regex(std::string_view text);

/// The states reached from `states` by `c`; none when the automaton dies.
constexpr std::uint64_t step(position const* positions, std::uint64_t states, unsigned char c) {
  std::uint64_t next = 0;
  for (; states != 0; states &= states - 1) {
    auto const i = static_cast<std::size_t>(std::countr_zero(states));
    if (positions[i].bytes(c)) next |= std::uint64_t{1} << i;
  }
  return next;
}

/// The states that may come after any of `states`.
constexpr std::uint64_t follow(position const* positions, std::uint64_t states) {
  std::uint64_t next = 0;
  for (; states != 0; states &= states - 1)
    next |= positions[static_cast<std::size_t>(std::countr_zero(states))].follow;
  return next;
}

// ------------------------------------------------------------------------------------------------

class regex_parser {
 public:
  constexpr explicit regex_parser(std::string_view text) : text_(text) {}

  constexpr automaton run() {
    auto const all = alternatives();
    if (at_ < text_.size()) fail(regex_fault::unbalanced);  // a ")" too many
    out_.first = all.first;
    out_.last = all.last;
    return out_;
  }

 private:
  /// Part of the expression: where it can begin and end, and whether it can be empty.
  struct fragment {
    std::uint64_t first = 0, last = 0;
    bool nullable = true;
  };

  constexpr bool failed() const { return out_.fault != regex_fault::none; }
  constexpr bool more() const { return !failed() && at_ < text_.size(); }
  constexpr char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  constexpr void fail(regex_fault why) {
    if (failed()) return;
    out_.fault = why;
    out_.offset = at_;
  }

  constexpr void link(std::uint64_t from, std::uint64_t to) {
    for (; from != 0; from &= from - 1)
      out_.positions[static_cast<std::size_t>(std::countr_zero(from))].follow |= to;
  }

  constexpr fragment concat(fragment const& a, fragment const& b) {
    link(a.last, b.first);
    return {a.first | (a.nullable ? b.first : 0),
            b.last | (b.nullable ? a.last : 0),
            a.nullable && b.nullable};
  }

  constexpr fragment single(byte_class const& bytes) {
    if (out_.size == automaton::max_positions) {
      fail(regex_fault::too_large);
      return {};
    }
    auto const bit = std::uint64_t{1} << out_.size;
    out_.positions[out_.size++].bytes = bytes;
    return {bit, bit, false};
  }

  constexpr fragment alternatives() {
    fragment all = branch();
    while (more() && peek() == '|') {
      ++at_;
      auto const other = branch();
      all = {all.first | other.first, all.last | other.last, all.nullable || other.nullable};
    }
    return all;
  }

  constexpr fragment branch() {
    fragment all;
    while (more() && peek() != '|' && peek() != ')')
      all = concat(all, repeated());
    return all;
  }

  /// An atom with its repeat. A counted one is parsed once more for each copy that it stands for.
  constexpr fragment repeated() {
    auto const begin = at_;
    fragment all = atom();
    auto const end = at_;
    if (!more()) return all;
    char const c = peek();
    if (c == '*' || c == '+' || c == '?') {
      ++at_;
      if (c != '?') link(all.last, all.first);
      if (c != '+') all.nullable = true;
    } else if (c == '{') {
      all = counted(all, begin, end);
    }
    if (more() && (peek() == '?' || peek() == '+')) fail(regex_fault::lazy);
    if (more() && (peek() == '*' || peek() == '{')) fail(regex_fault::nothing_to_repeat);
    return all;
  }

  constexpr fragment counted(fragment one, std::size_t begin, std::size_t end) {
    ++at_;  // the "{"
    std::size_t const least = number();
    std::size_t most = least;
    bool unbounded = false;
    if (peek() == ',') {
      ++at_;
      unbounded = peek() == '}';
      most = unbounded ? least : number();
    }
    if (peek() != '}' || most < least || (most == 0 && !unbounded)) fail(regex_fault::bad_repeat);
    auto const after = at_ + 1;
    fragment all;
    std::size_t const copies = most > 0 ? most : 1;
    for (std::size_t i = 0; i < copies && !failed(); ++i) {
      if (i > 0) {
        at_ = begin;
        one = atom();
        at_ = end;
      }
      if (i >= least) one.nullable = true;
      all = concat(all, one);
    }
    if (unbounded) link(one.last, one.first);
    if (!failed()) at_ = after;
    return all;
  }

  constexpr std::size_t number() {
    if (!digit(peek())) fail(regex_fault::bad_repeat);
    std::size_t value = 0;
    while (more() && digit(peek()) && value < 1000)
      value = value * 10 + static_cast<std::size_t>(text_[at_++] - '0');
    return value;
  }

  constexpr fragment atom() {
    char const c = peek();
    switch (c) {
      case '(': return group();
      case '[': return single(bracket());
      case '\\': return single(escape(false));
      case '.': {
        ++at_;
        byte_class any;
        any.add(0, 255);
        return single(any);
      }
      case '^':
      case '$': fail(regex_fault::anchor); return {};
      case '*':
      case '+':
      case '?':
      case '{': fail(regex_fault::nothing_to_repeat); return {};
      case '}':
      case ']': fail(regex_fault::unbalanced); return {};
      default: return single(one(text_[at_++]));
    }
  }

  constexpr fragment group() {
    ++at_;
    if (peek() == '?') {
      if (text_.substr(at_, 2) != "?:") fail(regex_fault::look_around);
      at_ += 2;
    }
    auto const inner = alternatives();
    if (peek() != ')') fail(regex_fault::unbalanced);
    if (!failed()) ++at_;
    return inner;
  }

  static constexpr byte_class one(char c) {
    byte_class out;
    out.add(static_cast<unsigned char>(c), static_cast<unsigned char>(c));
    return out;
  }

  /// What follows a backslash: a class of its own, or the punctuation mark itself.
  constexpr byte_class escape(bool in_class) {
    ++at_;
    char const c = peek();
    byte_class out;
    switch (to_lower(c)) {
      case 'd': out.add('0', '9'); break;
      case 'w':
        out.add('0', '9');
        out.add('A', 'Z');
        out.add('a', 'z');
        out.add('_', '_');
        break;
      case 's':
        out.add('\t', '\r');
        out.add(' ', ' ');
        break;
      default:
        if (at_ >= text_.size() || alphanumeric(c) || static_cast<unsigned char>(c) < ' ') {
          fail(in_class ? regex_fault::bad_class : regex_fault::bad_escape);
          return out;
        }
        out = one(c);
    }
    if (c == 'D' || c == 'W' || c == 'S') out = out.inverted();
    ++at_;
    return out;
  }

  constexpr byte_class bracket() {
    ++at_;  // the "["
    bool const negated = peek() == '^';
    if (negated) ++at_;
    byte_class out;
    if (peek() == ']') fail(regex_fault::bad_class);  // "[]" and "[^]" mean two things
    while (more() && peek() != ']') {
      char const low = peek();
      if (static_cast<unsigned char>(low) >= 0x80 || low == '[') fail(regex_fault::bad_class);
      bool const shorthand =
          low == '\\' && alphanumeric(text_.substr(at_ + 1, 1).empty() ? ' ' : text_[at_ + 1]);
      byte_class const item = low == '\\' ? escape(true) : one(text_[at_++]);
      if (peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
        ++at_;
        auto const from = item.lowest();
        char const high = peek();
        if (static_cast<unsigned char>(high) >= 0x80 || high == '[') fail(regex_fault::bad_class);
        if (high == '\\' && alphanumeric(text_.substr(at_ + 1, 1).empty() ? ' ' : text_[at_ + 1]))
          fail(regex_fault::bad_class);  // a shorthand is no end of a range
        byte_class const end = high == '\\' ? escape(true) : one(text_[at_++]);
        auto const to = end.lowest();
        if (shorthand || from > to) fail(regex_fault::bad_class);
        if (!failed()) out.add(from, to);
      } else {
        out.add(item);
      }
    }
    if (peek() != ']') fail(regex_fault::bad_class);
    if (!failed()) ++at_;
    return negated ? out.inverted() : out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  automaton out_;
};

constexpr automaton parse_regex(std::string_view text) {
  return regex_parser(text).run();
}

/// True when `text` is one or more bytes and the automaton takes all of them.
constexpr bool matches(automaton const& a, std::string_view text) {
  std::uint64_t candidates = a.first, states = 0;
  for (char c : text) {
    states = step(a.positions.data(), candidates, static_cast<unsigned char>(c));
    if (states == 0) return false;
    candidates = follow(a.positions.data(), states);
  }
  return (states & a.last) != 0;
}

/// True when it can be shown that `outer` takes every text that `inner` takes; false as well when
/// that would take more than 64 steps to show.
///
/// Each position of `inner` is entered beside the states that `outer` may be in by then. The bytes of
/// the position are cut into regions that lead `outer` to the same states, so that no byte is tried
/// by itself: compilers count steps.
constexpr bool includes(automaton const& outer, automaton const& inner) {
  struct entry {
    std::uint64_t outer;  // states that the next byte may lead to
    std::size_t inner;    // the position that it leads to
  };
  std::array<entry, 64> seen{};
  std::size_t size = 0;
  bool full = false;
  auto const enter = [&](std::uint64_t candidates, std::uint64_t positions) {
    for (; positions != 0; positions &= positions - 1) {
      auto const i = static_cast<std::size_t>(std::countr_zero(positions));
      bool known = false;
      for (std::size_t k = 0; k < size; ++k)
        known = known || (seen[k].outer == candidates && seen[k].inner == i);
      full = full || (!known && size == seen.size());
      if (!known && !full) seen[size++] = {candidates, i};
    }
  };
  enter(outer.first, inner.first);
  for (std::size_t done = 0; done < size; ++done) {
    auto const [candidates, at] = seen[done];
    bool const may_end = ((inner.last >> at) & 1) != 0;
    for (auto rest = inner.positions[at].bytes; !rest.empty();) {
      auto region = rest;
      std::uint64_t reached = 0;
      for (auto states = candidates; states != 0; states &= states - 1) {
        auto const& p = outer.positions[static_cast<std::size_t>(std::countr_zero(states))];
        bool const taken = p.bytes(rest.lowest());
        if (taken) reached |= states & (~states + 1);
        region.keep(taken ? p.bytes : p.bytes.inverted());
      }
      if (reached == 0 || (may_end && (reached & outer.last) == 0)) return false;
      enter(follow(outer.positions.data(), reached), inner.positions[at].follow);
      rest.keep(region.inverted());
    }
  }
  return !full;
}

}  // namespace wend::detail
