// The other end of a connection, for tests over a socket.
#pragma once

#include <wend/net/asio.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace wend::test {

/// A client that sends what it is told and reads until the server is done.
class peer {
 public:
  explicit peer(std::uint16_t port) : socket_(io_) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
  }
  void send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }
  void end() { socket_.shutdown(asio::ip::tcp::socket::shutdown_send); }

  /// All that comes until the other side closes.
  std::string rest() {
    std::string out;
    asio::error_code failed;
    asio::read(socket_, asio::dynamic_buffer(out), failed);
    return out;
  }
  /// What comes up to and with `mark`.
  std::string until(std::string_view mark) {
    std::string out;
    char c;
    asio::error_code failed;
    while (!out.ends_with(mark) && asio::read(socket_, asio::buffer(&c, 1), failed) == 1)
      out += c;
    return out;
  }

  /// Whether something has come that was not read.
  bool has_answer() { return socket_.available() > 0; }

 private:
  asio::io_context io_;
  asio::ip::tcp::socket socket_;
};

}  // namespace wend::test
