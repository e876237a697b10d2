// The PROXY header from a socket: see wire/proxy_protocol.hpp.
#pragma once

#include <wend/net/asio.hpp>
#include <wend/wire/proxy_protocol.hpp>

#include <string>
#include <utility>

namespace wend::detail {

/// Reads the header that a proxy sends first, and into `rest` what came behind it. Throws
/// `asio::system_error` when there is none: nobody would know who the client is.
inline asio::awaitable<proxy_header> read_proxy_header(stream_socket& socket, std::string& rest) {
  while (true) {
    auto const had = rest.size();
    rest.resize(max_proxy_header);
    auto const n = co_await socket.async_read_some(
        asio::buffer(rest.data() + had, rest.size() - had), asio::use_awaitable);
    rest.resize(had + n);
    auto const header = parse_proxy_header(rest);
    if (!header || (!*header && rest.size() == max_proxy_header))
      throw asio::system_error(asio::error::invalid_argument);
    if (!*header) continue;
    rest.erase(0, (*header)->size);
    co_return **header;
  }
}

}  // namespace wend::detail
