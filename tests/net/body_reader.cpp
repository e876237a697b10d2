#include <wend/net/body_reader.hpp>
//
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/server.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "support/catch.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

namespace {

auto const app = routes(
    put<"/blobs/{name}", max_body<64_MiB>>(
        [](std::string_view name, body_reader& in, request& r) -> asio::awaitable<std::string> {
          std::size_t size = 0;
          while (auto const piece = co_await in.read()) {
            size += piece->size();
            if (piece->size() > 64 * 1024) throw std::logic_error("a piece is too large");
          }
          co_return std::string(name) + " " + std::to_string(size) + " " +
              std::string(r.trailers.get("X-Sum").value_or("-")) + "\n";
        }),
    put<"/first">([](body_reader& in) -> asio::awaitable<std::string> {
      auto const piece = co_await in.read();
      co_return std::string(piece ? piece->substr(0, 1) : "-") + "\n";
    }),
    put<"/none">([](body_reader&) -> asio::awaitable<std::string> { co_return "none\n"; }),
    put<"/small", max_body<10>>([](body_reader& in) -> asio::awaitable<std::string> {
      while (co_await in.read()) {
      }
      co_return "small\n";
    }),
    put<"/slowly", max_body<1024 * 1_GiB>>([](body_reader& in) -> asio::awaitable<std::string> {
      while (co_await in.read())  // for longer than the client needs to send as much
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      co_return "slowly\n";
    }),
    get<"/now">([] { return "now\n"; }));

}  // namespace

TEST_CASE("a body is read as it comes", "[net][body_reader]") {
  background_server web(app, {.port = 0});
  peer p(web.port());
  SECTION("with a length") {
    std::string const body(5'000'000, 'x');
    p.send("PUT /blobs/a HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n");
    p.send(body);
    CHECK(p.until("-\n").ends_with("a 5000000 -\n"));
  }
  SECTION("in chunks, with trailers") {
    p.send("PUT /blobs/b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    p.send("6\r\n world\r\n0\r\nX-Sum: 11\r\n\r\n");
    CHECK(p.until("11\n").ends_with("b 11 11\n"));
  }
  SECTION("that is empty") {
    p.send("PUT /blobs/c HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    CHECK(p.until("-\n").ends_with("c 0 -\n"));
  }
  SECTION("after the client was told to continue") {
    p.send("PUT /blobs/d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK(p.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    p.send("abc");
    CHECK(p.until("-\n").ends_with("d 3 -\n"));
  }
}

TEST_CASE("a body that is left unread does no harm", "[net][body_reader]") {
  background_server web(app, {.port = 0});
  peer p(web.port());
  std::string const now = "GET /now HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  SECTION("a small rest is skipped") {
    p.send("PUT /first HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n" +
           std::string(40'000, 'y') + now);
    auto const out = p.rest();
    CHECK(out.find("y\nHTTP/1.1 200 OK") != out.npos);
    CHECK(out.ends_with("now\n"));
  }
  SECTION("a large one closes the connection") {
    p.send("PUT /first HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n" +
           std::string(100'000, 'y'));
    auto const out = p.rest();
    CHECK(out.find("Connection: close\r\n") != out.npos);
    CHECK(out.ends_with("y\n"));
  }
  SECTION("nobody is told to continue") {
    p.send("PUT /none HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    auto const out = p.rest();
    CHECK(out.starts_with("HTTP/1.1 200 OK"));
    CHECK(out.find("Connection: close\r\n") != out.npos);
  }
}

TEST_CASE("a body that never pauses lets others have their turn", "[net][body_reader]") {
  background_server web(app, {.port = 0});
  peer sender(web.port()), other(web.port());
  sender.send("PUT /slowly HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::atomic<bool> enough = false;
  std::thread sending([&] {
    std::string const chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    while (!enough)
      sender.send(chunk);
    sender.send("0\r\n\r\n");
  });
  for (int i = 0; i < 3; ++i) {
    other.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(other.until("now\n").ends_with("now\n"));
  }
  enough = true;
  sending.join();
  CHECK(sender.until("slowly\n").ends_with("slowly\n"));
}

TEST_CASE("a body that does not fit is refused", "[net][body_reader]") {
  background_server web(app, {.port = 0, .on_error = {}});
  peer p(web.port());
  SECTION("by its length") {
    p.send("PUT /small HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n");
    CHECK(p.rest().starts_with("HTTP/1.1 413 "));
  }
  SECTION("by its chunks") {
    p.send(
        "PUT /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n");
    CHECK(p.rest().starts_with("HTTP/1.1 413 "));
  }
  SECTION("when it is malformed") {
    p.send("PUT /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    CHECK(p.rest().starts_with("HTTP/1.1 400 "));
  }
  SECTION("when it is cut short") {
    p.send("PUT /small HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc");
    p.end();
    CHECK(p.rest().starts_with("HTTP/1.1 400 "));
  }
}

TEST_CASE("a refused upload may be sent to its end", "[net][body_reader]") {
  background_server web(app, {.port = 0});
  peer p(web.port());
  p.send("PUT /small HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" +
         std::string(50'000, 'x'));
  CHECK(p.until("\r\n\r\n").starts_with("HTTP/1.1 413 "));
  p.send(std::string(50'000, 'x'));  // without a reset, which would take the answer with it
  CHECK(p.until("}").ends_with("}"));
}

TEST_CASE("a request that does not fit leaves its connection open", "[net][body_reader]") {
  auto const strict = routes(
      put<"/">([](query<"n", int>, body_reader&) -> asio::awaitable<void> { co_return; }),
      put<"/slowly", max_body<1024 * 1_GiB>>([](body_reader& in) -> asio::awaitable<std::string> {
        while (co_await in.read())  // for longer than the client needs to send as much
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        co_return "slowly\n";
      }),
      get<"/now">([] { return "now\n"; }));
  background_server web(strict, {.port = 0});
  peer p(web.port());
  p.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
  CHECK(p.until("}]}").starts_with("HTTP/1.1 400 "));
  p.send("GET /now HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(p.rest().ends_with("now\n"));
}

TEST_CASE("a handler that does not read its body is cancelled when its peer leaves",
          "[net][body_reader]") {
  std::promise<void> begun, cancelled;
  auto const waits = routes(put<"/">([&](body_reader&) -> asio::awaitable<void> {
    asio::steady_timer never(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    begun.set_value();
    asio::error_code why;
    co_await never.async_wait(asio::redirect_error(asio::use_awaitable, why));
    if (why) cancelled.set_value();
  }));
  background_server web(waits, {.port = 0});
  auto leaving = std::make_unique<peer>(web.port());
  leaving->send("PUT / HTTP/1.1\r\nHost: x\r\n\r\n");
  begun.get_future().wait();
  leaving.reset();
  CHECK(cancelled.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
}

TEST_CASE("a slow body is refused when its deadline passes", "[net][body_reader]") {
  background_server web(app,
                        {.port = 0, .limits = {.body_deadline = std::chrono::milliseconds(10)}});
  peer p(web.port());
  p.send("PUT /small HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc");
  CHECK(p.rest().starts_with("HTTP/1.1 408 "));
}
