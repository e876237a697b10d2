// What a lookup means, written as plainly as possible: every alternative of every pattern is tried
// with every split of the path. Exponential; for short paths only.
#pragma once

#include <wend/route/tree.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace naive {

using namespace wend::detail;

/// A match: for each step the precedence of what took it and where it ended, then the route.
struct match {
  std::vector<std::tuple<int, std::string, std::size_t>> steps;
  std::vector<std::string> captures;
  std::uint32_t route = 0;
};

inline bool takes(capture_spec const& c, std::string_view text) {
  if (c.type == wend::capture_type::rest) return true;
  return matches(parse_regex(c.regex), text);
}

/// All matches of symbols[i..] against path[pos..].
inline void collect(parsed_pattern const& p,
                    symbol const* symbols,
                    std::size_t size,
                    std::string_view path,
                    std::size_t i,
                    std::size_t pos,
                    match& sofar,
                    std::vector<match>& out) {
  if (i == size) {
    if (pos == path.size()) out.push_back(sofar);
    return;
  }
  if (symbols[i] < capture_symbol) {
    if (pos == path.size() || static_cast<unsigned char>(path[pos]) != symbols[i]) return;
    sofar.steps.emplace_back(-1, std::string(1, path[pos]), pos + 1);
    collect(p, symbols, size, path, i + 1, pos + 1, sofar, out);
    sofar.steps.pop_back();
    return;
  }
  auto const& c = p.capture[symbols[i] - capture_symbol];
  for (auto end = c.type == wend::capture_type::rest ? path.size() : pos + 1; end <= path.size();
       ++end) {
    if (!takes(c, path.substr(pos, end - pos))) continue;
    sofar.steps.emplace_back(static_cast<int>(c.type), std::string(c.regex), end);
    sofar.captures.emplace_back(path.substr(pos, end - pos));
    collect(p, symbols, size, path, i + 1, end, sofar, out);
    sofar.captures.pop_back();
    sofar.steps.pop_back();
  }
}

/// The best match of a path, or nothing: the first by precedence and then by shortness, step by
/// step.
inline std::optional<match> find(std::vector<parsed_pattern> const& patterns,
                                 std::string_view path) {
  std::vector<match> all;
  for (std::uint32_t r = 0; r < patterns.size(); ++r)
    for_each_alternative(patterns[r], [&](auto const& symbols, std::size_t size, std::uint16_t) {
      match sofar;
      sofar.route = r;
      collect(patterns[r], symbols.data(), size, path, 0, 0, sofar, all);
    });
  if (all.empty()) return std::nullopt;
  return *std::min_element(
      all.begin(), all.end(), [](match const& a, match const& b) { return a.steps < b.steps; });
}

}  // namespace naive
