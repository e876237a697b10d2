// Route patterns: one constexpr parser, for template arguments and for text from a file.
//
//     pattern  = 1*( "/" *part )
//     part     = literal / capture / optional
//     capture  = "{" name "}"            ; one or more bytes of one segment
//              / "{" name ":" type "}"   ; a named type: int, uuid, slug ...
//              / "{" name ":" regex "}"  ; a small regular expression, see regex.hpp
//              / "{" name "..." "}"      ; the rest of the path, may be empty, only last
//     optional = "[" 1*part "]"          ; nests; "/" may stand inside
//     escape   = "\" any                 ; \{ \[ \\ stand for themselves
//
// A literal may be written decoded or percent-encoded: "/café" and "/caf%C3%A9" are one pattern.
// This file turns text into symbols; which path matches which symbols is the business of tree.hpp.
#pragma once

#include <wend/http/request.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/pattern_fault.hpp>
#include <wend/route/regex.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wend {

/// What a capture accepts. The order is that of precedence between captures at the same place:
/// narrow before wide.
enum class capture_type : std::uint8_t {
  regex,    ///< a regular expression of its own
  uuid,     ///< the 36 characters of RFC 9562
  uint,     ///< decimal digits
  digits,   ///< decimal digits, as text
  int_,     ///< decimal digits, perhaps with a sign
  number,   ///< decimal digits, perhaps with a sign and a fraction
  hex,      ///< hexadecimal digits
  alpha,    ///< ASCII letters
  alnum,    ///< ASCII letters and digits
  word,     ///< ASCII letters, digits, "_"
  slug,     ///< ASCII letters, digits, "_", "-"
  chunk,    ///< anything but "/" and "."
  segment,  ///< anything but "/": the default
  any,      ///< anything, "/" included
  rest,     ///< anything or nothing, to the end
};

namespace detail {

/// A named type: its name in a pattern and the expression that it stands for.
struct named_type {
  std::string_view name;
  capture_type type;
  std::string_view regex;
};

inline constexpr named_type named_types[] = {
    {"int", capture_type::int_, R"([+\-]?\d+)"},
    {"uint", capture_type::uint, R"(\d+)"},
    {"number", capture_type::number, R"([+\-]?\d+(\.\d+)?)"},
    {"hex", capture_type::hex, R"([0-9A-Fa-f]+)"},
    {"alpha", capture_type::alpha, R"([A-Za-z]+)"},
    {"digits", capture_type::digits, R"(\d+)"},
    {"alnum", capture_type::alnum, R"([0-9A-Za-z]+)"},
    {"word", capture_type::word, R"(\w+)"},
    {"slug", capture_type::slug, R"([\w\-]+)"},
    {"uuid",
     capture_type::uuid,
     R"([\dA-Fa-f]{8}-[\dA-Fa-f]{4}-[\dA-Fa-f]{4}-[\dA-Fa-f]{4}-[\dA-Fa-f]{12})"},
    {"chunk", capture_type::chunk, R"([^/.]+)"},
    {"segment", capture_type::segment, R"([^/]+)"},
    {"any", capture_type::any, R"(.+)"},
};

/// The name of a type as a pattern has it: "int".
constexpr std::string_view name_of(capture_type t) {
  for (auto const& n : named_types)
    if (n.type == t) return n.name;
  return t == capture_type::rest ? "..." : "a regular expression";
}

/// The expression that a named type stands for; empty for the others.
constexpr std::string_view regex_of(capture_type t) {
  for (auto const& n : named_types)
    if (n.type == t) return n.regex;
  return {};
}

/// A capture as the pattern describes it. Lifetime: views into the text of the pattern.
struct capture_spec {
  std::string_view name;
  capture_type type = capture_type::segment;
  std::string_view regex;  ///< of its own, or of the named type; empty for the rest
  bool optional = false;   ///< stands inside [ ]
};

/// One step of a pattern: a byte (NUL is an encoded slash), a capture, or a bracket.
using symbol = std::uint16_t;
inline constexpr symbol capture_symbol = 0x100;  ///< plus the index of the capture
inline constexpr symbol open_symbol = 0x200;
inline constexpr symbol close_symbol = 0x201;

/// A parsed pattern; a value, the same at compile time and at run time.
struct parsed_pattern {
  static constexpr std::size_t max_size = 255;
  static constexpr std::size_t max_optionals = 5;

  std::array<symbol, max_size + 1> symbols{};
  std::size_t size = 0;
  std::array<capture_spec, captures::max> capture{};
  std::size_t capture_count = 0;
  std::size_t optional_count = 0;
  pattern_fault fault = pattern_fault::none;
  std::size_t offset = 0;  ///< of the fault in the text, in bytes

  /// The index of the capture of this name, or `capture_count`.
  constexpr std::size_t find(std::string_view name) const {
    std::size_t i = 0;
    while (i < capture_count && capture[i].name != name)
      ++i;
    return i;
  }
};

constexpr parsed_pattern parse_pattern(std::string_view text);

/// A pattern parsed at compile time, sound or not.
template <fixed_string Text>
inline constexpr parsed_pattern parsed_of = parse_pattern(Text.view());

}  // namespace detail

/// A route pattern known at compile time: `pattern<"/users/{id:int}/files/{rest...}">`.
///
/// A malformed pattern does not compile; the error says why.
template <fixed_string Text>
class pattern {
 public:
  static constexpr detail::parsed_pattern const& parsed = detail::parsed_of<Text>;
  static_assert(detail::pattern_is<parsed.fault, Text>::sound);

  static constexpr std::string_view text = Text.view();
  static constexpr std::size_t capture_count = parsed.capture_count;
  static constexpr auto captures = [] {
    std::array<detail::capture_spec, capture_count> out{};
    for (std::size_t i = 0; i < capture_count; ++i)
      out[i] = parsed.capture[i];
    return out;
  }();
};

/// A pattern known at run time; throws `std::invalid_argument` with the sentence that the compiler
/// would print, the pattern, and the byte. Lifetime: views into `text`.
inline detail::parsed_pattern checked_pattern(std::string_view text) {
  auto out = detail::parse_pattern(text);
  if (out.fault != detail::pattern_fault::none)
    throw std::invalid_argument(std::string(detail::sentence(out.fault)) + " (in \"" +
                                std::string(text) + "\" at byte " + std::to_string(out.offset) +
                                ")");
  return out;
}

// ------------------------------------------------------------------------------------------------

namespace detail {

class pattern_parser {
 public:
  constexpr explicit pattern_parser(std::string_view text) : text_(text) {}

  constexpr parsed_pattern run() {
    if (text_.empty() || text_.front() != '/') fail(pattern_fault::no_slash);
    if (text_.size() > parsed_pattern::max_size) fail(pattern_fault::too_long);
    while (!failed() && at_ < text_.size())
      part();
    if (depth_ > 0) fail(pattern_fault::open_optional);
    check_dot_segments();
    return out_;
  }

 private:
  constexpr bool failed() const { return out_.fault != pattern_fault::none; }
  constexpr void fail(pattern_fault why) {
    if (failed()) return;
    out_.fault = why;
    out_.offset = at_;
  }
  constexpr void emit(symbol s) {
    if (rest_ && s != close_symbol) return fail(pattern_fault::rest_not_last);
    out_.symbols[out_.size++] = s;
  }
  constexpr void emit_byte(char c) { emit(static_cast<unsigned char>(c)); }

  constexpr void part() {
    char const c = text_[at_];
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') return fail(pattern_fault::control);
    switch (c) {
      case '{': return capture();
      case '[': return open();
      case ']': return close();
      case '}': return fail(pattern_fault::stray_brace);
      case '?':
      case '#': return fail(pattern_fault::not_a_path);
      case '%': return percent();
      case '\\':
        if (at_ + 1 == text_.size()) return fail(pattern_fault::dangling_escape);
        ++at_;
        break;
      default: break;
    }
    emit_byte(text_[at_++]);
  }

  constexpr void open() {
    if (out_.optional_count == parsed_pattern::max_optionals)
      return fail(pattern_fault::many_optionals);
    emit(open_symbol);
    ++out_.optional_count;
    ++depth_;
    ++at_;
  }

  constexpr void close() {
    if (depth_ == 0) return fail(pattern_fault::stray_bracket);
    if (out_.symbols[out_.size - 1] == open_symbol) return fail(pattern_fault::empty_optional);
    emit(close_symbol);
    --depth_;
    ++at_;
  }

  constexpr void percent() {
    int const high = at_ + 2 < text_.size() ? hex_value(text_[at_ + 1]) : -1;
    int const low = at_ + 2 < text_.size() ? hex_value(text_[at_ + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0) return fail(pattern_fault::bad_percent);
    char const c = static_cast<char>(high * 16 + low);
    emit_byte(c == '/' ? '\0' : c);
    at_ += 3;
  }

  constexpr void capture() {
    auto const end = closing_brace();
    if (end == text_.npos) return fail(pattern_fault::open_capture);
    auto inner = text_.substr(at_ + 1, end - at_ - 1);
    capture_spec spec;
    spec.optional = depth_ > 0;
    auto const name_size = identifier_size(inner);
    spec.name = inner.substr(0, name_size);
    inner.remove_prefix(name_size);
    if (spec.name.empty()) return fail(pattern_fault::bad_name);
    if (out_.find(spec.name) < out_.capture_count) return fail(pattern_fault::same_name);
    if (out_.capture_count == captures::max) return fail(pattern_fault::many_captures);
    if (inner.empty())
      spec.regex = regex_of(capture_type::segment);
    else if (inner == "...")
      spec.type = capture_type::rest;
    else if (inner.front() == ':')
      typed(spec, inner.substr(1));
    else
      return fail(pattern_fault::bad_name);
    emit(static_cast<symbol>(capture_symbol + out_.capture_count));
    rest_ = rest_ || spec.type == capture_type::rest;
    out_.capture[out_.capture_count++] = spec;
    if (!failed()) at_ = end + 1;
  }

  constexpr void typed(capture_spec& spec, std::string_view type) {
    for (auto const& n : named_types) {
      if (n.name != type) continue;
      spec.type = n.type;
      spec.regex = n.regex;
      return;
    }
    if (type.empty()) return fail(pattern_fault::regex_empty);
    if (identifier_size(type) == type.size()) return fail(pattern_fault::unknown_type);
    spec.type = capture_type::regex;
    spec.regex = type;
    auto const compiled = parse_regex(type);
    if (compiled.fault == regex_fault::none) {
      if (compiled.size == 0) fail(pattern_fault::regex_empty);  // "|": it takes no byte at all
      return;
    }
    at_ += static_cast<std::size_t>(type.data() - (text_.data() + at_)) + compiled.offset;
    fail(static_cast<pattern_fault>(static_cast<int>(pattern_fault::regex_too_large) - 1 +
                                    static_cast<int>(compiled.fault)));
  }

  /// The "}" that closes the capture at `at_`: braces balance, and a backslash hides one.
  constexpr std::size_t closing_brace() const {
    int depth = 0;
    for (auto i = at_; i < text_.size(); ++i) {
      if (text_[i] == '\\')
        ++i;
      else if (text_[i] == '{')
        ++depth;
      else if (text_[i] == '}' && --depth == 0)
        return i;
    }
    return text_.npos;
  }

  static constexpr std::size_t identifier_size(std::string_view text) {
    std::size_t n = 0;
    while (n < text.size() &&
           (text[n] == '_' ||
            (n > 0 ? alphanumeric(text[n]) : alphanumeric(text[n]) && !digit(text[n]))))
      ++n;
    return n;
  }

  /// Refuses "/./" and "/../": paths have lost such segments before they are matched.
  constexpr void check_dot_segments() {
    std::size_t dots = 0, others = 1;
    for (std::size_t i = 0; i <= out_.size && !failed(); ++i) {
      symbol const s = i < out_.size ? out_.symbols[i] : symbol{'/'};
      if (s == '/') {
        if (others == 0 && (dots == 1 || dots == 2)) fail(pattern_fault::dot_segment);
        dots = others = 0;
      } else if (s == '.') {
        ++dots;
      } else if (s < open_symbol) {
        ++others;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool rest_ = false;
  parsed_pattern out_;
};

constexpr parsed_pattern parse_pattern(std::string_view text) {
  return pattern_parser(text).run();
}

/// Calls `visit(symbols, size, captures)` for each alternative that the optional parts of a pattern
/// stand for, those with more parts first. `captures` has a bit for each capture that is present.
template <class Visitor>
constexpr void for_each_alternative(parsed_pattern const& p, Visitor&& visit) {
  for (unsigned choices = 1u << p.optional_count; choices > 0; --choices) {
    unsigned const choice = choices - 1;
    std::array<symbol, parsed_pattern::max_size + 1> symbols{};
    std::size_t size = 0, depth = 0, absent = 0,
                group = 0;  // absent: depth at which skipping began
    std::uint16_t present = 0;
    bool repeated = false;
    for (std::size_t i = 0; i < p.size; ++i) {
      symbol const s = p.symbols[i];
      if (s == open_symbol) {
        ++depth;
        bool const chosen = (choice >> (p.optional_count - 1 - group++)) & 1;
        if (absent > 0)
          repeated = repeated || chosen;  // inside a part that is absent anyway
        else if (!chosen)
          absent = depth;
      } else if (s == close_symbol) {
        if (absent == depth) absent = 0;
        --depth;
      } else if (absent == 0) {
        symbols[size++] = s;
        if (s >= capture_symbol) present |= static_cast<std::uint16_t>(1u << (s - capture_symbol));
      }
    }
    if (!repeated) visit(symbols, size, present);
  }
}

}  // namespace detail

}  // namespace wend
