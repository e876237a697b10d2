#include <wend/net/awaitable.hpp>
//
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/server.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

namespace {

/// Gives the loop up for a moment, so that whatever comes after has been suspended.
asio::awaitable<void> yield() {
  auto const loop = co_await asio::this_coro::executor;
  for (int i = 0; i < 3; ++i)
    co_await asio::post(loop, asio::use_awaitable);
}

/// Never ends by itself. Says when it began, and that it was cancelled.
struct endless {
  std::promise<void> begun, cancelled;

  asio::awaitable<void> wait() {
    asio::steady_timer timer(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    begun.set_value();
    try {
      co_await timer.async_wait(asio::use_awaitable);
    } catch (asio::system_error const& e) {
      if (e.code() == asio::error::operation_aborted) cancelled.set_value();
      throw;
    }
  }
};

bool soon(std::promise<void>& p) {
  return p.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready;
}

struct note {
  int id = 0;
  std::string title;
};

auto const api = routes(
    get<"/text">([]() -> asio::awaitable<std::string> {
      co_await yield();
      co_return "later\n";
    }),
    get<"/notes/{id:int}">([](int id) -> asio::awaitable<std::optional<note>> {
      co_await yield();
      if (id > 9) co_return std::nullopt;
      co_return note{id, "milk"};
    }),
    del<"/notes/{id:int}">([](int) -> asio::awaitable<void> { co_await yield(); }),
    put<"/echo/{name}">(
        [](std::string_view name, body b, request& in) -> asio::awaitable<std::string> {
          std::string const before(in.target.raw);
          co_await yield();
          co_return std::string(name) + " " + std::string(b.bytes) + " " + before + " " +
              std::string(in.target.raw);
        }),
    post<"/notes">([](json<note> const& draft,
                      query<"n", int, 1> const& n) -> asio::awaitable<std::pair<status, note>> {
      co_await yield();
      co_return std::pair(status::created, note{draft->id + *n, draft->title});
    }),
    get<"/problem">([]() -> asio::awaitable<int> {
      co_await yield();
      throw problem(status::conflict, "taken");
    }),
    get<"/throw">([]() -> asio::awaitable<int> {
      co_await yield();
      throw std::runtime_error("inside");
    }),
    get<"/now">([] { return "now\n"; }));

std::string ask_once(background_server& web, std::string head, std::string body = {}) {
  peer p(web.port());
  p.send(head +
         " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body);
  return p.rest();
}

}  // namespace

TEST_CASE("a handler that waits may return what a plain one may", "[net][awaitable]") {
  std::atomic<int> failures = 0;
  background_server web(
      api, {.port = 0, .on_error = [&](request const&, std::exception_ptr) { ++failures; }});
  CHECK(ask_once(web, "GET /text").ends_with("\r\n\r\nlater\n"));
  CHECK(ask_once(web, "GET /notes/3").ends_with(R"({"id":3,"title":"milk"})"));
  CHECK(ask_once(web, "GET /notes/10").starts_with("HTTP/1.1 404 "));
  CHECK(ask_once(web, "GET /notes/x").starts_with("HTTP/1.1 404 "));
  CHECK(ask_once(web, "DELETE /notes/1").starts_with("HTTP/1.1 204 "));
  CHECK(ask_once(web, "POST /notes?n=4", R"({"id":1,"title":"tea"})")
            .ends_with(R"({"id":5,"title":"tea"})"));
  CHECK(ask_once(web, "POST /notes", R"({"id":"x"})").starts_with("HTTP/1.1 422 "));
  CHECK(ask_once(web, "HEAD /text").ends_with("\r\n\r\n"));
  CHECK(failures == 0);
  CHECK(ask_once(web, "GET /problem").starts_with("HTTP/1.1 409 "));
  CHECK(failures == 0);
  CHECK(ask_once(web, "GET /throw").starts_with("HTTP/1.1 500 "));
  CHECK(failures == 1);
}

TEST_CASE("what views into the request holds across a suspension", "[net][awaitable]") {
  background_server web(api, {.port = 0});
  peer p(web.port());
  // what comes behind is read while the handler waits
  std::string const large(3000, 'b');
  p.send("PUT /echo/caf%C3%A9 HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n" + large);
  p.send("GET /now HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  auto const out = p.rest();
  CHECK(out.find("caf\xC3\xA9 " + large + " /echo/caf%C3%A9 /echo/caf%C3%A9") != out.npos);
  CHECK(out.ends_with("now\n"));
}

TEST_CASE("pipelined requests are answered in order", "[net][awaitable]") {
  background_server web(api, {.port = 0, .half_close = true});
  peer p(web.port());
  std::string all, wanted, got;
  for (int i = 0; i < 200; ++i) {
    all += i % 3 == 0 ? "GET /now HTTP/1.1\r\nHost: x\r\n\r\n"
                      : "GET /text HTTP/1.1\r\nHost: x\r\n\r\n";
    wanted += i % 3 == 0 ? "n" : "l";
  }
  p.send(all);
  p.end();
  auto const out = p.rest();
  for (auto at = out.find("\r\n\r\n"); at != out.npos; at = out.find("\r\n\r\n", at + 4))
    got += out[at + 4];
  CHECK(got == wanted);
}

TEST_CASE("a handler is cancelled when its peer leaves", "[net][awaitable]") {
  endless work;
  auto const slow = routes(get<"/">([&]() -> asio::awaitable<void> { co_await work.wait(); }),
                           get<"/now">([] { return "now\n"; }));
  std::atomic<int> failures = 0;
  background_server web(
      slow, {.port = 0, .on_error = [&](request const&, std::exception_ptr) { ++failures; }});
  std::string behind;
  SECTION("with nothing behind the request") {}
  SECTION("with more behind it than is read") {
    behind.assign(20'000, 'x');
  }
  auto leaving = std::make_unique<peer>(web.port());
  leaving->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n" + behind);
  work.begun.get_future().wait();
  leaving.reset();
  CHECK(soon(work.cancelled));
  CHECK(ask_once(web, "GET /now").ends_with("now\n"));
  CHECK(failures == 0);
}

TEST_CASE("a peer that leaves a handler alone gets the answers before it", "[net][awaitable]") {
  endless work;
  std::string const large(1'000'000, 'x');
  auto const slow = routes(get<"/">([&]() -> asio::awaitable<void> { co_await work.wait(); }),
                           get<"/large">([&] { return large; }));
  background_server web(slow, {.port = 0});
  std::string behind;
  SECTION("with nothing behind the request") {}
  SECTION("with more behind it than is read") {
    behind.assign(20'000, 'x');
  }
  peer p(web.port());
  p.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n" + behind);
  work.begun.get_future().wait();
  p.end();
  CHECK(soon(work.cancelled));
  auto const out = p.rest();
  CHECK(out.find("HTTP/1.1 ", 1) == out.npos);
  CHECK(out.size() - out.find("\r\n\r\n") - 4 == large.size());
}

TEST_CASE("a peer that has closed its side only may wait for its answer", "[net][awaitable]") {
  background_server web(api, {.port = 0, .half_close = true});
  peer p(web.port());
  p.send("GET /text HTTP/1.1\r\nHost: x\r\n\r\n");
  p.end();
  CHECK(p.rest().ends_with("later\n"));
}

TEST_CASE("a handler is cancelled when its deadline passes", "[net][awaitable]") {
  endless work;
  auto const slow = routes(get<"/">([&]() -> asio::awaitable<void> { co_await work.wait(); }));
  background_server web(slow,
                        {.port = 0, .limits = {.handler_deadline = std::chrono::milliseconds(10)}});
  auto const out = ask_once(web, "GET /");
  CHECK(out.starts_with("HTTP/1.1 503 "));
  CHECK(soon(work.cancelled));
}

TEST_CASE("a handler is cancelled when a server has drained enough", "[net][awaitable]") {
  endless work;
  auto const slow = routes(get<"/">([&]() -> asio::awaitable<void> { co_await work.wait(); }));
  background_server web(slow, {.port = 0});
  peer p(web.port());
  p.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  work.begun.get_future().wait();
  web.drain(std::chrono::milliseconds(100));
  CHECK(soon(work.cancelled));
  CHECK(p.rest().empty());
}

TEST_CASE("a handler that does not heed its cancellation does not hold up the end",
          "[net][awaitable]") {
  std::promise<void> begun;
  auto const deaf = routes(get<"/">([&]() -> asio::awaitable<void> {
    asio::steady_timer timer(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    begun.set_value();
    co_await asio::this_coro::throw_if_cancelled(false);
    asio::error_code ignored;
    while (true)
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }));
  background_server web(deaf, {.port = 0});
  peer p(web.port());
  p.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  begun.get_future().wait();
  web.drain(std::chrono::milliseconds(1));
  CHECK(p.rest().empty());
}

TEST_CASE("a server may go with its loop while handlers wait", "[net][awaitable]") {
  endless work;
  auto const slow = routes(get<"/">([&]() -> asio::awaitable<void> { co_await work.wait(); }));
  auto io = std::make_unique<asio::io_context>();
  auto web = std::make_unique<server>(*io, slow, server_options{.port = 0});
  peer p(web->port());
  p.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  auto begun = work.begun.get_future();
  while (begun.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    io->run_one();
  SECTION("server first") {
    web.reset();
    io->run_for(std::chrono::seconds(5));
    CHECK(soon(work.cancelled));
  }
  SECTION("loop first, though it should outlive the server") {
    // destroyed, not run: the coroutine goes without a word
    web.reset();
    io.reset();
  }
}

// --- middleware ---

namespace {

struct user {
  std::string name;
};

/// Says in which order things happened.
struct journal {
  std::string text;
  std::shared_ptr<std::mutex> lock = std::make_shared<std::mutex>();
  void add(std::string_view what) {
    std::lock_guard const hold(*lock);
    text.append(what).append(" ");
  }
};

}  // namespace

TEST_CASE("plain middleware stands around handlers that wait", "[net][awaitable]") {
  struct stamp {
    user before(request&) { return {"ann"}; }
    void after(request const&, response& out, user const& who) { out.set("X-User", who.name); }
  };
  auto const app =
      routes(use(stamp{}), get<"/">([](provided<user> who) -> asio::awaitable<std::string> {
               co_await yield();
               co_return who->name + "\n";
             }));
  background_server web(app, {.port = 0});
  auto const out = ask_once(web, "GET /");
  CHECK(out.ends_with("ann\n"));
  CHECK(out.find("X-User: ann\r\n") != out.npos);
}

TEST_CASE("middleware that waits stands around whatever is inside", "[net][awaitable]") {
  journal said;
  auto const waiting = [&](request& in, next go) -> asio::awaitable<response> {
    said.add("in");
    co_await yield();
    if (in.target.path == "/refused") co_return response(status::forbidden);
    auto out = co_await go(in);
    co_await yield();
    out.set("X-Seen", std::to_string(code(out.status)));
    said.add("out");
    co_return out;
  };
  struct plain {
    journal* said;
    std::string name;
    void before(request&) { said->add(name + "-in"); }
    void after(request const&, response&) { said->add(name + "-out"); }
  };
  auto const app = routes(use(plain{&said, "a"}, waiting, plain{&said, "b"}, waiting),
                          get<"/plain">([&] {
                            said.add("plain");
                            return "plain\n";
                          }),
                          get<"/late">([&]() -> asio::awaitable<std::string> {
                            co_await yield();
                            said.add("late");
                            co_return "late\n";
                          }),
                          post<"/body">([](body b) { return b.bytes; }),
                          get<"/throw">([]() -> int { throw std::runtime_error("inside"); }));
  background_server web(app, {.port = 0, .on_error = {}});
  SECTION("a plain handler") {
    CHECK(ask_once(web, "GET /plain").ends_with("plain\n"));
    CHECK(said.text == "a-in in b-in in plain out b-out out a-out ");
  }
  SECTION("a handler that waits") {
    CHECK(ask_once(web, "GET /late").ends_with("late\n"));
    CHECK(said.text == "a-in in b-in in late out b-out out a-out ");
  }
  SECTION("a handler that takes the body") {
    std::string const body(100'000, 'x');
    CHECK(ask_once(web, "POST /body", body).ends_with("\r\n\r\n" + body));
  }
  SECTION("an error of the table") {
    auto const out = ask_once(web, "GET /none");
    CHECK(out.starts_with("HTTP/1.1 404 "));
    CHECK(out.find("X-Seen: 404\r\n") != out.npos);
    CHECK(said.text == "a-in in b-in in out b-out out a-out ");
  }
  SECTION("what a handler throws") {
    CHECK(ask_once(web, "GET /throw").find("X-Seen: 500\r\n") != std::string::npos);
  }
  SECTION("a refusal costs nothing inside") {
    CHECK(ask_once(web, "GET /refused").starts_with("HTTP/1.1 403 "));
    CHECK(said.text == "a-in in a-out ");
  }
  SECTION("a body that is too large") {
    auto const out = ask_once(web, "POST /body", std::string(2'000'000, 'x'));
    CHECK(out.starts_with("HTTP/1.1 413 "));
    CHECK(said.text.ends_with("a-out "));
  }
  SECTION("one after the other on a connection") {
    peer p(web.port());
    for (int i = 0; i < 3; ++i) {
      p.send("GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
      CHECK(p.until("late\n").ends_with("late\n"));
    }
  }
}

TEST_CASE("middleware that is cancelled takes what is inside along", "[net][awaitable]") {
  endless work;
  auto const waiting = [&](request& in, next go) -> asio::awaitable<response> {
    co_return co_await go(in);
  };
  auto const app =
      routes(use(waiting), get<"/">([&]() -> asio::awaitable<void> { co_await work.wait(); }));
  background_server web(app, {.port = 0});
  auto leaving = std::make_unique<peer>(web.port());
  leaving->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  work.begun.get_future().wait();
  leaving.reset();
  CHECK(soon(work.cancelled));
}
