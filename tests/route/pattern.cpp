#include <wend/route/pattern.hpp>

#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace wend;
using namespace wend::detail;

namespace {

struct refusal {
  char const* because;
  std::string text;
  pattern_fault fault;
};

refusal const refusals[] = {
    {"an empty pattern", "", pattern_fault::no_slash},
    {"a pattern without a slash", "notes", pattern_fault::no_slash},
    {"a pattern of 256 bytes", "/" + std::string(255, 'a'), pattern_fault::too_long},
    {"a control character", "/a\nb", pattern_fault::control},
    {"a query", "/a?b", pattern_fault::not_a_path},
    {"a fragment", "/a#b", pattern_fault::not_a_path},
    {"a lone percent sign", "/100%", pattern_fault::bad_percent},
    {"an encoded NUL", "/a%00", pattern_fault::bad_percent},
    {"a segment of one dot", "/a/./b", pattern_fault::dot_segment},
    {"a segment of two dots at the end", "/a/..", pattern_fault::dot_segment},
    {"two dots in an optional part", "/a[/..]/b", pattern_fault::dot_segment},
    {"a backslash at the end", "/a\\", pattern_fault::dangling_escape},
    {"an open brace", "/{a", pattern_fault::open_capture},
    {"a brace too many", "/a}", pattern_fault::stray_brace},
    {"a capture without a name", "/{}", pattern_fault::bad_name},
    {"a name that begins with a digit", "/{1a}", pattern_fault::bad_name},
    {"two dots after a name", "/{a..}", pattern_fault::bad_name},
    {"the same name twice", "/{a}/{a}", pattern_fault::same_name},
    {"seventeen captures",
     "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}",
     pattern_fault::many_captures},
    {"a type that does not exist", "/{a:integer}", pattern_fault::unknown_type},
    {"an empty type", "/{a:}", pattern_fault::regex_empty},
    {"a regex that takes nothing", "/{a:(|)}", pattern_fault::regex_empty},
    {"something after the rest", "/{a...}/b", pattern_fault::rest_not_last},
    {"an open bracket", "/a[b", pattern_fault::open_optional},
    {"a bracket too many", "/a]", pattern_fault::stray_bracket},
    {"an empty bracket", "/a[]", pattern_fault::empty_optional},
    {"six optional parts", "/[a][b][c][d][e][f]", pattern_fault::many_optionals},
    {"a regex that is too large", "/{a:x{65}}", pattern_fault::regex_too_large},
    {"a regex that is not balanced", "/{a:(x}", pattern_fault::regex_unbalanced},
    {"a regex with a lazy repeat", "/{a:x+?}", pattern_fault::regex_lazy},
    {"a regex with an anchor", "/{a:^x}", pattern_fault::regex_anchor},
    {"a regex with lookahead", "/{a:(?!x)}", pattern_fault::regex_look},
    {"a regex with a back reference", "/{a:(x)\\1}", pattern_fault::regex_escape},
    {"a regex with an open class", "/{a:[x}", pattern_fault::regex_class},
    {"a regex with a bad repeat", "/{a:x{3,2}}", pattern_fault::regex_repeat},
    {"a regex that repeats nothing", "/{a:+}", pattern_fault::regex_nothing},
};

std::vector<std::string> alternatives(std::string_view text) {
  std::vector<std::string> out;
  auto const p = parse_pattern(text);
  for_each_alternative(p, [&](auto const& symbols, std::size_t size, std::uint16_t) {
    std::string one;
    for (std::size_t i = 0; i < size; ++i)
      if (symbols[i] < capture_symbol)
        one += static_cast<char>(symbols[i]);
      else
        one += "<" + std::string(p.capture[symbols[i] - capture_symbol].name) + ">";
    out.push_back(one);
  });
  return out;
}

}  // namespace

TEST_CASE("a malformed pattern is refused with the reason", "[route][pattern]") {
  for (auto const& row : refusals)
    DYNAMIC_SECTION(row.because) {
      CHECK(parse_pattern(row.text).fault == row.fault);
      CHECK_THROWS_WITH(checked_pattern(row.text),
                        Catch::Matchers::Contains(std::string(sentence(row.fault))));
    }
}

TEST_CASE("every fault of a pattern has a sentence and a row here", "[route][pattern]") {
  std::set<pattern_fault> seen;
  for (auto const& row : refusals)
    seen.insert(row.fault);
  auto const last = static_cast<int>(pattern_fault::regex_empty);
  for (int f = 1; f <= last; ++f) {
    auto const fault = static_cast<pattern_fault>(f);
    CHECK(sentence(fault).starts_with("wend: "));
    CHECK(seen.count(fault) == 1);
  }
}

TEST_CASE("a fault names the byte", "[route][pattern]") {
  CHECK(parse_pattern("/notes/{id:integer}").offset == 7);
  CHECK(parse_pattern("/{a:x+?}").offset == 6);
  CHECK_THROWS_WITH(checked_pattern("/a}"), Catch::Matchers::Contains("in \"/a}\" at byte 2"));
}

TEST_CASE("a capture has a name, a type and perhaps an expression", "[route][pattern]") {
  auto const p = parse_pattern("/{a}/{b:int}[/{c:\\d{2}}]/{d...}");
  REQUIRE(p.fault == pattern_fault::none);
  REQUIRE(p.capture_count == 4);
  CHECK(p.capture[0].name == "a");
  CHECK(p.capture[0].type == capture_type::segment);
  CHECK(p.capture[1].type == capture_type::int_);
  CHECK(p.capture[2].type == capture_type::regex);
  CHECK(p.capture[2].regex == "\\d{2}");
  CHECK(p.capture[2].optional);
  CHECK_FALSE(p.capture[1].optional);
  CHECK(p.capture[3].type == capture_type::rest);
  CHECK(p.find("c") == 2);
  CHECK(p.find("x") == 4);
}

TEST_CASE("optional parts stand for alternatives, the longer ones first", "[route][pattern]") {
  using list = std::vector<std::string>;
  CHECK(alternatives("/a") == list{"/a"});
  CHECK(alternatives("/a[/]") == list{"/a/", "/a"});
  CHECK(alternatives("/a[/{b}[/{c}]]") == list{"/a/<b>/<c>", "/a/<b>", "/a"});
  CHECK(alternatives("/[a]b[c]") == list{"/abc", "/ab", "/bc", "/b"});
  CHECK(alternatives("/x[/{r...}]") == list{"/x/<r>", "/x"});
}

TEST_CASE("an escape takes the meaning from a mark", "[route][pattern]") {
  CHECK(alternatives("/\\{a\\}\\[b\\]\\\\") == std::vector<std::string>{"/{a}[b]\\"});
  CHECK(alternatives("/caf%C3%A9") == alternatives("/café"));
  CHECK(alternatives("/a%2Fb")[0] == std::string("/a\0b", 4));
  CHECK(alternatives("/100%25") == std::vector<std::string>{"/100%"});
}

TEST_CASE("a pattern of 255 bytes is one", "[route][pattern]") {
  CHECK(parse_pattern("/" + std::string(254, 'a')).fault == pattern_fault::none);
}
