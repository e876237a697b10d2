#include <wend/net/listen.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "support/catch.hpp"

using namespace wend::detail;

namespace {

/// A folder that goes with the test.
struct folder {
  folder() {
    char name[] = "/tmp/wend-test-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~folder() {
    std::remove((path + "/s").c_str());
    ::rmdir(path.c_str());
  }
  std::string path;
};

struct listener {
  asio::io_context io;
  stream_acceptor acceptor{io.get_executor()};
};

}  // namespace

TEST_CASE("a port is listened on, and named", "[net][listen]") {
  listener first, second;
  auto const port = listen(first.acceptor, "127.0.0.1", 0, false);
  CHECK(port > 0);
  CHECK_THROWS_WITH(listen(second.acceptor, "127.0.0.1", port, false),
                    Catch::Contains("wend: cannot listen on 127.0.0.1:" + std::to_string(port)));
  CHECK(address_text("::1", 80) == "http://[::1]:80");
  CHECK(address_text("unix:/run/x", 80) == "unix:/run/x");
}

TEST_CASE("a socket in the file system replaces one that nobody listens on", "[net][listen]") {
  folder const here;
  auto const address = "unix:" + here.path + "/s";
  {
    listener gone;
    CHECK(listen(gone.acceptor, address, 0, false) == 0);
    listener second;
    CHECK_THROWS(listen(second.acceptor, address, 0, false));  // somebody does
  }
  listener again;
  CHECK(listen(again.acceptor, address, 0, false) == 0);
}

TEST_CASE("a file that is no socket is not replaced", "[net][listen]") {
  folder const here;
  std::ofstream(here.path + "/s") << "mine";
  listener l;
  CHECK_THROWS(listen(l.acceptor, "unix:" + here.path + "/s", 0, false));
  std::string text;
  std::ifstream(here.path + "/s") >> text;
  CHECK(text == "mine");
}

TEST_CASE("a socket that listens already is taken over", "[net][listen]") {
  listener parent, child;
  auto const port = listen(parent.acceptor, "127.0.0.1", 0, false);
  CHECK(listen(child.acceptor, "fd:" + std::to_string(parent.acceptor.native_handle()), 0, false) ==
        port);
  asio::error_code ignored;
  parent.acceptor.close(ignored);
  asio::ip::tcp::socket peer(child.io);
  CHECK_NOTHROW(peer.connect({asio::ip::address_v4::loopback(), port}));
}

TEST_CASE("what is no listening socket is refused", "[net][listen]") {
  listener l;
  for (auto address : {"fd:", "fd:x", "fd:0", "fd:99999", "fd:-1", "systemd", "unix:"})
    CHECK_THROWS_AS(listen(l.acceptor, address, 0, false), std::system_error);
}

TEST_CASE("a unit of systemd passes its socket as descriptor 3", "[net][listen]") {
  CHECK(passed_sockets() == 0);
  ::setenv("LISTEN_FDS", "1", 1);
  ::setenv("LISTEN_PID", "1", 1);
  CHECK(passed_sockets() == 0);  // for another process
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  CHECK(passed_sockets() == 1);
  ::unsetenv("LISTEN_FDS");
  ::unsetenv("LISTEN_PID");
}
