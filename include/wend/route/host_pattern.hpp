// Patterns of host names: "api.example.com", "{tenant}.example.com".
//
// They are route patterns without the slash: the same captures, types and precedence, left to
// right. A plain capture is one label, which has no dot. Names are compared without regard to case
// (RFC 9110 4.2.3), and captures are lower case; the port does not matter.
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/route/build_tree.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/pattern.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace wend::detail {

/// Where the host in the first segment of a pattern ends: at a slash, or a bracket with one.
constexpr std::size_t host_end(parsed_pattern const& p) {
  std::size_t i = 1;
  while (i < p.size && p.symbols[i] != '/' &&
         !(p.symbols[i] == open_symbol && p.symbols[i + 1] == '/'))
    ++i;
  return i;
}

/// The pattern of a host behind a "/", and of a path if one follows.
constexpr parsed_pattern parse_host(std::string_view text) {
  auto out = parse_pattern(text);
  for (std::size_t i = 1; i < host_end(out); ++i) {
    auto& s = out.symbols[i];
    if (s < capture_symbol) {
      s = static_cast<unsigned char>(to_lower(static_cast<char>(s)));
    } else if (s < open_symbol) {
      auto& c = out.capture[s - capture_symbol];
      if (c.type != capture_type::segment) continue;
      c.type = capture_type::chunk;
      c.regex = regex_of(c.type);
    }
  }
  return out;
}

/// What views of the pattern point into.
template <fixed_string Text>
inline constexpr auto behind_slash = concatenated<"/", Text>();

/// The pattern of a URL without the first bytes of its text, which are scheme and one slash.
template <fixed_string Text, std::size_t Scheme>
inline constexpr parsed_pattern parsed_url = parse_host(Text.view().substr(Scheme));

/// Whether a byte may stand in a host as patterns have it; ASCII, as an IDN is on the wire.
constexpr bool is_host_byte(symbol s) {
  return s < 0x80 &&
         (alphanumeric(static_cast<char>(s)) || s == '-' || s == '.' || s == '_' || s == '~');
}

/// Whether the first segment of a pattern makes nothing but hosts, perhaps with a port.
constexpr bool begins_with_host(parsed_pattern const& p) {
  for (std::size_t i = 1; i < host_end(p); ++i) {
    auto const s = p.symbols[i];
    bool const capture = s >= capture_symbol && s < open_symbol;
    if (capture ? p.capture[s - capture_symbol].type > capture_type::chunk
                : !is_host_byte(s) && s != ':')
      return false;
  }
  return host_end(p) > 1;
}

/// Whether a sound pattern could be that of a host: one segment of such bytes and captures, without
/// [ ], port, rest, and the dot of the root.
constexpr bool may_be_host(parsed_pattern const& p) {
  for (std::size_t i = 1; i < p.size; ++i) {
    auto const s = p.symbols[i];
    bool const capture = s >= capture_symbol && s < open_symbol;
    if (capture ? p.capture[s - capture_symbol].type == capture_type::rest : !is_host_byte(s))
      return false;
  }
  return p.size > 1 && p.symbols[p.size - 1] != '.';
}

/// The pattern of a host known at compile time, sound or not.
template <fixed_string Text>
inline constexpr parsed_pattern host_of = parse_host(behind_slash<Text>.view());

/// Compares two hosts as the tree does, symbol by symbol: negative when `a` is tried before `b`,
/// zero when they match the same names.
constexpr int compare_hosts(parsed_pattern const& a, parsed_pattern const& b) {
  for (std::size_t i = 0; i < a.size && i < b.size; ++i) {
    auto const x = a.symbols[i], y = b.symbols[i];
    if (x < capture_symbol || y < capture_symbol) {
      if (x != y) return x < y ? -1 : 1;
      continue;
    }
    auto const &c = a.capture[x - capture_symbol], &d = b.capture[y - capture_symbol];
    if (c.type != d.type) return c.type < d.type ? -1 : 1;
    if (c.regex != d.regex) return c.regex < d.regex ? -1 : 1;
  }
  return a.size == b.size ? 0 : a.size < b.size ? -1 : 1;
}

/// The only route of a tree that is asked about a host.
template <fixed_string Text>
struct single_host {
  static constexpr std::array<tree_route, 1> routes{{{&host_of<Text>, 0}}};
};

/// A host as these patterns match it: "/" and the name in lower case, without the port and the dot
/// of the root. Empty where there is none, or one that is too long for a name (RFC 1035 2.3.4).
class host_path {
 public:
  explicit constexpr host_path(std::string_view host) noexcept {
    auto const from = host.starts_with('[') ? host.find(']') : 0;
    auto name = host.substr(0, host.find(':', from == host.npos ? 0 : from));
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.empty() || name.size() >= bytes_.size()) return;
    bytes_[size_++] = '/';
    for (char c : name)
      bytes_[size_++] = to_lower(c);
  }

  constexpr std::string_view view() const noexcept { return {bytes_.data(), size_}; }

 private:
  std::array<char, 256> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace wend::detail
