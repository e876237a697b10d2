// Every way in which a pattern can be wrong, and the sentence for it.
//
// A router says it in an exception, a table in a static_assert. C++20 asserts with literals only,
// so each sentence stands twice; tests/compile_fail holds the two together.
#pragma once

#include <cstdint>
#include <string_view>

namespace wend::detail {

enum class pattern_fault : std::uint8_t {
  none,
  no_slash,
  too_long,
  control,
  not_a_path,
  bad_percent,
  dot_segment,
  dangling_escape,
  open_capture,
  stray_brace,
  bad_name,
  same_name,
  many_captures,
  unknown_type,
  rest_not_last,
  open_optional,
  stray_bracket,
  empty_optional,
  many_optionals,
  regex_too_large,
  regex_unbalanced,
  regex_nothing,
  regex_repeat,
  regex_lazy,
  regex_anchor,
  regex_look,
  regex_escape,
  regex_class,
  regex_empty,
};

constexpr std::string_view sentence(pattern_fault f) {
  switch (f) {
    using enum pattern_fault;
    case no_slash: return "wend: a route pattern begins with /";
    case too_long: return "wend: a route pattern has at most 255 bytes";
    case control: return "wend: a route pattern holds a control character";
    case not_a_path:
      return "wend: a route pattern is a path: ? and # never match; escape them as %3F, %23";
    case bad_percent:
      return "wend: % in a route pattern begins an escape of two hex digits; % is %25";
    case dot_segment:
      return "wend: a segment . or .. in a route pattern never matches: paths lose them";
    case dangling_escape: return "wend: a route pattern ends in a lone backslash";
    case open_capture: return "wend: { in a route pattern is never closed; a brace itself is \\{";
    case stray_brace: return "wend: } in a route pattern without {; a brace itself is \\}";
    case bad_name: return "wend: a capture is {name}, {name:type}, {name:regex} or {name...}";
    case same_name: return "wend: two captures of one route pattern have the same name";
    case many_captures: return "wend: a route pattern has at most 16 captures";
    case unknown_type:
      return "wend: no such capture type; a regex that is one word is written (word)";
    case rest_not_last:
      return "wend: {name...} takes the rest of the path, so nothing may follow it";
    case open_optional:
      return "wend: [ in a route pattern is never closed; a bracket itself is \\[";
    case stray_bracket: return "wend: ] in a route pattern without [; a bracket itself is \\]";
    case empty_optional: return "wend: [] in a route pattern is empty";
    case many_optionals: return "wend: a route pattern has at most 5 optional parts";
    case regex_too_large: return "wend: the regex of a capture has more than 64 positions";
    case regex_unbalanced: return "wend: the parentheses in the regex of a capture do not balance";
    case regex_nothing: return "wend: nothing to repeat in the regex of a capture";
    case regex_repeat:
      return "wend: a repeat in the regex of a capture is {m}, {m,} or {m,n}, m <= n";
    case regex_lazy: return "wend: the regex of a capture has no lazy or possessive repeats";
    case regex_anchor:
      return "wend: the regex of a capture is anchored as it is: leave out ^ and $";
    case regex_look:
      return "wend: the regex of a capture has no lookaround, names or flags, only (?:)";
    case regex_escape:
      return "wend: the regex of a capture knows \\d \\w \\s \\D \\W \\S and escaped marks";
    case regex_class:
      return "wend: a [class] in the regex of a capture is empty, open, reversed or not ASCII";
    case regex_empty: return "wend: the regex of a capture is empty";
    case none: break;
  }
  return {};
}

/// Fails to compile with the sentence for `Fault`; the error also shows the text of the pattern.
template <pattern_fault Fault, auto Text>
struct pattern_is {
  using enum pattern_fault;
  template <pattern_fault F>
  static constexpr bool isnt = Fault != F;  // a comparison would be spelt out by Clang 19
  static_assert(isnt<no_slash>, "wend: a route pattern begins with /");
  static_assert(isnt<too_long>, "wend: a route pattern has at most 255 bytes");
  static_assert(isnt<control>, "wend: a route pattern holds a control character");
  static_assert(isnt<not_a_path>,
                "wend: a route pattern is a path: ? and # never match; escape them as %3F, %23");
  static_assert(isnt<bad_percent>,
                "wend: % in a route pattern begins an escape of two hex digits; % is %25");
  static_assert(isnt<dot_segment>,
                "wend: a segment . or .. in a route pattern never matches: paths lose them");
  static_assert(isnt<dangling_escape>, "wend: a route pattern ends in a lone backslash");
  static_assert(isnt<open_capture>,
                "wend: { in a route pattern is never closed; a brace itself is \\{");
  static_assert(isnt<stray_brace>, "wend: } in a route pattern without {; a brace itself is \\}");
  static_assert(isnt<bad_name>,
                "wend: a capture is {name}, {name:type}, {name:regex} or {name...}");
  static_assert(isnt<same_name>, "wend: two captures of one route pattern have the same name");
  static_assert(isnt<many_captures>, "wend: a route pattern has at most 16 captures");
  static_assert(isnt<unknown_type>,
                "wend: no such capture type; a regex that is one word is written (word)");
  static_assert(isnt<rest_not_last>,
                "wend: {name...} takes the rest of the path, so nothing may follow it");
  static_assert(isnt<open_optional>,
                "wend: [ in a route pattern is never closed; a bracket itself is \\[");
  static_assert(isnt<stray_bracket>,
                "wend: ] in a route pattern without [; a bracket itself is \\]");
  static_assert(isnt<empty_optional>, "wend: [] in a route pattern is empty");
  static_assert(isnt<many_optionals>, "wend: a route pattern has at most 5 optional parts");
  static_assert(isnt<regex_too_large>, "wend: the regex of a capture has more than 64 positions");
  static_assert(isnt<regex_unbalanced>,
                "wend: the parentheses in the regex of a capture do not balance");
  static_assert(isnt<regex_nothing>, "wend: nothing to repeat in the regex of a capture");
  static_assert(isnt<regex_repeat>,
                "wend: a repeat in the regex of a capture is {m}, {m,} or {m,n}, m <= n");
  static_assert(isnt<regex_lazy>, "wend: the regex of a capture has no lazy or possessive repeats");
  static_assert(isnt<regex_anchor>,
                "wend: the regex of a capture is anchored as it is: leave out ^ and $");
  static_assert(isnt<regex_look>,
                "wend: the regex of a capture has no lookaround, names or flags, only (?:)");
  static_assert(isnt<regex_escape>,
                "wend: the regex of a capture knows \\d \\w \\s \\D \\W \\S and escaped marks");
  static_assert(isnt<regex_class>,
                "wend: a [class] in the regex of a capture is empty, open, reversed or not ASCII");
  static_assert(isnt<regex_empty>, "wend: the regex of a capture is empty");
  static constexpr bool sound = false;
};
template <auto Text>
struct pattern_is<pattern_fault::none, Text> {
  static constexpr bool sound = true;
};

}  // namespace wend::detail
