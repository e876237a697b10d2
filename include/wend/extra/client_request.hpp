// What a client asks: a request as a struct, and what of it is sent where.
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/fields.hpp>
#include <wend/http/method.hpp>
#include <wend/http/status.hpp>
#include <wend/http/target.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wend {

/// A request of a client.
struct client_request {
  wend::method method = method::get;
  std::string url = "";   ///< "http://host:port/path?query"
  wend::fields fields{};  ///< without Host, Date, Expect, Connection, and those that frame it
  std::string body = "";  ///< the content
  std::string content_type = "";  ///< of the content; empty when there is none
};

// ------------------------------------------------------------------------------------------------

namespace detail {

/// Where a server is.
struct client_place {
  std::string host, port, authority;

  friend bool operator==(client_place const&, client_place const&) = default;
};

struct client_url {
  client_place to;
  std::string target;
};

/// The parts of a URL; throws `std::invalid_argument` for one that is none, or not of http.
inline client_url split_url(std::string_view url) {
  auto const refuse = [&](char const* why) {
    return std::invalid_argument("wend: " + std::string(url) + why);
  };
  constexpr std::string_view scheme = "http://";
  if (url.size() < scheme.size() || !iequals(url.substr(0, scheme.size()), scheme))
    throw refuse(" is no URL of http");
  url = url.substr(0, url.find('#'));
  auto const rest = url.substr(scheme.size());
  auto const authority = rest.substr(0, rest.find_first_of("/?"));
  client_url out;
  out.target = rest.substr(authority.size());
  if (!out.target.starts_with('/')) out.target.insert(0, 1, '/');
  if (!is_host(authority)) throw refuse(" names no host");
  if (!parse_target(method::get, out.target)) throw refuse(" has no path that can be sent");
  auto const colon = authority.rfind(':');
  bool const has_port = colon != authority.npos && authority.find(']', colon) == authority.npos;
  auto host = authority.substr(0, has_port ? colon : authority.size());
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  out.to = {
      std::string(host),
      std::string(has_port && colon + 1 < authority.size() ? authority.substr(colon + 1) : "80"),
      std::string(authority)};
  return out;
}

/// Adds fields to a request that it does not have itself.
inline void add_missing(client_request& what, fields const& always) {
  always.for_each([&](field const& f) {
    bool const typed = iequals(f.name, "Content-Type") && !what.content_type.empty();
    if (!typed && !what.fields.contains(f.name)) what.fields.add(f.name, f.value);
  });
}

/// The head of a request, as it is sent.
inline std::string request_text(client_request const& what,
                                std::string_view target,
                                std::string_view host) {
  if (what.method == method{}) throw std::invalid_argument("wend: a request has a method");
  if (what.fields.special() || what.fields.contains("Host") || what.fields.contains("Expect"))
    throw std::invalid_argument(
        "wend: Host, Date, Expect and what frames a message is for clients to write");
  std::string out(what.method.name());
  out.append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
  out.append(what.fields.lines());
  if (!what.content_type.empty() && !what.fields.contains("Content-Type")) {
    fields type;
    type.add("Content-Type", what.content_type);
    out.append(type.lines());
  }
  bool const has_content = !what.body.empty() || what.method == method::post ||
                           what.method == method::put || what.method == method::patch;
  if (has_content)
    out.append("Content-Length: ").append(std::to_string(what.body.size())).append("\r\n");
  return out.append("\r\n");
}

inline bool is_idempotent(method const& m) noexcept {
  return m == method::get || m == method::head || m == method::put || m == method::del ||
         m == method::options;
}

/// The parts of a URI or reference, with what separates them: "http:", "//host", "/path", "?query".
struct uri_parts {
  std::string_view scheme, authority, path, query;
};

/// What a text is made of (RFC 3986 appendix B), without its fragment.
inline uri_parts split_uri(std::string_view text) {
  uri_parts out;
  text = text.substr(0, text.find('#'));
  auto const take = [&](std::size_t size) {
    auto const part = text.substr(0, size);
    text.remove_prefix(part.size());
    return part;
  };
  auto const colon = text.find_first_of(":/?");
  if (colon != text.npos && colon > 0 && text[colon] == ':') out.scheme = take(colon + 1);
  if (text.starts_with("//"))
    out.authority = take(std::min(text.find_first_of("/?", 2), text.size()));
  out.path = take(std::min(text.find('?'), text.size()));
  out.query = text;
  return out;
}

/// A path without "." and ".." (RFC 3986 5.2.4).
inline std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    auto const end = std::min(path.find('/', 1), path.size());
    auto const segment = path.substr(0, end);  // with the slash before it
    path.remove_prefix(end);
    bool const up = segment == "/..";
    if (up) out.resize(std::min(out.rfind('/'), out.size()));
    if (!up && segment != "/.")
      out += segment;
    else if (path.empty())
      out += '/';
  }
  return out;
}

/// A reference (RFC 3986 4.1) as a URL, seen from another one: "/notes" from "http://host/x".
inline std::string resolve_reference(std::string_view base, std::string_view reference) {
  auto const from = split_uri(base), to = split_uri(reference);
  if (!to.scheme.empty()) return std::string(reference);
  std::string out(from.scheme);
  out += to.authority.empty() ? from.authority : to.authority;
  std::string path(to.path);
  if (to.authority.empty() && !path.starts_with('/')) {
    auto const beside = from.path.substr(0, std::min(from.path.rfind('/'), from.path.size()) + 1);
    path =
        path.empty() ? std::string(from.path) : (beside.empty() ? "/" : std::string(beside)) + path;
  }
  out += without_dot_segments(path);
  bool const same = to.authority.empty() && to.path.empty() && to.query.empty();
  return out.append(same ? from.query : to.query);
}

/// The request that a redirect asks for (RFC 9110 15.4), if it is one.
inline std::optional<client_request> redirected(client_request const& asked,
                                                status answer,
                                                fields const& of_answer) {
  auto const where = of_answer.get("Location");
  auto const s = code(answer);
  if (!where || (s != 301 && s != 302 && s != 303 && s != 307 && s != 308)) return std::nullopt;
  client_request out = asked;
  out.url = resolve_reference(asked.url, *where);
  bool const safe = asked.method == method::get || asked.method == method::head;
  if (!safe && s != 307 && s != 308) {
    // Choice: as browsers do, a POST becomes a GET after 301 and 302; other methods are not changed
    if (s != 303 && asked.method != method::post) return std::nullopt;
    out.method = method::get;
    out.body.clear();
    out.content_type.clear();
    for (auto const* field :
         {"Content-Type", "Content-Encoding", "Content-Language", "Content-Location"})
      out.fields.remove(field);
  }
  // secrets are for the one they were given for
  if (split_url(out.url).to != split_url(asked.url).to)
    for (auto const* secret : {"Authorization", "Cookie", "Proxy-Authorization"})
      out.fields.remove(secret);
  return out;
}

}  // namespace detail

}  // namespace wend
