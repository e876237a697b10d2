// Reading the structured field values that many fields share: lists, parameters, quoted strings,
// media types (RFC 9110 5.6, 8.3.1) and cookies (RFC 6265 4.2).
#pragma once

#include <wend/http/ascii.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace wend {

/// Calls `visit(element)` for each non-empty element of a comma-separated list (RFC 9110 5.6.1);
/// commas inside quoted strings do not separate. Allocates: nothing.
template <class Visitor>
constexpr void for_each_element(std::string_view list, Visitor&& visit);

/// True when a list of tokens has this one, in any case: "keep-alive, Upgrade" has "upgrade".
constexpr bool has_token(std::string_view list, std::string_view token);

/// A media type: `text/html; charset=utf-8`. Lifetime: views into the text it was parsed from.
struct media_type {
  std::string_view type;        ///< "text"
  std::string_view subtype;     ///< "html"
  std::string_view parameters;  ///< "charset=utf-8", unparsed

  /// True for this type and subtype, in any case.
  constexpr bool is(std::string_view t, std::string_view s) const noexcept {
    return iequals(type, t) && iequals(subtype, s);
  }
};

/// Reads a Content-Type value; nothing when it is none (RFC 9110 8.3.1).
constexpr std::optional<media_type> parse_media_type(std::string_view text);

/// The value of a parameter, `a=b; c="d"`, unquoted; nothing when there is none (RFC 9110 5.6.6).
/// Allocates: the result.
std::optional<std::string> parameter(std::string_view parameters, std::string_view name);

/// The value of the first cookie of this name in a Cookie field, as it came (RFC 6265 5.4); the
/// quotes around a value do not belong to it. Lifetime: a view into `field`.
constexpr std::optional<std::string_view> cookie_value(std::string_view field,
                                                       std::string_view name);

// ------------------------------------------------------------------------------------------------

namespace detail {

/// Cuts `rest` at the next `separator` outside of quotes and returns what stood before it, trimmed.
constexpr std::string_view next_piece(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    if (quoted && rest[i] == '\\')
      ++i;
    else if (rest[i] == '"')
      quoted = !quoted;
    else if (rest[i] == separator && !quoted)
      break;
  }
  i = i < rest.size() ? i : rest.size();
  auto const piece = trim(rest.substr(0, i));
  rest.remove_prefix(i < rest.size() ? i + 1 : i);
  return piece;
}

inline std::string unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string out;
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace detail

template <class Visitor>
constexpr void for_each_element(std::string_view list, Visitor&& visit) {
  while (!list.empty()) {
    auto const piece = detail::next_piece(list, ',');
    if (!piece.empty()) visit(piece);
  }
}

constexpr bool has_token(std::string_view list, std::string_view token) {
  bool found = false;
  for_each_element(list,
                   [&](std::string_view element) { found = found || iequals(element, token); });
  return found;
}

constexpr std::optional<media_type> parse_media_type(std::string_view text) {
  auto const essence = detail::next_piece(text, ';');
  auto const slash = essence.find('/');
  if (slash == essence.npos) return std::nullopt;
  media_type out{essence.substr(0, slash), essence.substr(slash + 1), trim(text)};
  if (!is_token(out.type) || !is_token(out.subtype)) return std::nullopt;
  return out;
}

inline std::optional<std::string> parameter(std::string_view parameters, std::string_view name) {
  while (!parameters.empty()) {
    auto const piece = detail::next_piece(parameters, ';');
    auto const equals = piece.find('=');
    if (equals != piece.npos && iequals(piece.substr(0, equals), name))
      return detail::unquote(piece.substr(equals + 1));
  }
  return std::nullopt;
}

constexpr std::optional<std::string_view> cookie_value(std::string_view field,
                                                       std::string_view name) {
  while (!field.empty()) {
    auto const end = field.find(';');
    auto const pair = trim(field.substr(0, end));
    field.remove_prefix(end == field.npos ? field.size() : end + 1);
    auto const equals = pair.find('=');
    if (equals == pair.npos || trim(pair.substr(0, equals)) != name) continue;
    auto value = trim(pair.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return value;
  }
  return std::nullopt;
}

}  // namespace wend
