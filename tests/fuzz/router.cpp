// Lookup against the naive matcher: lines of patterns, an empty line, then lines of paths.
#include <wend/route/build_tree.hpp>
#include <wend/route/lookup.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "support/naive_router.hpp"

using namespace wend::detail;

namespace {

/// Takes the next line off `text`.
std::string_view next_line(std::string_view& text) {
  auto const end = std::min(text.find('\n'), text.size());
  auto const line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void compare(tree const& t, std::vector<parsed_pattern> const& patterns, std::string_view path) {
  auto const expected = naive::find(patterns, path);
  naive::match got;
  bool const found = lookup(t, path, [&](auto ends, found_captures const& captures) {
    got.route = ends[0].route;
    for (std::size_t i = 0; i < captures.size(); ++i)
      got.captures.emplace_back(captures[i]);
    return true;
  });
  if (found != expected.has_value()) std::abort();
  if (found && (got.route != expected->route || got.captures != expected->captures)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view text(reinterpret_cast<char const*>(data), size);
  std::vector<parsed_pattern> patterns;
  while (!text.empty() && patterns.size() < 5) {
    auto const line = next_line(text);
    if (line.empty()) break;
    auto const p = parse_pattern(line);
    if (p.fault != pattern_fault::none || p.capture_count > 4 || line.size() > 40) return 0;
    patterns.push_back(p);
  }
  std::vector<tree_route> routes;
  for (auto const& p : patterns)
    routes.push_back({&p, 0});
  auto const parts = build_tree(routes);
  if (parts.conflict_a != tree_parts::no_route && !parts.hidden) return 0;
  for (int i = 0; i < 4 && !text.empty(); ++i)
    if (auto const path = next_line(text); path.size() <= 14) compare(parts.view(), patterns, path);
  return 0;
}
