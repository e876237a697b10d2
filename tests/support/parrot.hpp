// A server that knows one text, for clients.
#pragma once

#include <wend/net/asio.hpp>

#include <string>
#include <thread>
#include <utility>

namespace wend::test {

/// A server that says exactly this to whoever connects, one after the other, and closes.
class parrot {
 public:
  explicit parrot(std::string text, int times = 1)
      : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
        thread_([this, text = std::move(text), times] {
          for (int i = 0; i < times; ++i) {
            asio::error_code ignored;
            asio::ip::tcp::socket peer(io_);
            acceptor_.accept(peer, ignored);
            std::string request;
            asio::read_until(peer, asio::dynamic_buffer(request), "\r\n\r\n", ignored);
            asio::write(peer, asio::buffer(text), ignored);
            peer.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
          }
        }) {}
  ~parrot() { thread_.join(); }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
  }

 private:
  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

}  // namespace wend::test
