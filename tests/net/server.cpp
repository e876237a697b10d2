#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/server.hpp>

#include <atomic>
#include <csignal>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <unistd.h>

#include "support/catch.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

namespace {

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + what.size()))
    ++n;
  return n;
}

std::string const large(3'000'000, 'x');

auto const api = routes(get<"/">([] { return "up\n"; }),
                        get<"/large">([] { return std::string_view(large); }),
                        post<"/echo", max_body<4_MiB>>([](body b) { return b.bytes; }),
                        get<"/peer">([](request& r) { return r.peer; }),
                        get<"/throw">([]() -> int { throw std::runtime_error("inside"); }));

}  // namespace

TEST_CASE("a server answers requests, one after the other and in bulk", "[net][server]") {
  background_server web(api, {.port = 0});
  REQUIRE(web.port() != 0);

  SECTION("over one connection") {
    peer p(web.port());
    for (int i = 0; i < 3; ++i) {
      p.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      CHECK(p.until("up\n").starts_with("HTTP/1.1 200 OK\r\n"));
    }
  }
  SECTION("pipelined") {
    peer p(web.port());
    std::string all;
    for (int i = 0; i < 500; ++i)
      all += "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    p.send(all);
    p.end();
    CHECK(count(p.rest(), "\r\n\r\nup\n") == 500);
  }
  SECTION("large ones both ways") {
    peer p(web.port());
    std::thread sender([&] {
      p.send("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
             std::to_string(large.size()) + "\r\n\r\n" + large);
    });
    auto const out = p.rest();
    sender.join();
    CHECK(out.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(out.ends_with("\r\n\r\n" + large));
  }
  SECTION("from a peer that is known") {
    peer p(web.port());
    p.send("GET /peer HTTP/1.0\r\n\r\n");
    CHECK(p.rest().find("\r\n\r\n127.0.0.1:") != std::string::npos);
  }
}

TEST_CASE("a refused request is answered, and the connection closed", "[net][server]") {
  background_server web(api, {.port = 0});
  peer p(web.port());
  p.send(
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
  auto const out = p.rest();
  CHECK(out.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(count(out, "HTTP/1.1") == 1);
}

TEST_CASE("a refused HEAD is answered without content", "[net][server]") {
  background_server web(api, {.port = 0});
  peer p(web.port());
  p.send("HEAD / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n");
  auto const out = p.rest();
  CHECK(out.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(out.ends_with("\r\n\r\n"));
}

TEST_CASE("a peer that vanishes harms nobody", "[net][server]") {
  background_server web(api, {.port = 0});
  for (int i = 0; i < 20; ++i) {
    peer p(web.port());
    p.send(i % 2 == 0 ? "GET /large HTTP/1.1\r\nHost: x\r\n\r\n" : "GET / HT");
  }
  peer p(web.port());
  p.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(p.rest().ends_with("up\n"));
}

TEST_CASE("an exception of a handler is told, and the next request served", "[net][server]") {
  std::promise<std::string> told;
  background_server web(api, {.port = 0, .on_error = [&](request const& in, std::exception_ptr) {
                                told.set_value(std::string(in.target.raw));
                              }});
  peer p(web.port());
  p.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(p.until("}").starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
  CHECK(told.get_future().get() == "/throw");
  p.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(p.until("up\n").starts_with("HTTP/1.1 200"));
}

TEST_CASE("an error hook that throws harms nobody", "[net][server]") {
  background_server web(api, {.port = 0, .on_error = [](request const&, std::exception_ptr e) {
                                std::rethrow_exception(e);
                              }});
  peer p(web.port());
  p.send("GET /throw HTTP/1.0\r\n\r\n");
  CHECK(p.rest().starts_with("HTTP/1.1 500 "));
}

static_assert(!std::is_constructible_v<background_server, decltype(routes()), server_options>);
static_assert(
    std::is_constructible_v<background_server, decltype(routes()) const&, server_options>);

TEST_CASE("a port that is taken is told to the caller", "[net][server]") {
  background_server const web(api, {.port = 0});
  CHECK_THROWS_WITH(
      background_server(api, {.port = web.port()}),
      Catch::Matchers::Contains("wend: cannot listen on 127.0.0.1:" + std::to_string(web.port())));
  CHECK_THROWS_AS(background_server(api, {.address = "999.1.1.1", .port = 0}), std::system_error);
}

TEST_CASE("several servers run on one loop of the user's", "[net][server]") {
  auto const other = routes(get<"/">([] { return "other\n"; }));
  asio::io_context io;
  server one(io, api, {.port = 0});
  server two(io, other, {.port = 0});
  std::thread loop([&] { io.run(); });
  for (auto const& [port, end] :
       {std::pair(one.port(), "up\n"), std::pair(two.port(), "other\n")}) {
    peer p(port);
    p.send("GET / HTTP/1.0\r\n\r\n");
    CHECK(p.rest().ends_with(end));
  }
  one.stop();
  two.stop();
  loop.join();  // nothing is left to do
}

TEST_CASE("a server may go before its loop runs, and its loop before its peers", "[net][server]") {
  asio::io_context io;
  {
    server web(io, api, {.port = 0});
    peer const p(web.port());
    io.run_one_for(std::chrono::seconds(5));
  }
  CHECK(io.run() > 0);
}

TEST_CASE("a stopped server lets a request in flight finish", "[net][server]") {
  std::promise<void> entered, leave;
  auto const slow = routes(get<"/quick">([] { return "quick\n"; }), get<"/slow">([&] {
                             entered.set_value();
                             leave.get_future().wait();
                             return "done\n";
                           }));
  background_server web(slow, {.port = 0});
  peer busy(web.port()), idle(web.port());
  busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  entered.get_future().wait();
  peer queued(web.port());  // its connection is made, but nobody has time to accept it
  queued.send("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
  std::thread stopper([&] { web.stop(); });
  leave.set_value();
  auto const out = busy.rest();
  CHECK(out.ends_with("done\n"));
  CHECK(idle.rest().empty());
  CHECK(queued.rest().ends_with("quick\n"));
  stopper.join();
}

TEST_CASE("a stop that meets a due tick ends all the same", "[net][server]") {
  asio::io_context io;
  server web(io, api, {.port = 0});
  asio::steady_timer late(io, std::chrono::milliseconds(1));
  late.async_wait([&](asio::error_code) {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));  // the tick is due meanwhile
    web.stop();
  });
  io.run_for(std::chrono::seconds(20));
  CHECK(io.stopped());
}

TEST_CASE("accepting pauses at the limit of connections", "[net][server]") {
  background_server web(api, {.port = 0, .limits = {.connections = 2}});
  auto first = std::make_unique<peer>(web.port());
  peer second(web.port()), third(web.port());
  first->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  first->until("up\n");
  second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  second.until("up\n");
  third.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");  // waits in the backlog
  first.reset();
  CHECK(third.until("up\n").ends_with("up\n"));
}

TEST_CASE("a server listens in the file system", "[net][server]") {
  char name[] = "/tmp/wend-test-XXXXXX";
  std::string const folder = ::mkdtemp(name), path = folder + "/socket";
  {
    background_server web(api, {.address = "unix:" + path});
    CHECK(web.port() == 0);
    asio::io_context io;
    asio::local::stream_protocol::socket p(io);
    p.connect(path);
    asio::write(p, asio::buffer(std::string("GET /peer HTTP/1.0\r\n\r\n")));
    std::string out;
    asio::error_code end;
    asio::read(p, asio::dynamic_buffer(out), end);
    CHECK(out.ends_with("\r\n\r\nunix"));
  }
  CHECK(::access(path.c_str(), F_OK) != 0);
  ::rmdir(folder.c_str());
}

TEST_CASE("a draining server says that each response is the last", "[net][server]") {
  readiness ready;
  background_server web(api, {.port = 0, .ready = &ready});
  CHECK(ready);
  peer idle(web.port()), quiet(web.port());
  idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(idle.until("up\n").find("Connection") == std::string::npos);
  std::thread drainer([&] { web.drain(std::chrono::seconds(4)); });
  while (ready)
    std::this_thread::yield();
  idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");  // on its way when the server began to drain
  auto const out = idle.rest();
  CHECK(out.find("Connection: close\r\n") != out.npos);
  CHECK(out.ends_with("up\n"));
  CHECK(quiet.rest().empty());
  drainer.join();
}

TEST_CASE("where there are many connections, idle ones are small and served all the same",
          "[net][server]") {
  auto const send = [](asio::ip::tcp::socket& s, std::string_view text) {
    asio::write(s, asio::buffer(text));
  };
  auto const receive = [](asio::ip::tcp::socket& s, std::string_view mark) {
    std::string out;
    asio::error_code failed;
    asio::read_until(s, asio::dynamic_buffer(out), mark, failed);
    return out;
  };

  SECTION("again and again, in pieces and in bulk") {
    background_server web(api, {.port = 0});
    wend::test::crowd all(web.port());
    for (int round = 0; round < 3; ++round) {
      for (auto& p : all.peers)
        send(p, "GET / HT");
      for (auto& p : all.peers)
        send(p, "TP/1.1\r\nHost: x\r\n\r\nGET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
      for (auto& p : all.peers) {
        auto const out = receive(p, "Allowed\",\"status\":405}");
        REQUIRE(count(out, "\r\n\r\nup\n") == 1);
        REQUIRE(count(out, "HTTP/1.1 ") == 2);
      }
    }
    all.peers.clear();  // they leave while they are idle
    peer after(web.port());
    after.send("GET / HTTP/1.0\r\n\r\n");
    CHECK(after.rest().ends_with("up\n"));
  }
  SECTION("until they have been idle for too long") {
    background_server web(api, {.port = 0, .limits = {.keep_alive = std::chrono::milliseconds(1)}});
    wend::test::crowd all(web.port());
    for (auto& p : all.peers)
      CHECK(receive(p, "anything").empty());
  }
  SECTION("when the server drains") {
    readiness ready;
    background_server web(api, {.port = 0, .ready = &ready});
    wend::test::crowd all(web.port());
    for (auto& p : all.peers) {
      send(p, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      REQUIRE(receive(p, "up\n").ends_with("up\n"));
    }
    std::thread draining([&] { web.drain(std::chrono::seconds(20)); });
    while (ready)
      std::this_thread::yield();
    for (auto& p : all.peers) {
      send(p, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      auto const out = receive(p, "up\n");
      CHECK(count(out, "Connection: close") == 1);
    }
    draining.join();
  }
}

TEST_CASE("a PROXY header names the client", "[net][server]") {
  background_server web(api, {.port = 0, .proxy_protocol = true});
  peer p(web.port());
  SECTION("in text, in one piece with the request") {
    p.send("PROXY TCP4 203.0.113.9 10.0.0.1 4711 80\r\nGET /peer HTTP/1.0\r\n\r\n");
    CHECK(p.rest().ends_with("\r\n\r\n203.0.113.9:4711"));
  }
  SECTION("in binary, byte by byte") {
    std::string const header(
        "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xcb\0\x71\x09\x0a\0\0\1\x12\x67\0\x50", 28);
    for (char const c : header)
      p.send(std::string(1, c));
    p.send("GET /peer HTTP/1.0\r\n\r\n");
    CHECK(p.rest().ends_with("\r\n\r\n203.0.113.9:4711"));
  }
  SECTION("and a connection without one is closed") {
    p.send("GET /peer HTTP/1.0\r\n\r\n");
    CHECK(p.rest().empty());
  }
}

TEST_CASE("a program of several loops ends although a handler does not", "[net][server]") {
  std::atomic<int> begun = 0;
  auto const deaf = routes(get<"/">([&]() -> asio::awaitable<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    co_await asio::this_coro::throw_if_cancelled(false);
    ++begun;
    asio::error_code ignored;
    while (true)
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }));
  detail::server_group group(
      deaf, {.port = 0, .threads = 2, .limits = {.drain = std::chrono::milliseconds(1)}});
  std::thread runner([&] { group.run(); });
  std::vector<std::unique_ptr<peer>> all;
  for (int i = 0; i < 8; ++i) {  // on both loops, most likely
    all.push_back(std::make_unique<peer>(group.port()));
    all.back()->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  while (begun < 8)
    std::this_thread::yield();
  std::raise(SIGTERM);
  runner.join();
  CHECK(begun == 8);
}

TEST_CASE("the limit of connections is shared by the loops of a program", "[net][server]") {
  detail::server_group group(
      api,
      {.port = 0, .threads = 2, .limits = {.connections = 4, .drain = std::chrono::seconds(0)}});
  std::thread runner([&] { group.run(); });
  std::vector<std::unique_ptr<peer>> all;
  for (int i = 0; i < 12; ++i) {
    all.push_back(std::make_unique<peer>(group.port()));
    all.back()->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  // whoever is served leaves, so that in the end everybody was
  std::size_t served = 0;
  while (!all.empty())
    for (auto at = all.begin(); at != all.end();) {
      if ((*at)->has_answer()) {
        ++served;
        at = all.erase(at);
      } else {
        ++at;
      }
    }
  CHECK(served == 12);
  std::raise(SIGTERM);
  runner.join();
}
