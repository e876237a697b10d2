// Middleware that finds the client behind the proxies that are trusted.
#pragma once

#include <wend/http/forwarded.hpp>
#include <wend/http/request.hpp>

#include <utility>

namespace wend {

/// Makes `request::peer` the address of the client, as the fields of trusted proxies say it, for
/// all that is inside; `provided<client_info>` has its scheme and host as well:
///
///     wend::use(wend::forwarded_client{{"10.0.0.0/8"}}, wend::access_log{std::clog})
///
/// Without it these fields mean nothing, as anybody can send them: see `find_client`. Allocates:
/// the address.
struct forwarded_client {
  trusted_proxies proxies;
  forwarding which = forwarding::x_forwarded;

  client_info before(request& in) const {
    auto client = find_client(in, proxies, which);
    in.peer = in.keep(client.address);
    return client;
  }
};

}  // namespace wend
