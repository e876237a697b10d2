#include <wend/net/stream.hpp>
//
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/server.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "support/catch.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

namespace {

std::string get_once(background_server& web, std::string path, std::string version = "1.1") {
  peer p(web.port());
  p.send("GET " + path + " HTTP/" + version + "\r\nHost: x\r\nConnection: close\r\n\r\n");
  return p.rest();
}

auto const app = routes(get<"/rows/{n:int}">([](int n) {
                          return stream("text/csv", [n](writer& out) -> asio::awaitable<void> {
                            for (int i = 0; i < n; ++i)
                              co_await out.write(std::to_string(i) + "\n");
                          });
                        }),
                        get<"/fails">([] {
                          return stream("text/plain", [](writer& out) -> asio::awaitable<void> {
                            co_await out.write("begun");
                            throw std::runtime_error("broken");
                          });
                        }),
                        get<"/blocking">([] {
                          return stream("text/plain", blocking([](std::ostream& out) {
                                          for (int i = 0; i < 30'000; ++i)
                                            out << i << '\n';
                                        }));
                        }),
                        get<"/blocking-fails">([] {
                          return stream("text/plain", blocking([](std::ostream& out) {
                                          out << "begun" << std::flush;
                                          throw std::runtime_error("broken");
                                        }));
                        }),
                        get<"/late">([]() -> asio::awaitable<response> {
                          co_return to_response(stream(
                              "text/plain", [](writer&) -> asio::awaitable<void> { co_return; }));
                        }),
                        get<"/summed">([] {
                          return stream("text/plain", [](writer& out) -> asio::awaitable<void> {
                            co_await out.write("1\n2\n");
                            out.trailers().add("X-Sum", "3");
                            out.trailers().add("Server-Timing", "db;dur=3");
                          });
                        }),
                        get<"/summed-wrongly">([] {
                          return stream("text/plain", [](writer& out) -> asio::awaitable<void> {
                            co_await out.write("1\n2\n");
                            out.trailers().add("Content-Length", "3");
                          });
                        }),
                        get<"/tick">([] {
                          return stream("text/plain", [](writer& out) -> asio::awaitable<void> {
                            asio::steady_timer timer(co_await asio::this_coro::executor);
                            timer.expires_after(std::chrono::milliseconds(1));
                            co_await timer.async_wait(asio::use_awaitable);
                            co_await out.write("tick\n");
                          });
                        }),
                        get<"/late-large">([]() -> asio::awaitable<std::string> {
                          co_return std::string(4'000'000, 'x') + "\n";
                        }),
                        get<"/now">([] { return "now\n"; }));

std::string numbers(int n) {
  std::string out;
  for (int i = 0; i < n; ++i)
    out += std::to_string(i) + "\n";
  return out;
}

}  // namespace

TEST_CASE("content is made while it is sent", "[net][stream]") {
  background_server web(app, {.port = 0});
  SECTION("in chunks") {
    auto const out = get_once(web, "/rows/3");
    CHECK(out.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(out.find("Content-Type: text/csv\r\n") != out.npos);
    CHECK(out.ends_with("\r\n\r\n2\r\n0\n\r\n2\r\n1\n\r\n2\r\n2\n\r\n0\r\n\r\n"));
  }
  SECTION("to the end of the connection for HTTP/1.0") {
    auto const out = get_once(web, "/rows/100000", "1.0");
    CHECK(out.ends_with("\r\n\r\n" + numbers(100'000)));
  }
  SECTION("by code that writes to a std::ostream") {
    CHECK(get_once(web, "/blocking", "1.0").ends_with("\r\n\r\n" + numbers(30'000)));
  }
  SECTION("not at all for HEAD") {
    peer p(web.port());
    p.send(
        "HEAD /rows/3 HTTP/1.1\r\nHost: x\r\n\r\nGET /now HTTP/1.1\r\nHost: x\r\nConnection: "
        "close\r\n\r\n");
    auto const out = p.rest();
    CHECK(out.find("\r\n\r\nHTTP/1.1 200 OK") != out.npos);
    CHECK(out.ends_with("now\n"));
  }
  SECTION("and the next request is served after it") {
    peer p(web.port());
    p.send(
        "GET /rows/2 HTTP/1.1\r\nHost: x\r\n\r\nGET /late HTTP/1.1\r\nHost: x\r\n\r\nGET /now "
        "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(p.rest().ends_with("now\n"));
  }
}

TEST_CASE("fields may follow content", "[net][stream]") {
  background_server web(app, {.port = 0});
  CHECK(get_once(web, "/summed")
            .ends_with("\r\n\r\n4\r\n1\n2\n\r\n0\r\nX-Sum: 3\r\nServer-Timing: db;dur=3\r\n\r\n"));
  CHECK(get_once(web, "/summed", "1.0").ends_with("\r\n\r\n1\n2\n"));
  auto const wrong = get_once(web, "/summed-wrongly");
  CHECK(wrong.ends_with("1\n2\n\r\n"));  // and no last chunk
  peer p(web.port());
  p.send(
      "GET /summed HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /rows/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  auto const both = p.rest();
  CHECK(both.find("X-Sum") != both.npos);
  CHECK(both.find("X-Sum") == both.rfind("X-Sum"));  // they belong to the one answer
}

TEST_CASE("content that fails is visibly not complete", "[net][stream]") {
  std::atomic<int> failures = 0;
  background_server web(
      app, {.port = 0, .on_error = [&](request const&, std::exception_ptr) { ++failures; }});
  for (auto path : {"/fails", "/blocking-fails"}) {
    auto const out = get_once(web, path);
    CHECK(out.find("begun") != out.npos);
    CHECK(out.find("0\r\n\r\n") == out.npos);
    CHECK(out.find("HTTP/1.1", 1) == out.npos);  // no second status line
  }
  CHECK(failures == 2);
  CHECK(get_once(web, "/now").ends_with("now\n"));
}

TEST_CASE("content that fails takes no answer before it along", "[net][stream]") {
  std::promise<void> failed;
  background_server web(app, {.port = 0, .on_error = [&](request const&, std::exception_ptr) {
                                failed.set_value();
                              }});
  peer p(web.port());
  p.send("GET /rows/30000 HTTP/1.1\r\nHost: x\r\n\r\nGET /fails HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(failed.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  auto const out = p.rest();  // which a reset would have cut in the middle of the first
  CHECK(out.find("\r\n29999\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n") != out.npos);
  CHECK(out.ends_with("\r\n5\r\nbegun\r\n"));
}

TEST_CASE("a producer waits for a slow peer, and is cancelled when it leaves", "[net][stream]") {
  std::atomic<std::size_t> written = 0;
  std::promise<void> cancelled;
  auto const endless = routes(get<"/">([&] {
    return stream("text/plain", [&](writer& out) -> asio::awaitable<void> {
      std::string const piece(10'000, 'x');
      try {
        while (true) {
          co_await out.write(piece);
          written += piece.size();
        }
      } catch (asio::system_error const&) {
        cancelled.set_value();
        throw;
      }
    });
  }));
  background_server web(endless, {.port = 0, .on_error = {}});
  auto slow = std::make_unique<peer>(web.port());
  slow->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  slow->until("\r\n\r\n");
  // it stops when all buffers on the way are full: those of the system, and 64 KiB of ours
  std::size_t before = 0;
  do {
    before = written;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  } while (written != before);
  CHECK(before < 20'000'000);
  slow.reset();
  CHECK(cancelled.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
}

TEST_CASE("a connection among many may fall asleep right after what was made late",
          "[net][stream]") {
  background_server web(app, {.port = 0});
  wend::test::crowd others(web.port());
  SECTION("and its last flush finds it asleep") {
    for (std::size_t size = 2040; size <= 2056; ++size) {  // the input is full at one of them
      std::string all = "GET /tick HTTP/1.1\r\nHost: x\r\n\r\nGET /now HTTP/1.1\r\nHost: x\r\nX: ";
      all.append(size - all.size() - 4, 'x').append("\r\n\r\n");
      peer p(web.port());
      p.send(all);
      CHECK(p.until("now\n").find("tick\n") != std::string::npos);
      p.send("GET /now HTTP/1.0\r\n\r\n");
      CHECK(p.rest().ends_with("\r\n\r\nnow\n"));
    }
  }
  SECTION("and what waited to write finds it asleep") {
    for (int i = 0; i < 20; ++i) {
      peer p(web.port());
      p.send("GET /late-large HTTP/1.1\r\nHost: x\r\n\r\n");
      p.until("\r\n\r\nxxxx");
      p.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
      CHECK(p.until("now\n").size() > 3'999'990);
      p.send("GET /now HTTP/1.0\r\n\r\n");
      CHECK(p.rest().ends_with("\r\n\r\nnow\n"));
    }
  }
}

TEST_CASE("a producer with a quick peer lets others have their turn", "[net][stream]") {
  std::atomic<bool> enough = false;
  auto const both = routes(get<"/endless">([&] {
                             return stream("text/plain", [&](writer& out) -> asio::awaitable<void> {
                               std::string const piece(16 * 1024, 'x');
                               while (!enough) {  // slower than its peer
                                 std::this_thread::sleep_for(std::chrono::milliseconds(1));
                                 co_await out.write(piece);
                               }
                             });
                           }),
                           get<"/now">([] { return "now\n"; }));
  background_server web(both, {.port = 0});
  peer reader(web.port()), other(web.port());
  reader.send("GET /endless HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::string all;
  std::thread reading([&] { all = reader.rest(); });
  for (int i = 0; i < 3; ++i) {
    other.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(other.until("now\n").ends_with("now\n"));
  }
  enough = true;
  reading.join();
  CHECK(all.ends_with("0\r\n\r\n"));
}

TEST_CASE("what is pushed leaves while the producer waits", "[net][stream]") {
  std::promise<void> go_on;
  auto const app2 = routes(get<"/">([&] {
    return stream("text/plain", [&](writer& out) -> asio::awaitable<void> {
      co_await out.write("first");
      asio::steady_timer timer(co_await asio::this_coro::executor);
      auto released = go_on.get_future();
      while (released.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        timer.expires_after(std::chrono::milliseconds(5));
        co_await timer.async_wait(asio::use_awaitable);
      }
      co_await out.write("second");
    });
  }));
  background_server web(app2, {.port = 0});
  peer p(web.port());
  p.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(p.until("first").ends_with("first"));
  go_on.set_value();
  CHECK(p.rest().find("second") != std::string::npos);
}
