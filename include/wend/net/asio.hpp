// Asio, included here and nowhere else.
#pragma once

// Asio 1.22 asks the standard library for std::aligned_alloc before it has included any of it: two
// sources would disagree about who frees what, by the order of their includes.
#include <version>

#if !defined(ASIO_STANDALONE)
#define ASIO_STANDALONE 1
#endif
// Asio 1.22 takes Clang for a compiler without coroutines unless its library has the experimental
// ones, and Clang 14, which has them, does not say so to the standard library.
#if defined(__clang__) && !defined(ASIO_DISABLE_CO_AWAIT)
#if !defined(__cpp_impl_coroutine) && defined(__cpp_coroutines)
#define __cpp_impl_coroutine 201902L
#endif
#if !defined(ASIO_HAS_CO_AWAIT)
#define ASIO_HAS_CO_AWAIT 1
#endif
#if !defined(ASIO_HAS_STD_COROUTINE)
#define ASIO_HAS_STD_COROUTINE 1
#endif
#endif
#include <asio.hpp>

#if !defined(ASIO_HAS_CO_AWAIT)
#error "wend needs Asio with co_await: include wend before asio.hpp, or define ASIO_HAS_CO_AWAIT"
#endif
#if ASIO_VERSION < 102200
#error "wend needs standalone Asio 1.22 or newer"
#endif

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

namespace wend::detail {

using tcp = asio::ip::tcp;
using any_stream = asio::generic::stream_protocol;  ///< TCP, or a socket in the file system

/// Sockets that know their executor's type: nothing is erased on the path of a request.
using executor = asio::io_context::executor_type;
using stream_socket = asio::basic_stream_socket<any_stream, executor>;
using stream_acceptor = asio::basic_socket_acceptor<any_stream, executor>;
using signal_set = asio::basic_signal_set<executor>;
using loop_timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                              asio::wait_traits<std::chrono::steady_clock>,
                                              executor>;

/// "127.0.0.1:49152", "[::1]:49152"; "unix" for a socket in the file system.
inline std::string endpoint_text(any_stream::endpoint const& peer) {
  tcp::endpoint as_tcp;
  auto const family = peer.protocol().family();
  if (family != asio::ip::tcp::v4().family() && family != asio::ip::tcp::v6().family())
    return "unix";
  std::memcpy(as_tcp.data(), peer.data(), std::min(peer.size(), as_tcp.capacity()));
  as_tcp.resize(peer.size());
  bool const six = as_tcp.address().is_v6();
  return (six ? "[" : "") + as_tcp.address().to_string() + (six ? "]:" : ":") +
         std::to_string(as_tcp.port());
}

}  // namespace wend::detail
