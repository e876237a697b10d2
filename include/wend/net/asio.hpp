// Asio, included here and nowhere else.
#pragma once

#if !defined(ASIO_STANDALONE)
#define ASIO_STANDALONE 1
#endif
#include <asio.hpp>

#if ASIO_VERSION < 102200
#error "wend needs standalone Asio 1.22 or newer"
#endif

#include <cstdint>

namespace wend::detail {

using tcp = asio::ip::tcp;

/// Sockets that know their executor's type: nothing is erased on the path of a request.
using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<tcp, executor>;
using tcp_acceptor = asio::basic_socket_acceptor<tcp, executor>;
using loop_timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                              asio::wait_traits<std::chrono::steady_clock>,
                                              executor>;

}  // namespace wend::detail
