// Boost.Beast as its example of an asynchronous server has it, on one thread.
#include <memory>
#include <string>
#include <utility>

#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include "fixed.hpp"

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

class connection : public std::enable_shared_from_this<connection> {
 public:
  explicit connection(tcp::socket s) : stream_(std::move(s)) {
    stream_.socket().set_option(tcp::no_delay(true));
  }

  void read() {
    request_ = {};
    http::async_read(
        stream_, buffer_, request_, [self = shared_from_this()](beast::error_code e, std::size_t) {
          if (!e) self->answer();
        });
  }

 private:
  void answer() {
    response_ = {http::status::ok, request_.version()};
    response_.keep_alive(request_.keep_alive());
    response_.set(http::field::content_type, "text/plain");
    auto const target = std::string_view(request_.target().data(), request_.target().size());
    if (target == "/") {
      response_.body() = peers::hello;
    } else if (target.substr(0, 7) == "/users/") {
      response_.body() = target.substr(7);
    } else if (target == "/json") {
      response_.set(http::field::content_type, "application/json");
      response_.body() = peers::json();
    } else {
      response_.result(http::status::not_found);
    }
    response_.prepare_payload();
    http::async_write(
        stream_, response_, [self = shared_from_this()](beast::error_code e, std::size_t) {
          if (!e && self->response_.keep_alive()) self->read();
        });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

void accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](beast::error_code e, tcp::socket peer) {
    if (!e) std::make_shared<connection>(std::move(peer))->read();
    accept(acceptor);
  });
}

}  // namespace

int main(int argc, char** argv) {
  boost::asio::io_context io(1);
  tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), peers::port(argc, argv)});
  accept(acceptor);
  io.run();
}
