#include <wend/net/blocking.hpp>
//
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/server.hpp>
#include <wend/net/stream.hpp>

#include <chrono>
#include <future>
#include <istream>
#include <memory>
#include <numeric>
#include <string>
#include <thread>

#include "support/catch.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

namespace {

std::string get_once(background_server& web, std::string path) {
  peer p(web.port());
  p.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  return p.rest();
}

}  // namespace

TEST_CASE("a blocking handler does not hold up the others", "[net][blocking]") {
  std::promise<void> entered, leave;
  auto const app = routes(get<"/slow/{n:int}">(blocking([&](int n) {
                            entered.set_value();
                            leave.get_future().wait();
                            return std::pair(status::accepted, n);
                          })),
                          get<"/quick">([] { return "quick\n"; }));
  background_server web(app, {.port = 0});
  peer slow(web.port());
  slow.send("GET /slow/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  entered.get_future().wait();
  CHECK(get_once(web, "/quick").ends_with("quick\n"));
  leave.set_value();
  auto const out = slow.rest();
  CHECK(out.starts_with("HTTP/1.1 202 "));
  CHECK(out.ends_with("\r\n\r\n7"));
}

TEST_CASE("what a blocking handler throws is answered", "[net][blocking]") {
  auto const app = routes(get<"/problem">(blocking([]() -> int { throw problem(status::gone); })),
                          get<"/throw">(blocking([]() -> int { throw 42; })),
                          del<"/">(blocking([] {})));
  background_server web(app, {.port = 0, .on_error = {}});
  CHECK(get_once(web, "/problem").starts_with("HTTP/1.1 410 "));
  CHECK(get_once(web, "/throw").starts_with("HTTP/1.1 500 "));
  peer p(web.port());
  p.send("DELETE / HTTP/1.0\r\n\r\n");
  CHECK(p.rest().starts_with("HTTP/1.1 204 "));
}

TEST_CASE("a blocking handler reads the body as a stream", "[net][blocking]") {
  auto const app = routes(post<"/sum">(blocking([](std::istream& in) {
                            long sum = 0, n = 0;
                            while (in >> n)
                              sum += n;
                            return sum;
                          })),
                          post<"/none">(blocking([](std::istream&) { return "none\n"; })));
  background_server web(app, {.port = 0, .on_error = {}});
  SECTION("that comes with a length") {
    std::string body;
    for (int i = 1; i <= 100'000; ++i)
      body += std::to_string(i) + "\n";
    peer p(web.port());
    p.send("POST /sum HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n");
    p.send(body);
    CHECK(p.rest().ends_with("\r\n\r\n5000050000"));
  }
  SECTION("that comes in chunks") {
    peer p(web.port());
    p.send(
        "POST /sum HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
    p.send("3\r\n1 2\r\n2\r\n 3\r\n0\r\n\r\n");
    CHECK(p.rest().ends_with("\r\n\r\n6"));
  }
  SECTION("that is malformed") {
    peer p(web.port());
    p.send("POST /sum HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n1 2\r\nx\r\n");
    CHECK(p.rest().starts_with("HTTP/1.1 400 "));
  }
  SECTION("that is too large") {
    peer p(web.port());
    p.send("POST /sum HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
    CHECK(p.rest().starts_with("HTTP/1.1 413 "));
  }
  SECTION("and leaves it unread") {
    peer p(web.port());
    p.send("POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    p.send("POST /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    auto const out = p.rest();
    CHECK(out.find("none\nHTTP/1.1 200 OK") != out.npos);
  }
}

TEST_CASE("a stream is refused on the thread of the loop", "[net][blocking]") {
  auto const app = routes(post<"/">([](std::istream& in) { return in.get(); }));
  background_server web(app, {.port = 0, .on_error = {}});
  peer p(web.port());
  p.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
  CHECK(p.until("\r\n").starts_with("HTTP/1.1 500 "));
}

TEST_CASE("a stopping server waits for a blocking handler", "[net][blocking]") {
  std::promise<void> entered, leave;
  auto const app = routes(get<"/">(blocking([&] {
    entered.set_value();
    leave.get_future().wait();
    return "done\n";
  })));
  background_server web(app, {.port = 0});
  peer p(web.port());
  p.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  entered.get_future().wait();
  std::thread stopper([&] { web.stop(); });
  leave.set_value();
  CHECK(p.rest().ends_with("done\n"));
  stopper.join();
}

TEST_CASE("a server may go while a blocking handler waits for a body", "[net][blocking]") {
  auto const app = routes(put<"/">(blocking([](std::istream& in) {
    std::string word;
    in >> word;
    return word;
  })));
  asio::io_context io(1);
  auto web = std::make_unique<server>(io, app, server_options{.port = 0});
  std::thread client([port = web->port()] {
    peer p(port);
    p.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
    p.rest();
  });
  asio::steady_timer later(io, std::chrono::milliseconds(200));
  later.async_wait([&](asio::error_code) { web.reset(); });
  io.run();
  client.join();
  CHECK(web == nullptr);
}
