#include <wend/net/events.hpp>
//
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/server.hpp>

#include <atomic>
#include <string>

#include "support/catch.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

TEST_CASE("events are sent as they happen", "[net][events]") {
  auto const api = routes(get<"/ticks">([](header<"Last-Event-ID", int, -1> seen) {
    return events([from = *seen + 1](event_writer& out) -> asio::awaitable<void> {
      for (int n = from; n < from + 2; ++n)
        co_await out.send({.id = std::to_string(n), .event = "tick", .data = "two\nlines"});
      co_await out.comment("done");
    });
  }));
  background_server web(api, {.port = 0});
  peer p(web.port());
  p.send("GET /ticks HTTP/1.0\r\nLast-Event-ID: 6\r\n\r\n");
  auto const out = p.rest();
  CHECK(out.find("Content-Type: text/event-stream\r\n") != out.npos);
  CHECK(out.find("Cache-Control: no-store\r\n") != out.npos);
  auto const body = out.substr(out.find("\r\n\r\n") + 4);
  CHECK(body.find("id: 7\n") != body.npos);
  CHECK(body.find("id: 8\n") != body.npos);
  CHECK(body.find("data: two\ndata: lines\n\n") != body.npos);
  CHECK(body.ends_with(": done\n\n"));
}

TEST_CASE("an idle stream of events has a heartbeat", "[net][events]") {
  auto const api = routes(get<"/">([] {
    return events(
        [](event_writer&) -> asio::awaitable<void> {
          asio::steady_timer never(co_await asio::this_coro::executor,
                                   asio::steady_timer::time_point::max());
          co_await never.async_wait(asio::use_awaitable);
        },
        {.heartbeat = std::chrono::milliseconds(1)});
  }));
  background_server web(api, {.port = 0});
  peer p(web.port());
  p.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  p.until("\r\n\r\n");
  CHECK(p.until(":\n\n\r\n").ends_with("3\r\n:\n\n\r\n"));
  CHECK(p.until(":\n\n\r\n").ends_with("3\r\n:\n\n\r\n"));
}

TEST_CASE("a server that drains ends its streams of events", "[net][events]") {
  auto const api = routes(get<"/">([] {
    return events([](event_writer& out) -> asio::awaitable<void> {
      co_await out.send({.data = "begun"});
      asio::steady_timer never(co_await asio::this_coro::executor,
                               asio::steady_timer::time_point::max());
      co_await never.async_wait(asio::use_awaitable);
    });
  }));
  std::atomic<int> failures = 0;
  background_server web(
      api, {.port = 0, .on_error = [&](request const&, std::exception_ptr) { ++failures; }});
  peer p(web.port());
  p.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  p.until("begun\n\n\r\n");
  web.drain(std::chrono::minutes(1));  // which it does not take
  CHECK(p.rest() == "0\r\n\r\n");
  CHECK(failures == 0);
}
