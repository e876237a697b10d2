// Listening sockets: on a port, in the file system, or inherited from who started the program.
#pragma once

#include <wend/net/asio.hpp>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace wend::detail {

/// Opens `acceptor` and lets it listen. `address` is
///
///     a name or number     with `port`, 0 for any free one
///     "unix:" path         a socket in the file system; one that nobody listens on is replaced
///     "fd:" number         a socket that listens already, inherited from the parent process
///     "systemd"            the first socket of a systemd socket unit (sd_listen_fds(3))
///
/// Returns the port, 0 where there is none. `shared` lets others listen on the same port as well.
/// Throws `std::system_error` that names the address.
inline std::uint16_t listen(stream_acceptor& acceptor,
                            std::string const& address,
                            std::uint16_t port,
                            bool shared);

/// The path of an address that is a socket in the file system, or nothing.
inline std::string_view unix_path(std::string_view address) {
  return address.starts_with("unix:") ? address.substr(5) : std::string_view();
}

/// Whether an address is a port, of which there may be several listeners.
inline bool takes_port(std::string_view address) {
  return !address.starts_with("unix:") && !address.starts_with("fd:") && address != "systemd";
}

/// What to write after "listening on ".
inline std::string address_text(std::string const& address, std::uint16_t port) {
  if (!takes_port(address)) return address;
  bool const six = address.find(':') != std::string::npos;
  return "http://" + (six ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

// ------------------------------------------------------------------------------------------------

inline std::error_code last_error() {
  return {errno, std::system_category()};
}

inline void listen_on_port(stream_acceptor& acceptor,
                           std::string const& address,
                           std::uint16_t port,
                           bool shared,
                           asio::error_code& why) {
  auto const found = asio::ip::basic_resolver<tcp, executor>(acceptor.get_executor())
                         .resolve(address, std::to_string(port), tcp::resolver::passive, why);
  if (why) return;
  any_stream::endpoint const endpoint(found.begin()->endpoint());
  int const on = 1;
  acceptor.open(endpoint.protocol(), why);
  if (!why) acceptor.set_option(asio::socket_base::reuse_address(true), why);
  if (!why && shared &&
      ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    why = last_error();
  if (!why) acceptor.bind(endpoint, why);
  if (!why) acceptor.listen(asio::socket_base::max_listen_connections, why);
}

/// Whether somebody accepts connections at a path.
inline bool is_alive(any_stream::endpoint const& at) {
  asio::io_context io;
  stream_socket probe(io.get_executor());
  asio::error_code why;
  probe.connect(at, why);
  return !why;
}

inline void listen_on_path(stream_acceptor& acceptor,
                           std::string_view path,
                           asio::error_code& why) {
  std::string const name(path);
  if (name.empty() || name.size() >= sizeof(sockaddr_un::sun_path)) {
    why = std::make_error_code(std::errc::filename_too_long);
    return;
  }
  asio::local::stream_protocol::endpoint const local(name);
  any_stream::endpoint const endpoint(local);
  acceptor.open(endpoint.protocol(), why);
  if (!why) acceptor.bind(endpoint, why);
  if (why == asio::error::address_in_use && !is_alive(endpoint)) {
    struct ::stat file{};
    // what is no socket is somebody's file
    if (::stat(name.c_str(), &file) == 0 && S_ISSOCK(file.st_mode) && ::unlink(name.c_str()) == 0)
      acceptor.bind(endpoint, why);
  }
  if (!why) acceptor.listen(asio::socket_base::max_listen_connections, why);
}

/// Takes a copy of the descriptor, so that several servers may have it and each closes its own.
inline void adopt(stream_acceptor& acceptor, int fd, asio::error_code& why) {
  int listening = 0;
  ::socklen_t size = sizeof listening;
  sockaddr_storage name{};
  ::socklen_t name_size = sizeof name;
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &name_size) != 0) {
    why = last_error();
    return;
  }
  if (listening == 0) {
    why = std::make_error_code(std::errc::invalid_argument);
    return;
  }
  int const own = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (own < 0) {
    why = last_error();
    return;
  }
  acceptor.assign(any_stream(name.ss_family, 0), own, why);
  if (why) ::close(own);
}

/// The number of descriptors that systemd passed to this process (sd_listen_fds(3)).
inline int passed_sockets() {
  auto const number = [](char const* name) {
    char const* const text = std::getenv(name);
    long value = 0;
    if (text) std::from_chars(text, text + std::string_view(text).size(), value);
    return value;
  };
  return number("LISTEN_PID") == ::getpid() ? static_cast<int>(number("LISTEN_FDS")) : 0;
}

inline std::uint16_t listen(stream_acceptor& acceptor,
                            std::string const& address,
                            std::uint16_t port,
                            bool shared) {
  asio::error_code why;
  if (takes_port(address)) {
    listen_on_port(acceptor, address, port, shared, why);
  } else if (address.starts_with("unix:")) {
    listen_on_path(acceptor, unix_path(address), why);
  } else if (address == "systemd") {
    if (passed_sockets() > 0)
      adopt(acceptor, 3, why);
    else
      why = std::make_error_code(std::errc::bad_file_descriptor);
  } else {
    int fd = -1;
    auto const [end, bad] =
        std::from_chars(address.data() + 3, address.data() + address.size(), fd);
    if (bad != std::errc() || end != address.data() + address.size())
      why = std::make_error_code(std::errc::invalid_argument);
    else
      adopt(acceptor, fd, why);
  }
  if (why)
    throw std::system_error(why,
                            "wend: cannot listen on " + address +
                                (takes_port(address) ? ":" + std::to_string(port) : ""));
  auto const at = acceptor.local_endpoint();
  auto const family = at.protocol().family();
  if (family != AF_INET && family != AF_INET6) return 0;
  tcp::endpoint as_tcp;
  std::memcpy(as_tcp.data(), at.data(), at.size());
  return as_tcp.port();
}

}  // namespace wend::detail
