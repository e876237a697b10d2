#include <wend/extra/http_client.hpp>
//
#include <wend/wend.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "support/catch.hpp"
#include "support/parrot.hpp"

using namespace wend;
using wend::test::parrot;

namespace {

std::string base(background_server const& web) {
  return "http://127.0.0.1:" + std::to_string(web.port());
}

auto service_for_clients() {
  return routes(get<"/echo/{x}">([](std::string_view x) { return std::string(x); }),
                any<"/mirror">([](request& in, body b) {
                  response out(status::ok, "text/plain", std::string(b.bytes));
                  out.set("X-Method", in.method.name());
                  out.set("X-Secret", in.field("Authorization").value_or("none"));
                  return out;
                }),
                get<"/peer">([](request& in) { return std::string(in.peer); }),
                get<"/close">([] {
                  response out(status::ok, "text/plain", "bye");
                  out.set("Connection", "close");
                  return out;
                }),
                get<"/stream">([] { return json_array(std::vector<int>(100'000, 7)); }),
                get<"/large">([] { return std::string(100'000, 'x'); }),
                get<"/loop">([] { return redirect("/loop"); }),
                any<"/see-other">([] { return redirect("mirror"); }),
                any<"/again">([] { return redirect("/mirror", status::temporary_redirect); }),
                get<"/never">([](request&) -> asio::awaitable<int> {
                  asio::steady_timer timer(co_await asio::this_coro::executor,
                                           std::chrono::hours(1));
                  co_await timer.async_wait(asio::use_awaitable);
                  co_return 0;
                }));
}

}  // namespace

TEST_CASE("a client gets what a server sends", "[extra][http_client]") {
  auto const api = service_for_clients();
  background_server web(api, {.port = 0});
  http_client client;
  CHECK(client.get(base(web) + "/echo/a%20b").body == "a b");
  CHECK(client.get(base(web) + "/none").status == status::not_found);
  CHECK(client.get(base(web) + "/large").body == std::string(100'000, 'x'));
  auto const streamed = client.get(base(web) + "/stream");
  CHECK(streamed.body.size() == 200'001);
  CHECK(streamed.fields.get("Content-Type") == "application/json");
  auto const sent = client.request({.method = method::put,
                                    .url = base(web) + "/mirror",
                                    .body = std::string(300'000, 'y'),
                                    .content_type = "text/plain"});
  CHECK(sent.body.size() == 300'000);
  CHECK(sent.fields.get("X-Method") == "PUT");
  CHECK(client.request({.method = method::head, .url = base(web) + "/large"}).body.empty());
}

TEST_CASE("a client keeps its connection", "[extra][http_client]") {
  auto const api = service_for_clients();
  background_server web(api, {.port = 0});
  http_client client;
  auto const first = client.get(base(web) + "/peer").body;
  CHECK(client.get(base(web) + "/peer").body == first);
  CHECK(client.idle() == 1);
  CHECK(client.get(base(web) + "/close").body == "bye");
  CHECK(client.idle() == 0);
  CHECK(client.get(base(web) + "/peer").body != first);

  http_client hasty({.idle = 0});
  auto const one = hasty.get(base(web) + "/peer").body;
  CHECK(hasty.get(base(web) + "/peer").body != one);
}

TEST_CASE("a client follows redirects as a browser does", "[extra][http_client]") {
  auto const api = service_for_clients();
  background_server web(api, {.port = 0});
  http_client client;
  auto const see = client.request({.method = method::post,
                                   .url = base(web) + "/see-other",
                                   .body = "content",
                                   .content_type = "text/plain"});
  CHECK(see.fields.get("X-Method") == "GET");
  CHECK(see.body.empty());
  auto const again = client.request({.method = method::post,
                                     .url = base(web) + "/again",
                                     .body = "content",
                                     .content_type = "text/plain"});
  CHECK(again.fields.get("X-Method") == "POST");
  CHECK(again.body == "content");
  CHECK_THROWS_AS(client.get(base(web) + "/loop"), client_error);
  http_client still({.redirects = 0});
  CHECK(still.get(base(web) + "/loop").status == status::see_other);
}

TEST_CASE("a secret stays with the server that it is for", "[extra][http_client]") {
  auto const api = service_for_clients();
  background_server web(api, {.port = 0});
  fields secret;
  secret.add("Authorization", "Bearer x");
  http_client client;
  auto const same = client.request({.url = base(web) + "/see-other", .fields = secret});
  CHECK(same.fields.get("X-Secret") == "Bearer x");
  parrot const elsewhere("HTTP/1.1 307 x\r\nLocation: " + base(web) +
                         "/mirror\r\nContent-Length: 0\r\n\r\n");
  auto const other = client.request({.url = elsewhere.url(), .fields = secret});
  CHECK(other.fields.get("X-Secret") == "none");

  // nor does it follow one that is sent with every request
  http_client always({.fields = secret});
  CHECK(always.get(base(web) + "/mirror").fields.get("X-Secret") == "Bearer x");
  parrot const again("HTTP/1.1 302 x\r\nLocation: " + base(web) +
                     "/mirror\r\nContent-Length: 0\r\n\r\n");
  CHECK(always.get(again.url()).fields.get("X-Secret") == "none");
}

TEST_CASE("a redirect that cannot be followed is told", "[extra][http_client]") {
  parrot const elsewhere(
      "HTTP/1.1 302 x\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n");
  http_client client;
  CHECK_THROWS_AS(client.get(elsewhere.url()), client_error);
}

TEST_CASE("what a server says unasked is no answer", "[extra][http_client]") {
  std::string const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  parrot const peer(answer + "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", 2);
  http_client client;
  CHECK(client.get(peer.url()).body == "ok");
  CHECK(client.get(peer.url()).body == "ok");
}

TEST_CASE("an answer may come before the request is sent", "[extra][http_client]") {
  std::string const large(20'000'000, 'x');
  SECTION("and be all there is to say") {
    std::atomic<bool> over = false;
    test::raw_server const peer([&](asio::ip::tcp::socket& s) {
      std::string request;
      asio::read_until(s, asio::dynamic_buffer(request), "\r\n\r\n");
      asio::write(s, asio::buffer("HTTP/1.1 413 x\r\nContent-Length: 3\r\n\r\nbig", 43));
      while (!over)  // reads no more, and stays
        std::this_thread::yield();
    });
    http_client client;
    auto const out = client.request({.method = method::post, .url = peer.url(), .body = large});
    CHECK(out.status == status::content_too_large);
    CHECK(out.body == "big");
    CHECK(client.idle() == 0);
    over = true;
  }
  SECTION("and the server go at once") {
    std::string const refusal = "HTTP/1.1 413 x\r\nContent-Length: 3\r\n\r\nbig";
    test::parrot const peer(refusal, 3);
    http_client client;
    for (int i = 0; i < 3; ++i) {
      try {
        CHECK(client.request({.method = method::post, .url = peer.url(), .body = large}).body ==
              "big");
      } catch (client_error const&) {  // the reset has overtaken the answer
      }
      CHECK(client.idle() == 0);
    }
  }
  SECTION("and be as long as that") {
    test::raw_server const echo([&](asio::ip::tcp::socket& s) {
      std::string text;
      auto const head = asio::read_until(s, asio::dynamic_buffer(text), "\r\n\r\n");
      text.erase(0, head);
      asio::write(s, asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n", 45));
      asio::write(s, asio::buffer(text));
      std::array<char, 65536> buffer;
      for (auto left = large.size() - text.size(); left > 0;) {
        auto const n = s.read_some(asio::buffer(buffer));
        asio::write(s, asio::buffer(buffer, n));
        left -= n;
      }
    });
    http_client client;
    CHECK(client.request({.method = method::post, .url = echo.url(), .body = large}).body == large);
    CHECK(client.idle() == 1);
  }
}

TEST_CASE("a connection that the server has closed is not used", "[extra][http_client]") {
  test::parrot const peer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 2);
  http_client client;
  CHECK(client.request({.method = method::post, .url = peer.url()}).body == "ok");
  CHECK(client.idle() == 1);
  peer.wait_for(1);
  CHECK(client.request({.method = method::post, .url = peer.url()}).body == "ok");
}

TEST_CASE("a connection that is no longer HTTP is not kept", "[extra][http_client]") {
  test::parrot const peer("HTTP/1.1 101 x\r\nUpgrade: y\r\n\r\n");
  http_client client;
  CHECK(client.get(peer.url()).status == status::switching_protocols);
  CHECK(client.idle() == 0);
}

TEST_CASE("a client with a loop of its own does not wait on another one", "[extra][http_client]") {
  http_client client;
  CHECK_THROWS_AS(block_on(client.async_request({.url = "http://127.0.0.1:1/"})), std::logic_error);
}

TEST_CASE("a redirect may have content that nobody can read", "[extra][http_client]") {
  auto const api = service_for_clients();
  background_server web(api, {.port = 0});
  test::parrot const peer("HTTP/1.1 302 x\r\nLocation: " + base(web) +
                          "/echo/a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  http_client client({.timeout = std::chrono::milliseconds::max()});
  CHECK(client.get(peer.url()).body == "a");
}

TEST_CASE("a client gives up", "[extra][http_client]") {
  auto const api = service_for_clients();
  background_server web(api, {.port = 0});
  http_client client({.timeout = std::chrono::milliseconds(100), .limits = {.body = 1000}});
  CHECK_THROWS_AS(client.get(base(web) + "/never"), client_error);
  CHECK_THROWS_AS(client.get(base(web) + "/large"), client_error);
  CHECK(client.get(base(web) + "/echo/x").body == "x");  // and goes on
  CHECK_THROWS_AS(client.get("http://127.0.0.1:1/"), client_error);
  CHECK_THROWS_AS(client.get("https://127.0.0.1/"), std::invalid_argument);
  CHECK_THROWS_AS(client.get("http://a b/"), std::invalid_argument);
  CHECK_THROWS_AS(client.get("/notes"), std::invalid_argument);
}

TEST_CASE("a client refuses what is no response", "[extra][http_client]") {
  struct row {
    std::string because, text;
  };
  row const rows[] = {
      {"another protocol", "SSH-2.0\r\n\r\n"},
      {"nothing", ""},
      {"cut short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"},
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
  };
  for (auto const& row : rows) {
    DYNAMIC_SECTION(row.because) {
      parrot const peer(row.text);
      http_client client({.timeout = std::chrono::milliseconds(2000)});
      CHECK_THROWS_AS(client.get(peer.url()), client_error);
    }
  }
  parrot const old("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  CHECK(http_client().get(old.url()).body == "until the end");
}

TEST_CASE("an idle connection that was closed is not the end", "[extra][http_client]") {
  // the parrot closes after each answer without saying so
  parrot const peer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 2);
  http_client client;
  CHECK(client.get(peer.url()).body == "ok");
  CHECK(client.idle() == 1);
  CHECK(client.get(peer.url()).body == "ok");
}

TEST_CASE("a client on a loop waits there", "[extra][http_client]") {
  auto const api = service_for_clients();
  background_server web(api, {.port = 0});
  asio::io_context io;
  http_client client(io);
  std::string all;
  auto const ask = [&](std::string path) -> asio::awaitable<void> {
    client_request what;
    what.url = base(web) + path;
    response const out = co_await client.async_request(std::move(what));
    all += out.body;
  };
  for (int i = 0; i < 3; ++i)
    asio::co_spawn(io, ask("/echo/x"), [](std::exception_ptr why) {
      if (why) std::rethrow_exception(why);
    });
  io.run();
  CHECK(all == "xxx");
  CHECK(client.idle() == 3);
  CHECK_THROWS_AS(client.get(base(web) + "/echo/x"), std::logic_error);
}
