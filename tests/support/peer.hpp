// The other end of a connection, for tests over a socket.
#pragma once

#include <wend/net/asio.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    asio::error_code failed;
    asio::read(socket_, asio::dynamic_buffer(read_), failed);
    return std::exchange(read_, {});
  }
  /// What comes up to and with `mark`.
  std::string until(std::string_view mark) {
    asio::error_code failed;
    auto const n = asio::read_until(socket_, asio::dynamic_buffer(read_), mark, failed);
    auto const out = read_.substr(0, failed ? read_.size() : n);
    read_.erase(0, out.size());
    return out;
  }

  /// Whether something has come that was not read.
  bool has_answer() { return !read_.empty() || socket_.available() > 0; }

 private:
  asio::io_context io_;
  asio::ip::tcp::socket socket_;
  std::string read_;  // and not asked for yet
};

/// Connections that do nothing: so many that a loop does not keep more of them awake.
class crowd {
 public:
  explicit crowd(std::uint16_t port) {
    for (int i = 0; i < 300; ++i)
      peers.emplace_back(io_).connect({asio::ip::address_v4::loopback(), port});
  }

 private:
  asio::io_context io_;

 public:
  std::vector<asio::ip::tcp::socket> peers;
};

}  // namespace wend::test
