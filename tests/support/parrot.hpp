// Servers that know nothing, for clients.
#pragma once

#include <wend/net/asio.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace wend::test {

/// A server that does this with whoever connects, one after the other.
class raw_server {
 public:
  explicit raw_server(std::function<void(asio::ip::tcp::socket&)> serve, int times = 1)
      : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
        thread_([this, serve = std::move(serve), times] {
          for (int i = 0; i < times; ++i, ++served_) {
            asio::error_code ignored;
            asio::ip::tcp::socket peer(io_);
            acceptor_.accept(peer, ignored);
            serve(peer);
            peer.close(ignored);
          }
        }) {}
  ~raw_server() { thread_.join(); }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
  }

  /// Waits until so many have been served, and their connections closed.
  void wait_for(int times) const {
    while (served_ < times)
      std::this_thread::yield();
  }

 private:
  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  std::atomic<int> served_ = 0;
  std::thread thread_;
};

/// A server that says exactly this to whoever connects, and closes.
class parrot : public raw_server {
 public:
  explicit parrot(std::string text, int times = 1)
      : raw_server(
            [text = std::move(text)](asio::ip::tcp::socket& peer) {
              asio::error_code ignored;
              std::string request;
              asio::read_until(peer, asio::dynamic_buffer(request), "\r\n\r\n", ignored);
              asio::write(peer, asio::buffer(text), ignored);
              peer.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
            },
            times) {}
};

}  // namespace wend::test
