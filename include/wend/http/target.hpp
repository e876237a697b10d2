// The request target (RFC 9112 3.2) and the path in it (RFC 3986 3.3).
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/error.hpp>
#include <wend/http/method.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#if WEND_COMPILED_HERE
#include <wend/http/ip_address.hpp>
#endif

namespace wend {

/// A request target, taken apart. All parts are as they came: nothing is decoded.
///
/// Lifetime: views into the text it was parsed from.
struct target {
  enum class form : std::uint8_t { origin, absolute, authority, asterisk };

  std::string_view raw;        ///< all of it
  std::string_view scheme;     ///< "http", of the absolute form only
  std::string_view authority;  ///< "host:port", of the absolute and the authority form only
  std::string_view path;       ///< "/a%20b"; "/" when an absolute form has none; "*"; else empty
  std::string_view query;      ///< what follows "?", without it
  form kind = form::origin;
  bool has_query = false;  ///< tells "/x?" from "/x"
  bool plain = false;      ///< known to have no "%" and no "." in its path: routes see it as it is
};

/// Takes `text` apart, as the target of a request with this method.
///
///     origin-form    = absolute-path [ "?" query ]
///     absolute-form  = scheme "://" authority path-abempty [ "?" query ]
///     authority-form = uri-host ":" port                      ; CONNECT only
///     asterisk-form  = "*"                                    ; OPTIONS only
///
/// Choice: a byte that is neither URI syntax nor sent raw by browsers is refused, and so are bytes
/// over 0x7F, "#", "\" in a path, and user information: two parties read those differently.
result<target> parse_target(method const& m, std::string_view text);

/// True for `host [ ":" port ]` as a Host field may hold it (RFC 9110 7.2, RFC 3986 3.2.2);
/// the host is a name, an IPv4 address, or an IPv6 address in brackets. An empty host is not one.
///
/// Choice: the delimiters that RFC 3986 lets a name have are refused: "a,b" might be two hosts; and
/// so are addresses of a later version, "[v1.x]": there is none.
bool is_host(std::string_view text);

/// The path as routes see it: escapes decoded, dot segments removed (RFC 3986 5.2.4), and "%2F" as
/// NUL, which no path may hold, so that an encoded slash never separates.
///
/// Returns `raw` itself when there is nothing to do; else a view of `scratch`, which is reused.
/// Error: a malformed escape, "%00", ".." above the root, or a dot segment beside "%2F", all 400.
/// Allocates: `scratch` grows to the size of `raw` once.
result<std::string_view> normalize_path(std::string_view raw, std::string& scratch);

// ------------------------------------------------------------------------------------------------

namespace detail {

inline constexpr byte_set path_byte =  // pchar, "/", and what browsers leave raw in a path
    byte_set{"-._~!$&'()*+,;=:@/%[]|^"}.with('0', '9').with('a', 'z').with('A', 'Z');
inline constexpr byte_set
    query_byte =  // the same, "/", "?", and what browsers leave raw in a query
    byte_set{"-._~!$&'()*+,;=:@/%[]|^?{}\\`"}.with('0', '9').with('a', 'z').with('A', 'Z');
inline constexpr byte_set reg_name_byte =  // without the delimiters, which no name has
    byte_set{"-._~%"}.with('0', '9').with('a', 'z').with('A', 'Z');
inline constexpr byte_set plain_name_byte = reg_name_byte.without("%");
inline constexpr byte_set scheme_byte = alphanumeric.with('+', '+').with('-', '-').with('.', '.');

/// `path_byte`, and which of them keep a path from being plain.
inline constexpr auto path_class = [] {
  std::array<unsigned char, 256> out{};
  for (std::size_t i = 0; i < 256; ++i) {
    auto const c = static_cast<char>(static_cast<unsigned char>(i));
    if (path_byte(c)) out[i] = c == '%' || c == '.' ? 3 : 1;
  }
  return out;
}();

constexpr bool is_port(std::string_view text) noexcept {
  if (text.size() > 5) return false;
  int value = 0;
  for (char c : text) {
    if (!digit(c)) return false;
    value = value * 10 + (c - '0');
  }
  return value <= 65535;
}

/// `parse_target` into a blank target; the error if it is none.
std::optional<error> read_target(method const& m, std::string_view text, target& out);

}  // namespace detail

#if WEND_COMPILED_HERE

namespace detail {

inline error bad_target(std::string_view why) {
  return {status::bad_request, why, "RFC 9112 3.2"};
}

/// Takes a path and a query apart in one pass; the sentence if that cannot be.
inline std::optional<error> parse_path_and_query(target& out, std::string_view text) {
  unsigned seen = 0;
  std::size_t n = 0;
  for (; n < text.size(); ++n) {
    auto const kind = path_class[static_cast<unsigned char>(text[n])];
    if (kind == 0) break;
    seen |= kind;
  }
  out.path = {text.data(), n};
  out.plain = seen < 2;
  if (n == text.size()) return std::nullopt;
  if (text[n] != '?') return bad_target("the path holds a byte that must be percent-encoded");
  out.has_query = true;
  out.query = {text.data() + n + 1, text.size() - n - 1};
  if (!query_byte.all(out.query))
    return bad_target("the query holds a byte that must be percent-encoded");
  return std::nullopt;
}

/// Decodes all of `raw` into `out`; the error if an escape is malformed or "%00".
inline std::optional<error> decode_path(std::string_view raw, std::string& out) {
  out.clear();
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '%') {
      out += raw[i];
      continue;
    }
    int const high = i + 2 < raw.size() ? hex_value(raw[i + 1]) : -1;
    int const low = i + 2 < raw.size() ? hex_value(raw[i + 2]) : -1;
    if (high < 0 || low < 0)
      return error{status::bad_request, "the path holds a malformed escape", "RFC 3986 2.1"};
    char const c = static_cast<char>(high * 16 + low);
    if (c == '\0') return error{status::bad_request, "the path holds %00", "RFC 3986 7.3"};
    out += c == '/' ? '\0' : c;
    i += 2;
  }
  return std::nullopt;
}

/// Removes "." and ".." segments of `path` in place; false when it climbs above the root.
inline bool remove_dot_segments(std::string& path) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < path.size();) {  // path[from] is the "/" of a segment
    auto const next = std::min(path.find('/', from + 1), path.size());
    auto const segment = std::string_view(path).substr(from + 1, next - from - 1);
    bool const last = next == path.size();
    if (segment == "." || segment == "..") {
      if (segment == "..") {
        if (to == 0) return false;
        to = path.rfind('/', to - 1);
      }
      if (last) path[to++] = '/';
    } else {
      for (std::size_t i = from; i < next; ++i)
        path[to++] = path[i];
    }
    from = next;
  }
  path.resize(to);
  return true;
}

/// True when a dot segment is bordered by an encoded slash. Such a segment is part of a name to us
/// and a way up to whoever takes the name for a path.
inline bool hides_dot_segments(std::string_view path) {
  if (path.find('\0') == path.npos) return false;
  auto const slash = [](char c) { return c == '/' || c == '\0'; };
  for (std::size_t i = 0; i < path.size();) {
    auto end = i + 1;
    while (end < path.size() && !slash(path[end]))
      ++end;
    auto const segment = path.substr(i + 1, end - i - 1);
    if (segment == "." || segment == "..") return true;
    i = end;
  }
  return false;
}

/// A host with an IP literal or an escape in it, or something that is none.
inline bool is_other_host(std::string_view text) {
  if (text.empty()) return false;
  std::string_view host, rest;
  if (text.front() == '[') {
    auto const close = text.find(']');
    if (close == text.npos) return false;
    host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
    if (host.find(':') == host.npos || !ip_address::parse(host)) return false;
  } else {
    auto const colon = std::min(text.find(':'), text.size());
    host = text.substr(0, colon);
    rest = text.substr(colon);
    if (host.empty() || !detail::reg_name_byte.all(host)) return false;
    for (std::size_t i = 0; i < host.size(); ++i)
      if (host[i] == '%' && (host.size() - i < 3 || !detail::hex_digit.all(host.substr(i + 1, 2))))
        return false;
  }
  return rest.empty() || (rest.front() == ':' && detail::is_port(rest.substr(1)));
}

}  // namespace detail

WEND_INLINE bool is_host(std::string_view text) {
  std::size_t n = 0;  // nearly all are a name, and perhaps a port
  while (n < text.size() && detail::plain_name_byte(text[n]))
    ++n;
  if (n > 0 && n == text.size()) return true;
  if (n > 0 && text[n] == ':') return detail::is_port({text.data() + n + 1, text.size() - n - 1});
  return detail::is_other_host(text);
}

namespace detail {

WEND_INLINE std::optional<error> read_target(method const& m, std::string_view text, target& out) {
  out.raw = text;
  if (text.empty()) return bad_target("the request target is empty");
  if (m == method::connect) {
    out.kind = target::form::authority;
    out.authority = text;
    auto const colon = text.rfind(':');
    if (!is_host(text) || text.back() == ':' || colon == text.npos ||
        text.find(']', colon) != text.npos)
      return bad_target("CONNECT takes host:port");
    return std::nullopt;
  }
  if (text.front() == '/') return parse_path_and_query(out, text);
  if (text == "*") {
    if (m != method::options) return bad_target("only OPTIONS takes *");
    out.kind = target::form::asterisk;
    out.path = text;
    return std::nullopt;
  }
  auto const colon = text.find("://");
  if (colon == text.npos || colon == 0 || !scheme_byte.all(text.substr(0, colon)))
    return bad_target("the request target is neither a path nor a URI");
  out.kind = target::form::absolute;
  out.scheme = text.substr(0, colon);
  if (!iequals(out.scheme, "http") && !iequals(out.scheme, "https"))
    return bad_target("the scheme of the request target is not http");
  auto const rest = text.substr(colon + 3);
  auto const end = std::min(rest.find_first_of("/?"), rest.size());
  out.authority = rest.substr(0, end);
  if (!is_host(out.authority)) return bad_target("the authority of the target is invalid");
  if (auto const why = parse_path_and_query(out, rest.substr(end))) return why;
  if (out.path.empty()) out.path = "/";
  return std::nullopt;
}

}  // namespace detail

WEND_INLINE result<target> parse_target(method const& m, std::string_view text) {
  target out;
  if (auto const why = detail::read_target(m, text, out)) return *why;
  return out;
}

WEND_INLINE result<std::string_view> normalize_path(std::string_view raw, std::string& scratch) {
  bool const escapes = raw.find('%') != raw.npos;
  if (!escapes && raw.find("/.") == raw.npos) return raw;
  if (auto const bad = detail::decode_path(raw, scratch)) return *bad;
  if (!detail::remove_dot_segments(scratch))
    return error{status::bad_request, "the path climbs above the root", "RFC 3986 5.2.4"};
  if (detail::hides_dot_segments(scratch))
    return error{status::bad_request, "the path hides a dot segment behind %2F", "RFC 3986 5.2.4"};
  return std::string_view(scratch);
}

#endif

}  // namespace wend
