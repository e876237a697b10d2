// The same limit on standalone Asio in its cheapest form: no locks, executors that are known to the
// compiler, and a plain write where it takes all.
#include <array>
#include <utility>

#include <asio.hpp>

#include "fixed.hpp"

namespace {

using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, executor>;

class connection {
 public:
  explicit connection(tcp_socket s) : socket_(std::move(s)) {
    socket_.set_option(asio::ip::tcp::no_delay(true));
    socket_.non_blocking(true);
  }

  void read() {
    socket_.async_read_some(asio::buffer(in_), [this](asio::error_code e, std::size_t n) {
      if (e || !answer(n)) {
        delete this;
        return;
      }
      read();
    });
  }

 private:
  bool answer(std::size_t n) {
    auto const answers = peers::fixed_answers(heads_.count({in_.data(), n}));
    asio::error_code e;
    return answers.empty() ||
           socket_.write_some(asio::buffer(answers), e) == answers.size();  // it is small
  }

  tcp_socket socket_;
  peers::heads heads_;
  std::array<char, 4096> in_;
};

void accept(tcp_acceptor& acceptor) {
  acceptor.async_accept([&acceptor](asio::error_code e, tcp_socket peer) {
    if (!e) (new connection(std::move(peer)))->read();
    accept(acceptor);
  });
}

}  // namespace

int main(int argc, char** argv) {
  asio::io_context io(ASIO_CONCURRENCY_HINT_UNSAFE);
  tcp_acceptor acceptor(io, {asio::ip::address_v4::loopback(), peers::port(argc, argv)});
  accept(acceptor);
  io.run();
}
