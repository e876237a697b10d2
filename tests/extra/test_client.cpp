#include <wend/extra/test_client.hpp>
//
#include <wend/wend.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace wend;

namespace {

struct remark {
  std::int64_t id{};
  text<1, 20> title;
  friend bool operator==(remark const&, remark const&) = default;
};

struct mark {
  void after(request const&, response& out) const { out.add("X-Mark", "seen"); }
};

asio::awaitable<void> pause() {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(1));
  co_await timer.async_wait(asio::use_awaitable);
}

/// The same as a class.
struct remark_members {
  std::optional<remark> show(std::int64_t id) const {
    if (id > 9) return std::nullopt;
    return remark{id, "a title"};
  }
  asio::awaitable<remark> create(json<remark> r) const {
    co_await pause();
    co_return remark{first, r->title};
  }
  std::int64_t first = 1;
};
/// Waits, and has no state.
struct reply_members {
  asio::awaitable<std::string> index(std::int64_t remark) const {
    co_await pause();
    co_return "replies to " + std::to_string(remark);
  }
};

auto remarks() {
  return routes(
      use(mark{}),
      get<"/remarks/{id:int}", "remark">([](std::int64_t id) -> std::optional<remark> {
        if (id > 9) return std::nullopt;
        return remark{id, "a title"};
      }),
      post<"/remarks", "add">([](json<remark> r) {
        r->id = 1;
        return created("/remarks/1", *r);
      }),
      put<"/echo">([](body b) { return std::string(b.bytes); }),
      get<"/late", "late">([]() -> asio::awaitable<std::string> {
        co_await pause();
        co_return "late";
      }),
      get<"/stream", "stream">([] {
        return stream("text/csv", [](writer& out) -> asio::awaitable<void> {
          for (int i = 0; i < 3; ++i) {
            co_await out.write(std::to_string(i) + "\n");
            co_await pause();
          }
          out.trailers().add("X-Rows", "3");
        });
      }),
      get<"/ticks", "ticks">([] {
        return events([](event_writer& out) -> asio::awaitable<void> {
          co_await out.send(event{.id = "1", .data = "one"});
          co_await pause();
          co_await out.send(event{.data = "two"});
        });
      }),
      put<"/pieces">([](body_reader& in) -> asio::awaitable<std::string> {
        std::size_t size = 0;
        while (auto const piece = co_await in.read())
          size += piece->size();
        co_return std::to_string(size);
      }),
      get<"/blocking">(blocking([] { return "from a thread"; })),
      get<"/thrown">([]() -> int { throw std::runtime_error("out of order"); }),
      get<"/broken">([] {
        return stream("text/plain", [](writer& out) -> asio::awaitable<void> {
          co_await out.write("half");
          throw std::runtime_error("broken");
        });
      }),
      get<"/never">([]() -> asio::awaitable<int> {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
        co_await timer.async_wait(asio::use_awaitable);
        co_return 0;
      }),
      get<"/deaf">([]() -> asio::awaitable<int> {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
        co_await timer.async_wait(
            asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
        co_return 0;
      }),
      group<"/inside">(use([](request& in, next go_on) -> asio::awaitable<response> {
                         co_await pause();
                         auto out = co_await go_on(in);
                         out.set("X-Inside", "yes");
                         co_return out;
                       }),
                       get<"/plain">([] { return "plain"; }),
                       put<"/body">([](body b) { return b.bytes.size(); }),
                       get<"/late">([]() -> asio::awaitable<std::string> {
                         co_await pause();
                         co_return "late";
                       })),
      get<"/peer">([](request& in) { return std::string(in.peer); }));
}

/// What a server on a socket answers to these bytes; its dates are those of the test client.
std::string over_a_socket(service app, std::string_view bytes) {
  background_server web(app, {.port = 0, .half_close = true});
  asio::io_context io;
  asio::ip::tcp::socket peer(io);
  peer.connect({asio::ip::address_v4::loopback(), web.port()});
  asio::write(peer, asio::buffer(bytes.data(), bytes.size()));
  peer.shutdown(asio::ip::tcp::socket::shutdown_send);
  std::string out;
  asio::error_code end;
  asio::read(peer, asio::dynamic_buffer(out), end);
  for (std::size_t at = 0; (at = out.find("\r\nDate: ", at)) != out.npos; at += 8)
    out.replace(at + 8, 29, "Thu, 01 Jan 1970 00:00:00 GMT");
  return out;
}

}  // namespace

TEST_CASE("a handler that never ends is not waited for", "[extra][test_client]") {
  auto const t = routes(get<"/endless">([] {
    return stream("text/plain", [](writer& out) -> asio::awaitable<void> {
      for (;;)
        co_await out.write("and so on ");
    });
  }));
  test_client local{t, {.patience = std::chrono::milliseconds(50)}};
  CHECK_THROWS_WITH(local.get("/endless"), Catch::Contains("within the patience"));
}

TEST_CASE("the limits are those of the server", "[extra][test_client]") {
  auto const t = routes(use(mark{}), get<"/">([] { return "text"; }));
  limits small;
  small.fields = 2;
  test_client local{t, {.limits = small}};
  CHECK(local.get("/").body == "text");
}

TEST_CASE("a test asks without a socket", "[extra][test_client]") {
  auto const api = remarks();
  test_client local{api};
  CHECK(local.get("/remarks/none").status == status::not_found);
  auto const one = local.get("/remarks/5");
  CHECK(one.body == R"({"id":5,"title":"a title"})");
  CHECK(one.fields.get("X-Mark") == "seen");
  CHECK(one.fields.get("Date") == "Thu, 01 Jan 1970 00:00:00 GMT");
  auto const made = local.post("/remarks", remark{0, "new"});
  CHECK(made.status == status::created);
  CHECK(made.fields.get("Location") == "/remarks/1");
  CHECK(local.post("/remarks", std::vector<int>{}).status == status::unprocessable_content);
  CHECK(local.head("/remarks/5").body.empty());
  CHECK(local.del("/remarks/5").status == status::method_not_allowed);
}

TEST_CASE("a test calls by name and type", "[extra][test_client]") {
  auto const api = remarks();
  test_client local{api};
  std::optional<remark> const one = local.call<"remark">(5);
  CHECK(one == remark{5, "a title"});
  CHECK_FALSE(local.call<"remark">(10));
  CHECK(local.call<"add">(remark{0, "new"}).value.id == 1);
  CHECK(local.call<"late">() == "late");
  CHECK_THROWS_AS(local.call<"add">(remark{}), problem);
}

TEST_CASE("a test calls the members of a resource by name", "[extra][test_client]") {
  auto const api =
      routes(resource<"remarks">(remark_members{}, resource<"replies">(reply_members{})));
  test_client local{api};
  std::optional<remark> const one = local.call<"remarks.show">(5);
  CHECK(one == remark{5, "a title"});
  CHECK_FALSE(local.call<"remarks.show">(10));
  CHECK(local.call<"remarks.create">(remark{0, "new"}) == remark{1, "new"});
  CHECK(local.call<"remarks.replies.index">(7) == "replies to 7");
}

TEST_CASE("handlers that wait, stream and block are run to their end", "[extra][test_client]") {
  auto const api = remarks();
  test_client local{api};
  CHECK(local.get("/late").body == "late");
  CHECK(local.get("/stream").body == "0\n1\n2\n");
  client_request what;
  what.method = method::put;
  what.url = "/pieces";
  what.body.assign(300'000, 'x');
  CHECK(local.request(what).body == "300000");
  CHECK(local.get("/blocking").body == "from a thread");
  CHECK(local.get("/inside/plain").fields.get("X-Inside") == "yes");
  CHECK(local.get("/inside/late").body == "late");
  CHECK(local.get("/inside/none").fields.get("X-Inside") == "yes");
  what.url = "/inside/body";
  CHECK(local.request(what).body == "300000");
}

TEST_CASE("a test reads streams and events as a client does", "[extra][test_client]") {
  auto const api = remarks();
  test_client local{api};
  answer_stream rows = local.call<"stream">();
  CHECK(rows.fields.get("X-Mark") == "seen");
  CHECK(rows.read() == "0\n1\n2\n");
  CHECK_FALSE(rows.read());
  answer_events ticks = local.call<"ticks">();
  CHECK(ticks.read() == event{.id = "1", .data = "one"});
  CHECK(ticks.read() == event{.id = "1", .data = "two"});
  CHECK_FALSE(ticks.read());
}

TEST_CASE("a test sees what went wrong", "[extra][test_client]") {
  auto const api = remarks();
  test_client local{api, {.patience = std::chrono::milliseconds(50)}};
  CHECK(local.get("/thrown").status == status::internal_server_error);
  REQUIRE(local.failure());
  CHECK_THROWS_WITH(std::rethrow_exception(local.failure()), "out of order");
  CHECK(local.get("/late").status == status::ok);
  CHECK_FALSE(local.failure());
  CHECK_THROWS_AS(local.get("/broken"), client_error);
  CHECK_THROWS_AS(local.get("/never"), client_error);
  CHECK_THROWS_AS(local.get("/deaf"), client_error);
  CHECK_THROWS_AS(local.get("/a b"), std::invalid_argument);
}

TEST_CASE("the limits of a server hold in a test", "[extra][test_client]") {
  auto const api = remarks();
  test_client local{api, {.limits = {.target = 20, .body = 10}, .peer = "192.0.2.1:5"}};
  CHECK(local.get("/" + std::string(30, 'x')).status == status::uri_too_long);
  client_request what;
  what.method = method::put;
  what.url = "/echo";
  what.body = "0123456789";
  CHECK(local.request(what).body == "0123456789");
  what.body += "x";
  CHECK(local.request(what).status == status::content_too_large);
  CHECK(local.get("/peer").body == "192.0.2.1:5");
}

TEST_CASE("a transcript is the same with and without a socket", "[extra][test_client]") {
  auto const api = remarks();
  test_client local{api};
  struct row {
    std::string because, bytes;
  };
  std::string const host = " HTTP/1.1\r\nHost: a\r\n";
  row const rows[] = {
      {"one request", "GET /remarks/5" + host + "\r\n"},
      {"it is the last", "GET /remarks/5" + host + "Connection: close\r\n\r\n"},
      {"HTTP/1.0", "GET /remarks/5 HTTP/1.0\r\n\r\n"},
      {"HEAD", "HEAD /remarks/5" + host + "\r\n"},
      {"a pipeline",
       "GET /late" + host + "\r\nGET /none" + host + "\r\nPUT /echo" + host +
           "Content-Length: 3\r\n\r\nabcGET /inside/late" + host + "\r\n"},
      {"chunks both ways",
       "PUT /pieces" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /stream" +
           host + "\r\n"},
      {"a stream to HTTP/1.0", "GET /stream HTTP/1.0\r\n\r\n"},
      {"100 Continue", "PUT /echo" + host + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"},
      {"a broken head", "GET /\x01" + host + "\r\n"},
      {"no Host", "GET / HTTP/1.1\r\n\r\n"},
      {"two lengths", "PUT /echo" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
      {"a broken chunk", "PUT /pieces" + host + "Transfer-Encoding: chunked\r\n\r\nx\r\n"},
      {"OPTIONS *", "OPTIONS *" + host + "\r\n"},
      {"a handler throws", "GET /thrown" + host + "\r\nGET /remarks/5" + host + "\r\n"},
      {"nothing", ""},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      CHECK(local.exchange(row.bytes) == over_a_socket(api, row.bytes));
    }
}
