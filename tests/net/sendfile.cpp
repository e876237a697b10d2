#include <wend/net/sendfile.hpp>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <thread>
#include <vector>

#include <unistd.h>

#include "support/catch.hpp"

using namespace wend;

namespace {

constexpr std::size_t file_size = 1 << 20;

/// A connection whose sockets wait, and a file of more than they hold at a time.
struct connected {
  asio::io_context io;
  asio::ip::tcp::socket ours{io}, theirs{io};
  std::FILE* file = std::tmpfile();

  connected() {
    asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    theirs.open(asio::ip::tcp::v4());
    theirs.set_option(asio::socket_base::receive_buffer_size(4096));
    theirs.connect(acceptor.local_endpoint());
    acceptor.accept(ours);
    ours.set_option(asio::socket_base::send_buffer_size(4096));
    std::vector<char> const content(file_size, 'x');
    REQUIRE(std::fwrite(content.data(), 1, content.size(), file) == content.size());
    REQUIRE(std::fflush(file) == 0);
  }
  connected(connected const&) = delete;
  connected& operator=(connected const&) = delete;
  ~connected() { std::fclose(file); }

  std::size_t send(asio::error_code& why) {
    return detail::send_file(ours.native_handle(), {::fileno(file), 0, file_size}, why);
  }
};

bool sigpipe_is_pending() {
  sigset_t pending;
  ::sigpending(&pending);
  return sigismember(&pending, SIGPIPE) == 1;
}

}  // namespace

// SIGPIPE ends a program that does nothing about it, as this one: that it gets on is the test.

TEST_CASE("a file sent where nothing can be sent is an error and no signal") {
  connected pair;
  pair.ours.shutdown(asio::ip::tcp::socket::shutdown_send);
  asio::error_code why;
  CHECK(pair.send(why) == 0);
  CHECK(why.value() == EPIPE);
}

TEST_CASE("a peer that goes while it is sent a file raises no signal either") {
  connected pair;
  pair.theirs.shutdown(asio::ip::tcp::socket::shutdown_send);  // else it is ECONNRESET
  std::thread peer([&] {
    char one;
    asio::read(pair.theirs, asio::buffer(&one, 1));  // the sending has begun, and waits for room
    pair.theirs.close();
  });
  asio::error_code why;
  auto const sent = pair.send(why);
  peer.join();
  CHECK(sent > 0);  // the signal came although the call went well
  CHECK(sent < file_size);
  CHECK_FALSE(why);
  CHECK_FALSE(sigpipe_is_pending());
}

TEST_CASE("a program that has blocked SIGPIPE keeps it so") {
  sigset_t pipe, before, now;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  REQUIRE(::pthread_sigmask(SIG_BLOCK, &pipe, &before) == 0);
  {
    connected pair;
    pair.ours.shutdown(asio::ip::tcp::socket::shutdown_send);
    asio::error_code why;
    pair.send(why);
    ::pthread_sigmask(SIG_SETMASK, nullptr, &now);
    CHECK(sigismember(&now, SIGPIPE) == 1);
  }
#if defined(__linux__)
  CHECK(sigpipe_is_pending());  // it is the program's to take
  timespec const at_once{};
  ::sigtimedwait(&pipe, nullptr, &at_once);
#endif
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}
