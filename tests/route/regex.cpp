#include <wend/route/regex.hpp>

#include <regex>
#include <string>

#include "support/catch.hpp"

using namespace wend::detail;

namespace {

constexpr bool takes(std::string_view regex, std::string_view text) {
  auto const a = parse_regex(regex);
  return a.fault == regex_fault::none && matches(a, text);
}

static_assert(takes("\\d{4}", "2024") && !takes("\\d{4}", "202") && !takes("\\d{4}", "20244"));
static_assert(takes("windows|mac", "mac") && !takes("windows|mac", "macx"));
static_assert(takes("(?:a|b)+c?", "ababc") && takes("(ab){2}", "abab") && !takes("(ab){2}", "ab"));
static_assert(takes("a{0,2}b", "b") && takes("a{0,2}b", "aab") && !takes("a{0,2}b", "aaab"));
static_assert(takes("a{2,}", "aaaa") && !takes("a{2,}", "a") && takes("a{0,}", "aaa"));
static_assert(takes("[^/]+", "x-y") && !takes("[^/]+", "x/y"));
static_assert(takes("[\\w-]+", "x-y") && takes("[a-f0-9]+", "0af") && !takes("[a-f]+", "g"));
static_assert(takes("\\.\\{\\}", ".{}") && takes("a.c", "abc") && takes("\\S\\D", "xy"));
static_assert(!takes("a*", "") && !takes("(|a)", ""));  // a capture is never empty
static_assert(takes("((a|b)(c|d)){1,2}x", "acbdx") && !takes("((a|b)(c|d)){1,2}x", "acbdacx"));

struct refusal {
  char const* because;
  std::string_view regex;
  regex_fault fault;
};

constexpr refusal refusals[] = {
    {"more than 64 positions", "\\d{65}", regex_fault::too_large},
    {"an open group", "(a", regex_fault::unbalanced},
    {"a group closed twice", "a)", regex_fault::unbalanced},
    {"nothing before a star", "*a", regex_fault::nothing_to_repeat},
    {"nothing before a repeat", "|+", regex_fault::nothing_to_repeat},
    {"two repeats", "a**", regex_fault::nothing_to_repeat},
    {"a reversed repeat", "a{2,1}", regex_fault::bad_repeat},
    {"a repeat of nothing", "a{0}", regex_fault::bad_repeat},
    {"a repeat without a number", "a{,2}", regex_fault::bad_repeat},
    {"a lazy repeat", "a*?", regex_fault::lazy},
    {"a possessive repeat", "a++", regex_fault::lazy},
    {"an anchor", "^a$", regex_fault::anchor},
    {"lookahead", "(?=a)", regex_fault::look_around},
    {"a named group", "(?<n>a)", regex_fault::look_around},
    {"a word border", "\\b", regex_fault::bad_escape},
    {"a back reference", "(a)\\1", regex_fault::bad_escape},
    {"a backslash at the end", "a\\", regex_fault::bad_escape},
    {"an open class", "[a", regex_fault::bad_class},
    {"an empty class", "[]", regex_fault::bad_class},
    {"a reversed range", "[z-a]", regex_fault::bad_class},
    {"a range from a shorthand", "[\\d-z]", regex_fault::bad_class},
    {"a range to a shorthand", "[!-\\d]", regex_fault::bad_class},
    {"a class that is not ASCII", "[\xc3\xa9]", regex_fault::bad_class},
    {"a POSIX class", "[[:alpha:]]", regex_fault::bad_class},
};

}  // namespace

TEST_CASE("what the grammar lacks is refused by name", "[route][regex]") {
  for (auto const& row : refusals)
    DYNAMIC_SECTION(row.because) {
      CHECK(parse_regex(row.regex).fault == row.fault);
    }
}

TEST_CASE("an expression takes what the standard library says", "[route][regex]") {
  char const* const regexes[] = {"a",
                                 "ab|cd",
                                 "(a|b)*c",
                                 "a+b*c?",
                                 "[ab]{1,3}",
                                 "(ab?){2}c",
                                 "a{2,}|b",
                                 ".b.",
                                 "[^a]+",
                                 "(a|ab)(c|bc)",
                                 "\\w+-\\d*",
                                 "(a*)*b",
                                 "((a)|b){2}",
                                 "a|(b|c)+",
                                 "(a?b?)c",
                                 "[a-c]x?",
                                 "(?:a(b|c))+",
                                 "a{1,2}b{0,2}"};
  std::string const alphabet = "abcx-1";
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; texts.size() < 1500; ++i)
    for (char c : alphabet)
      texts.push_back(texts[i] + c);
  for (auto const* regex : regexes) {
    INFO(regex);
    auto const ours = parse_regex(regex);
    REQUIRE(ours.fault == regex_fault::none);
    std::regex const theirs(regex, std::regex::ECMAScript);
    for (auto const& text : texts) {
      if (text.empty()) continue;
      INFO(text);
      REQUIRE(matches(ours, text) == std::regex_match(text, theirs));
    }
  }
}

TEST_CASE("that one expression takes all that another takes can be shown", "[route][regex]") {
  auto const in = [](std::string_view outer, std::string_view inner) {
    return includes(parse_regex(outer), parse_regex(inner));
  };
  CHECK(in("\\w+", "[a-z]+"));
  CHECK(in("[^/]+", "\\d{1,3}"));
  CHECK(in("a|b|c", "b"));
  CHECK(in("(ab)+", "abab"));
  CHECK(in("\\d+", "\\d+"));
  CHECK_FALSE(in("[a-z]+", "\\w+"));
  CHECK_FALSE(in("\\d{2}", "\\d{1,2}"));
  CHECK_FALSE(in("a", "b"));
}
