#include <wend/extra/answer_stream.hpp>
//
#include <wend/extra/http_client.hpp>
#include <wend/wend.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/parrot.hpp"

using namespace wend;
using wend::test::parrot;

namespace {

/// Says when it is gone.
class farewell {
 public:
  explicit farewell(std::promise<void>& gone) : gone_(&gone) {}
  farewell(farewell const&) = delete;
  farewell& operator=(farewell const&) = delete;
  ~farewell() { gone_->set_value(); }

 private:
  std::promise<void>* gone_;
};

auto service_of_streams(std::promise<void>& gone) {
  return routes(
      get<"/long">([] { return json_array(std::vector<int>(100'000, 7)); }),
      get<"/file">([] { return std::string(100'000, 'x'); }),
      get<"/moved">([] { return redirect("/long"); }),
      get<"/none">([] { return status::no_content; }),
      get<"/gone">([]() -> status { throw problem(status::gone, "long ago"); }),
      get<"/endless">([&] {
        return stream("text/plain", [&](writer& out) -> asio::awaitable<void> {
          farewell const _(gone);
          for (;;)
            co_await out.write("and so on ");
        });
      }),
      get<"/silent">([](query<"first", std::optional<std::string>> first) {
        return stream(
            "text/plain", [first = first->value_or("")](writer& out) -> asio::awaitable<void> {
              if (!first.empty()) co_await out.write(first);
              asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
              co_await timer.async_wait(asio::use_awaitable);
            });
      }),
      get<"/broken">([] {
        return stream("text/plain", [](writer& out) -> asio::awaitable<void> {
          co_await out.write("half");
          throw problem(status::gone, "the other half");
        });
      }));
}

struct served {
  std::promise<void> gone{};
  decltype(service_of_streams(gone)) api = service_of_streams(gone);
  background_server web{api, {.port = 0}};

  client_request operator()(std::string_view path) const {
    client_request what;
    what.url = "http://127.0.0.1:" + std::to_string(web.port()).append(path);
    return what;
  }
};

std::string all_of(answer_stream& from) {
  std::string out;
  while (auto const piece = from.read())
    out += *piece;
  return out;
}

}  // namespace

TEST_CASE("content is read while it comes, however long it is", "[extra][answer_stream]") {
  served const at;
  http_client client({.limits = {.body = 1000}});
  for (auto const* path : {"/long", "/moved"}) {
    auto in = client.open(at(path));
    CHECK(in.status == status::ok);
    CHECK(in.fields.get("Content-Type") == "application/json");
    std::size_t size = 0, most = 0;
    while (auto const piece = in.read()) {
      size += piece->size();
      most = std::max(most, piece->size());
    }
    CHECK(size == 200'001);
    CHECK(most > 0);
    CHECK(most <= 16 * 1024);
    CHECK_FALSE(in.read());
    CHECK(client.idle() == 1);
  }
  CHECK_THROWS_AS(client.request(at("/long")), client_error);
}

TEST_CASE("an answer without content has ended with its head", "[extra][answer_stream]") {
  served const at;
  http_client client;
  auto head = at("/file");
  head.method = method::head;
  for (auto const& what : {head, at("/none")}) {
    auto in = client.open(what);
    CHECK(client.idle() == 1);
    CHECK_FALSE(in.read());
  }
}

TEST_CASE("the head of an answer is there before its content", "[extra][answer_stream]") {
  served const at;
  http_client client({.timeout = std::chrono::milliseconds(200)});
  auto in = client.open(at("/silent"));
  CHECK(in.status == status::ok);
  CHECK_THROWS_AS(in.read(), client_error);
  in = client.open(at("/silent?first=one"));
  CHECK(in.read() == "one");
  CHECK_THROWS_AS(in.read(), client_error);
  CHECK_THROWS_AS(in.read(), client_error);
  CHECK(client.idle() == 0);
  CHECK(client.get(at("/file").url).body.size() == 100'000);
}

TEST_CASE("a server notices that nobody reads on", "[extra][answer_stream]") {
  served at;
  http_client client;
  {
    auto in = client.open(at("/endless"));
    REQUIRE(in.read());
    CHECK(client.get(at("/none").url).status == status::no_content);  // beside it
    auto const more = in.read();
    REQUIRE(more);
    CHECK(more->find("on") != more->npos);
  }
  CHECK(at.gone.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
  CHECK(client.idle() == 1);
}

TEST_CASE("content that breaks off is an error after what came of it", "[extra][answer_stream]") {
  struct row {
    std::string because, text;
  };
  row const rows[] = {
      {"a length that is not reached", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"},
      {"chunks without the last",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"},
      {"a chunk that is none",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nx\r\n"},
  };
  http_client client;
  for (auto const& row : rows) {
    DYNAMIC_SECTION(row.because) {
      parrot const peer(row.text);
      auto in = client.open({.url = peer.url()});
      CHECK(in.read() == "abc");
      CHECK_THROWS_AS(in.read(), client_error);
      CHECK_THROWS_AS(in.read(), client_error);
      CHECK_THROWS_AS(in.read_all(), client_error);
    }
  }
  served const at;
  auto in = client.open(at("/broken"));
  CHECK(in.read() == "half");
  CHECK_THROWS_AS(in.read(), client_error);
  parrot const old("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  in = client.open({.url = old.url()});
  CHECK(all_of(in) == "until the end");
}

TEST_CASE("the rest is read at once", "[extra][answer_stream]") {
  served const at;
  http_client client({.limits = {.body = 100'000}});
  auto in = client.open(at("/file"));
  auto const first = in.read().value().size();
  auto const rest = in.read_all();
  CHECK(rest.body.size() == 100'000 - first);
  CHECK(rest.fields.get("Content-Type") == "text/plain; charset=utf-8");
  CHECK(in.read_all().body.empty());
  CHECK(client.open(at("/gone")).read_all().status == status::gone);
  in = client.open(at("/long"));
  CHECK_THROWS_AS(in.read_all(), client_error);
  CHECK_THROWS_AS(in.read(), client_error);
}

TEST_CASE("an answer may outlive its client", "[extra][answer_stream]") {
  served const at;
  auto in = http_client().open(at("/silent"));
  in = http_client().open(at("/file"));
  CHECK(all_of(in).size() == 100'000);
}

TEST_CASE("streams wait on a loop of yours", "[extra][answer_stream]") {
  served const at;
  asio::io_context io;
  http_client client(io);
  std::size_t size = 0;
  auto const ask = [&]() -> asio::awaitable<void> {
    auto what = at("/long");
    auto in = co_await client.async_open(std::move(what));
    CHECK_THROWS_AS(in.read(), std::logic_error);
    while (auto const piece = co_await in.async_read())
      size += piece->size();
    auto again = at("/long");
    auto all = co_await client.async_open(std::move(again));
    auto const whole = co_await all.async_read_all();
    size += whole.body.size();
  };
  for (int i = 0; i < 2; ++i)
    asio::co_spawn(io, ask, [](std::exception_ptr why) {
      if (why) std::rethrow_exception(why);
    });
  io.run();
  CHECK(size == 4 * 200'001);
  CHECK(client.idle() == 2);
}

TEST_CASE("a read that is cancelled closes its connection", "[extra][answer_stream]") {
  served const at;
  asio::io_context io;
  http_client client(io);
  asio::cancellation_signal cancel;
  std::exception_ptr thrown;
  auto const ask = [&]() -> asio::awaitable<void> {
    auto what = at("/silent");
    auto in = co_await client.async_open(std::move(what));
    asio::post(io, [&] { cancel.emit(asio::cancellation_type::terminal); });
    co_await in.async_read();
  };
  auto const ended = [&](std::exception_ptr why) { thrown = why; };
  asio::co_spawn(io, ask, asio::bind_cancellation_slot(cancel.slot(), ended));
  io.run();
  REQUIRE(thrown);
  CHECK_THROWS_AS(std::rethrow_exception(thrown), client_error);
  CHECK(client.idle() == 0);
}

TEST_CASE("an answer that is complete is read the same way", "[extra][answer_stream]") {
  answer_stream in(response(status::created, "text/plain", "abc"));
  CHECK(in.status == status::created);
  CHECK(in.fields.get("Content-Type") == "text/plain");
  auto moved = std::move(in);
  CHECK(moved.read() == "abc");
  CHECK_FALSE(moved.read());
  CHECK(answer_stream(response(status::ok, "text/plain", "abc")).read_all().body == "abc");
  CHECK_FALSE(answer_stream().read());
}
