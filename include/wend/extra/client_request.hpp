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
  std::string url = "";           ///< "http://host:port/path?query"
  wend::fields fields{};          ///< without Host, Connection and those that frame the content
  std::string body = "";          ///< the content
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
    if (!what.fields.contains(f.name)) what.fields.add(f.name, f.value);
  });
}

/// The head of a request, as it is sent.
inline std::string request_text(client_request const& what,
                                std::string_view target,
                                std::string_view host) {
  if (what.fields.special() || what.fields.contains("Host") || what.fields.contains("Expect"))
    throw std::invalid_argument("wend: a client writes Host and the fields of the message itself");
  std::string out(what.method.name());
  out.append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
  out.append(what.fields.lines());
  if (!what.content_type.empty()) {
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

/// A reference (RFC 3986 4.1) as a URL, seen from another one: "/notes" from "http://host/x".
inline std::string resolve_reference(std::string_view base, std::string_view to) {
  if (to.find("://") != to.npos && to.find("://") < to.find_first_of("/?#")) return std::string(to);
  auto const host_end = std::min(base.find('/', base.find("://") + 3), base.size());
  if (to.starts_with("//")) return std::string(base.substr(0, base.find(':') + 1)).append(to);
  if (to.starts_with('/')) return std::string(base.substr(0, host_end)).append(to);
  auto path = base.substr(0, std::min(base.find_first_of("?#"), base.size()));
  if (to.starts_with('?')) return std::string(path).append(to);
  path = path.substr(0, std::max(path.rfind('/') + 1, host_end));
  return std::string(path).append(path.size() == host_end ? "/" : "").append(to);
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
  }
  // secrets are for the one they were given for
  if (split_url(out.url).to != split_url(asked.url).to)
    for (auto const* secret : {"Authorization", "Cookie", "Proxy-Authorization"})
      out.fields.remove(secret);
  return out;
}

}  // namespace detail

}  // namespace wend
