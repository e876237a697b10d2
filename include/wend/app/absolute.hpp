// URLs with a scheme and a host, as clients outside see them.
#pragma once

#include <wend/http/forwarded.hpp>
#include <wend/http/request.hpp>

#include <string>
#include <string_view>

namespace wend {

/// The absolute URL (RFC 3986 4.3) of a path on the host that the client of a request wanted:
///
///     absolute(in, api.url_for<"note">(42))     // "https://example.com/notes/42"
///
/// Scheme and host are what trusted proxies say where a `forwarded_client` is around; without one
/// it is "http" and the Host that was sent. A request of HTTP/1.0 may name no host: then it is the
/// path alone.
inline std::string absolute(request const& in, std::string_view path) {
  auto const* client = static_cast<client_info const*>(in.routing.find(detail::id_of<client_info>));
  std::string host(in.host());
  std::string scheme = "http";
  if (client != nullptr && client->host) host = *client->host;
  if (client != nullptr && client->proto) scheme = *client->proto;
  if (host.empty()) return std::string(path);
  return scheme + "://" + host + std::string(path);
}

}  // namespace wend
