// Patterns that URLs are made of: of a path, or of a path behind a scheme and a host.
#pragma once

#include <wend/http/target.hpp>
#include <wend/route/build_tree.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/host_pattern.hpp>
#include <wend/route/pattern.hpp>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wend::detail {

/// "https:/" of a URL; nothing of a path.
constexpr std::string_view scheme_of(std::string_view text) {
  for (std::string_view const scheme : {"https:/", "http:/"})
    if (text.starts_with(scheme) && text.substr(scheme.size()).starts_with('/')) return scheme;
  return {};
}

/// A pattern of a path or of a URL that is known at run time; throws as `checked_pattern` does.
inline parsed_pattern checked_url_pattern(std::string_view text) {
  auto const scheme = scheme_of(text);
  if (scheme.empty()) return checked_pattern(text);
  (void)checked_pattern(text.substr(scheme.size()));
  auto const out = parse_host(text.substr(scheme.size()));
  if (!begins_with_host(out))
    throw std::invalid_argument(
        "wend: the host of a URL is letters, digits, - . and :, and "
        "captures of one label (in \"" +
        std::string(text) + "\")");
  return out;
}

/// A pattern as `url_for` takes it: of a path, or of a URL.
template <fixed_string Text>
struct url_pattern {
  static constexpr std::string_view scheme = scheme_of(Text.view());
  static constexpr bool absolute = !scheme.empty();
  static constexpr parsed_pattern const& parsed = []() -> parsed_pattern const& {
    if constexpr (absolute)
      return parsed_url<Text, scheme.size()>;
    else
      return parsed_of<Text>;
  }();
  static constexpr bool sound_host = !absolute || begins_with_host(parsed);
};

template <fixed_string Text>
struct single_route {
  static constexpr std::array<tree_route, 1> routes{{{&url_pattern<Text>::parsed, 0}}};
};

/// Refuses a URL, without its scheme, whose host had to be encoded, or has a port that is none.
inline void check_host(std::string const& url) {
  auto const host = std::string_view(url).substr(1, url.find('/', 1) - 1);
  if (host.find('%') != host.npos || !is_host(host))
    throw std::invalid_argument("url_for: this is no host: " + std::string(host));
}

}  // namespace wend::detail
