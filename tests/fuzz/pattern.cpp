// The pattern parser takes any text: it never crashes, a fault lies within the text and has a
// sentence, and a sound pattern gives a tree that can be looked into and a URL that is read back.
#include <wend/route/pattern.hpp>
#include <wend/route/url_for.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace wend::detail;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// Every sound pattern finds the URL that is built from it, or refuses to build one.
void check_url(parsed_pattern const& p, std::string_view text) {
  tree_route const routes[] = {{&p, 0}};
  auto const parts = build_tree(routes);
  require(parts.conflict_a == tree_parts::no_route);
  std::vector<std::optional<std::string>> values(p.capture_count);
  for (std::size_t i = 0; i < p.capture_count; ++i)
    if (!p.capture[i].optional) values[i] = i % 2 == 0 ? "1" : "a/b";
  try {
    auto const url = checked_url(p, text, parts.view(), values);
    require(url.starts_with('/') && !url.starts_with("//"));  // that would be another host
  } catch (std::invalid_argument const&) {                    // "1" is not what the captures take
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const text(reinterpret_cast<char const*>(data), size);
  auto const p = parse_pattern(text);
  if (p.fault != pattern_fault::none) {
    require(p.offset <= text.size());
    require(!sentence(p.fault).empty());
    return 0;
  }
  require(p.size <= text.size());
  for (std::size_t i = 0; i < p.capture_count; ++i) {
    auto const& c = p.capture[i];
    require(text.find(c.name) != text.npos);
    require(p.find(c.name) == i);
    require(c.type == wend::capture_type::rest || parse_regex(c.regex).fault == regex_fault::none);
  }
  int alternatives = 0;
  for_each_alternative(p, [&](auto const& symbols, std::size_t length, std::uint16_t) {
    ++alternatives;
    require(length <= p.size && symbols[0] == '/');
  });
  require(alternatives >= 1 && alternatives <= 32);
  check_url(p, text);
  return 0;
}
