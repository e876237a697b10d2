// Patterns as the paths of OpenAPI: braces hold names alone, and nothing is optional.
#pragma once

#include <wend/http/percent.hpp>
#include <wend/route/pattern.hpp>
#include <wend/route/url_for.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wend::detail {

/// One way to write a pattern with brackets: the path, and which captures it has.
struct path_template {
  std::string path;  ///< below a prefix, the captures as "{}"
  std::vector<std::size_t> captures;
  std::vector<std::string> names{};  ///< of the captures, as the document has them
};

/// All ways to write a pattern, the one with all captures first.
std::vector<path_template> path_templates(parsed_pattern const& p);

// ------------------------------------------------------------------------------------------------

/// Appends the ways to write the symbols from `at` up to `end` to those that are there.
inline void extend_templates(parsed_pattern const& p,
                             std::size_t at,
                             std::size_t end,
                             std::vector<path_template>& all) {
  for (; at < end; ++at) {
    auto const s = p.symbols[at];
    if (s == open_symbol) {
      auto const without = all;
      auto const close = closing_bracket(p, at);
      extend_templates(p, at + 1, close, all);
      all.insert(all.end(), without.begin(), without.end());
      at = close;
      continue;
    }
    for (auto& one : all) {
      if (s >= capture_symbol) {
        one.path += "{}";
        one.captures.push_back(s - capture_symbol);
      } else {
        char const c = static_cast<char>(s);
        one.path += s == 0 ? "%2F" : percent_encode({&c, 1}, path_bytes);
      }
    }
  }
}

inline std::vector<path_template> path_templates(parsed_pattern const& p) {
  std::vector<path_template> all(1);
  extend_templates(p, 0, p.size, all);
  return all;
}

/// A path with the names in its braces.
inline std::string with_names(path_template const& at) {
  std::string out;
  std::size_t next = 0;
  for (char const c : at.path) {
    out += c;
    if (c == '{') out += at.names[next++];
  }
  return out;
}

}  // namespace wend::detail
