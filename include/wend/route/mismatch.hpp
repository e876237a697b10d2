// Why a path does not match a pattern, in words: for people who look for a mistake.
#pragma once

#include <wend/http/detail/compiled.hpp>
#include <wend/route/pattern.hpp>

#include <string>
#include <string_view>

#if WEND_COMPILED_HERE
#include <wend/route/build_tree.hpp>
#include <wend/route/lookup.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ranges>
#include <span>
#endif

namespace wend::detail {

/// What keeps `path`, decoded as routes see it, from matching: "expects \"notes\", not \"users\"",
/// "{id:int} does not take \"x\"". Empty when nothing does.
/// Complexity: some twenty lookups.
std::string mismatch(parsed_pattern const& p, std::string_view path);

// ------------------------------------------------------------------------------------------------

#if WEND_COMPILED_HERE

/// Calls `found` with the captures of each way in which a path matches.
template <class Found>
void match_alone(parsed_pattern const& p, std::string_view path, Found&& found) {
  std::array<tree_route, 1> const alone{{{&p, 0}}};
  auto const parts = build_tree(alone);
  lookup(parts.view(), path, [&](std::span<tree_terminal const>, found_captures const& captures) {
    found(captures);
    return false;
  });
}

/// What of a path is left at the least behind the first `size` symbols of a pattern; a null view
/// where the path does not begin so.
inline std::string_view rest_behind(parsed_pattern p, std::size_t size, std::string_view path) {
  p.size = size + 1;
  p.capture_count = 0;
  for (std::size_t i = 0; i < size; ++i)
    p.capture_count += p.symbols[i] >= capture_symbol && p.symbols[i] < open_symbol;
  if (p.capture_count == captures::max) return {};
  p.symbols[size] = static_cast<symbol>(capture_symbol + p.capture_count);
  p.capture[p.capture_count++] = {"", capture_type::rest, "", false};
  std::string_view rest;
  match_alone(p, path, [&](found_captures const& found) {
    auto const behind = found[found.size() - 1];
    if (rest.data() == nullptr || behind.size() < rest.size()) rest = behind;
  });
  return rest;
}

/// The beginning of a text, up to one of `ends`, in quotes.
inline std::string quote_until(std::string_view text, std::string_view ends) {
  std::string out(1, '"');
  for (char const c : text.substr(0, text.find_first_of(ends)))
    out += c == '\0' ? "%2F" : std::string(1, c);
  return out + '"';
}

/// The bytes of a pattern around symbol `at`, from the slash or capture before it to that behind.
inline std::string literal_around(parsed_pattern const& p, std::size_t first, std::size_t at) {
  std::string out;
  for (auto i = first; i < p.size && p.symbols[i] < capture_symbol; ++i) {
    if (p.symbols[i] == '/' && i > at) break;
    out += static_cast<char>(p.symbols[i]);
  }
  return out;
}

/// A capture as its pattern has it.
inline std::string label_of(capture_spec const& c) {
  std::string out = "{" + std::string(c.name);
  if (c.type == capture_type::regex)
    out += ":" + std::string(c.regex);
  else if (c.type == capture_type::rest)
    out += "...";
  else if (c.type != capture_type::segment)
    out += ":" + std::string(name_of(c.type));
  return out + "}";
}

WEND_INLINE std::string mismatch(parsed_pattern const& p, std::string_view path) {
  bool matches = false;
  match_alone(p, path, [&](found_captures const&) { matches = true; });
  if (matches) return {};

  // How far it matches: that can be asked at places outside of brackets, and not behind {rest...}.
  std::array<std::size_t, parsed_pattern::max_size + 1> places{};
  std::size_t count = 0, depth = 0;
  bool const endless =
      p.capture_count > 0 && p.capture[p.capture_count - 1].type == capture_type::rest;
  for (std::size_t i = 0; i < p.size + !endless; ++i) {
    if (depth == 0) places[count++] = i;
    if (i == p.size) break;
    depth += p.symbols[i] == open_symbol;
    depth -= p.symbols[i] == close_symbol;
  }
  auto const all = std::span(places).first(count);
  // What begins like more of the pattern begins like less of it.
  auto const beyond = std::ranges::partition_point(
      all, [&](std::size_t i) { return rest_behind(p, i, path).data() != nullptr; });
  if (beyond == all.begin()) return "does not match";

  auto const at = *(beyond - 1);
  auto const rest = rest_behind(p, at, path);
  auto const s = at == p.size ? open_symbol : p.symbols[at];
  if (s >= open_symbol) return "ends before " + quote_until(rest, "");
  if (s >= capture_symbol) {
    auto const label = label_of(p.capture[s - capture_symbol]);
    if (rest.empty() || rest.front() == '/') return label + " has nothing to take";
    return label + " does not take " + quote_until(rest, "/");
  }
  // The text is told from where it begins, and the path from the same place.
  std::size_t back = 0;
  while (s != '/' && back < at && p.symbols[at - back - 1] != '/' &&
         p.symbols[at - back - 1] < capture_symbol)
    ++back;
  auto const wanted = "expects " + quote_until(literal_around(p, at - back, at), "");
  if (rest.empty()) return wanted + ", and the path ends";
  return wanted + ", not " +
         quote_until({rest.data() - back, rest.size() + back}, s == '/' ? "" : "/");
}

#endif

}  // namespace wend::detail
