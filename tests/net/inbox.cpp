#include <wend/net/inbox.hpp>
//
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/awaitable.hpp>
#include <wend/net/block_on.hpp>
#include <wend/net/server.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

namespace {

using numbers = inbox<int, std::string>;
using loop_clock = std::chrono::steady_clock;

/// Answers a number with its text, until the inbox is closed.
asio::awaitable<void> spell(numbers& box) {
  auto questions = box.open();
  while (auto m = co_await questions.receive())
    m->reply(std::to_string(m->question));
}

/// What became of a coroutine: its result, or what it threw.
template <class T>
std::string outcome(std::future<T>& done) {
  if (done.wait_for(std::chrono::seconds(10)) != std::future_status::ready) return "hangs";
  try {
    if constexpr (std::is_void_v<T>) {
      done.get();
      return "done";
    } else {
      return done.get();
    }
  } catch (problem const& p) {
    return std::to_string(code(p.status));
  } catch (asio::system_error const& e) {
    return e.code() == asio::error::operation_aborted ? "cancelled" : e.what();
  } catch (std::exception const& e) {
    return e.what();
  }
}

template <class T>
std::future<T> start(asio::io_context& io, asio::awaitable<T> work) {
  return asio::co_spawn(io, std::move(work), asio::use_future);
}

/// Runs what can run now.
void poll(asio::io_context& io) {
  io.restart();
  io.poll();
}

template <class T>
bool waits(std::future<T>& f) {
  return f.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
}

std::string get_once(std::uint16_t port, std::string const& path) {
  peer p(port);
  p.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  return p.rest();
}

/// Receives one message that waits already.
template <class Receiver>
auto take(asio::io_context& io, Receiver& from) {
  auto got = start(io, from.receive_until(loop_clock::time_point::min()));
  poll(io);
  return got.get();
}

}  // namespace

TEST_CASE("a handler asks a component on the loop of the server", "[net][inbox]") {
  numbers box;
  auto const app = routes(get<"/{n:int}">([&](int n) { return box.ask(n); }),
                          get<"/twice/{n:int}">([&](int n) -> asio::awaitable<std::string> {
                            co_return co_await box.ask(n) + co_await box.ask(n + 1);
                          }));
  asio::io_context io;
  server web(io, app, {.port = 0});
  auto component = start(io, spell(box));
  std::thread loop([&] { io.run(); });
  CHECK(get_once(web.port(), "/7").ends_with("\r\n\r\n7"));
  CHECK(get_once(web.port(), "/twice/7").ends_with("\r\n\r\n78"));
  box.close();
  CHECK(outcome(component) == "done");
  CHECK(get_once(web.port(), "/7").starts_with("HTTP/1.1 503 "));
  web.stop();
  loop.join();
}

TEST_CASE("servers on several threads ask a component on one of its own", "[net][inbox]") {
  numbers box(2);
  auto const app = routes(get<"/{n:int}">([&](int n) { return box.ask(n); }));
  background_server first(app, {.port = 0}), second(app, {.port = 0});
  std::thread component([&] { block_on(spell(box)); });
  std::atomic<int> right = 0;
  std::vector<std::thread> clients;
  for (auto const port : {first.port(), second.port(), first.port(), second.port()})
    clients.emplace_back([&right, port] {
      for (int i = 0; i < 50; ++i)
        right += get_once(port, "/" + std::to_string(i)).ends_with("\r\n\r\n" + std::to_string(i));
    });
  for (auto& c : clients)
    c.join();
  CHECK(right == 200);
  box.close();
  component.join();
}

TEST_CASE("a component that dies answers with 503", "[net][inbox]") {
  numbers box;
  asio::io_context io;
  SECTION("before it was there, questions wait for it") {
    auto asked = start(io, box.ask(1));
    poll(io);
    CHECK(waits(asked));
    auto component = start(io, spell(box));
    poll(io);
    CHECK(outcome(asked) == "1");
  }
  SECTION("with a message in its hands, and others in the inbox") {
    auto component = start(io, [](numbers& from) -> asio::awaitable<void> {
      auto questions = from.open();
      auto const m = co_await questions.receive();
      co_await asio::post(asio::use_awaitable);  // the others come
      throw std::runtime_error("broken");
    }(box));
    std::vector<std::future<std::string>> asked;
    for (int i = 0; i < 3; ++i)
      asked.push_back(start(io, box.ask(i)));
    io.run();
    CHECK(outcome(component) == "broken");
    for (auto& a : asked)
      CHECK(outcome(a) == "503");
    auto late = start(io, box.ask(4));
    poll(io);
    CHECK(outcome(late) == "503");

    auto again = start(io, spell(box));
    poll(io);
    auto then = start(io, box.ask(5));
    poll(io);
    CHECK(outcome(then) == "5");
  }
  SECTION("with its loop") {
    auto its_own = std::make_unique<asio::io_context>();
    auto component = start(*its_own, spell(box));
    poll(*its_own);
    auto asked = start(io, box.ask(1));
    poll(io);
    CHECK(waits(asked));
    its_own.reset();
    poll(io);
    CHECK(outcome(asked) == "503");
  }
  SECTION("but lives on when one of several goes") {
    std::optional<numbers::receiver> one(box.open()), two(box.open());
    auto asked = start(io, box.ask(1));
    poll(io);
    one.reset();
    poll(io);
    CHECK(waits(asked));
    two.reset();
    poll(io);
    CHECK(outcome(asked) == "503");
  }
}

TEST_CASE("a message is answered, fails, or was dropped", "[net][inbox]") {
  numbers box;
  asio::io_context io;
  auto questions = box.open();
  auto asked = start(io, box.ask(1));
  poll(io);
  auto m = take(io, questions);
  REQUIRE(m);
  CHECK(m->question == 1);
  CHECK_FALSE(m->abandoned());
  SECTION("answered") {
    m->reply("one");
    CHECK_THROWS_AS(m->reply("two"), std::logic_error);
    poll(io);
    CHECK(outcome(asked) == "one");
  }
  SECTION("failed") {
    m->fail(std::make_exception_ptr(problem(status::conflict)));
    poll(io);
    CHECK(outcome(asked) == "409");
  }
  SECTION("dropped") {
    m.reset();
    poll(io);
    CHECK(outcome(asked) == "503");
  }
  SECTION("answered after the inbox was closed") {
    box.close();
    m->reply("one");
    poll(io);
    CHECK(outcome(asked) == "one");
  }
}

TEST_CASE("an answer may be no more than that it is done", "[net][inbox]") {
  inbox<std::unique_ptr<int>> box;  // what cannot be copied can be asked
  asio::io_context io;
  auto questions = box.open();
  auto asked = start(io, box.ask(std::make_unique<int>(4)));
  poll(io);
  auto m = take(io, questions);
  REQUIRE(m);
  CHECK(*m->question == 4);
  CHECK(waits(asked));
  m->reply();
  poll(io);
  CHECK(outcome(asked) == "done");
}

TEST_CASE("a question is taken back when its asker is cancelled", "[net][inbox]") {
  numbers box;
  asio::io_context io;
  auto questions = box.open();
  asio::cancellation_signal cancel;
  std::promise<std::string> result;
  asio::co_spawn(io,
                 box.ask(1),
                 asio::bind_cancellation_slot(cancel.slot(),
                                              [&](std::exception_ptr failure, std::string const&) {
                                                result.set_value(failure ? "failed" : "answered");
                                              }));
  auto done = result.get_future();
  auto other = start(io, box.ask(2));
  poll(io);
  SECTION("before it was received: nobody sees it") {
    cancel.emit(asio::cancellation_type::terminal);
    poll(io);
    CHECK(outcome(done) == "failed");
    auto m = take(io, questions);
    REQUIRE(m);
    CHECK(m->question == 2);
  }
  SECTION("after it was received: the message knows") {
    auto m = take(io, questions);
    REQUIRE(m);
    CHECK(m->question == 1);
    cancel.emit(asio::cancellation_type::terminal);
    poll(io);
    CHECK(outcome(done) == "failed");
    CHECK(m->abandoned());
    m->reply("into the void");
  }
  box.close();
  poll(io);
}

TEST_CASE("a peer that leaves takes its question along", "[net][inbox]") {
  numbers box;
  auto const app = routes(get<"/{n:int}">([&](int n) { return box.ask(n); }));
  asio::io_context io;
  server web(io, app, {.port = 0});
  auto questions = box.open();
  auto leaving = std::make_unique<peer>(web.port());
  leaving->send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  auto received = start(io, questions.receive());
  while (waits(received))
    io.run_one_for(std::chrono::seconds(1));
  auto const m = received.get();
  REQUIRE(m);
  leaving.reset();
  auto const end = loop_clock::now() + std::chrono::seconds(10);
  while (!m->abandoned() && loop_clock::now() < end)
    io.run_one_for(std::chrono::milliseconds(100));
  CHECK(m->abandoned());
}

TEST_CASE("peers may leave at any time, though the component is on another thread",
          "[net][inbox]") {
  numbers box(4);
  auto const app = routes(get<"/{n:int}">([&](int n) { return box.ask(n); }));
  background_server web(app, {.port = 0});
  std::thread component([&] { block_on(spell(box)); });
  for (int i = 0; i < 300; ++i) {
    peer leaving(web.port());
    leaving.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
    if (i % 3 == 0) leaving.until("\r\n");
  }
  CHECK(get_once(web.port(), "/7").ends_with("\r\n\r\n7"));
  box.close();
  component.join();
}

TEST_CASE("a full inbox holds up who leaves a message there", "[net][inbox]") {
  numbers box(2);
  asio::io_context io;
  auto questions = box.open();
  std::vector<std::future<void>> told;
  for (int i = 0; i < 4; ++i)
    told.push_back(start(io, box.tell(i)));
  poll(io);
  CHECK(outcome(told[0]) == "done");
  CHECK(outcome(told[1]) == "done");
  CHECK(waits(told[2]));
  SECTION("until there is room, in order") {
    CHECK(take(io, questions)->question == 0);
    poll(io);
    CHECK(outcome(told[2]) == "done");
    CHECK(waits(told[3]));
    for (int i = 1; i < 4; ++i)
      CHECK(take(io, questions)->question == i);
    CHECK(outcome(told[3]) == "done");
    CHECK_FALSE(take(io, questions));
  }
  SECTION("until it is closed") {
    box.close();
    poll(io);
    CHECK(outcome(told[2]) == "503");
    CHECK(outcome(told[3]) == "503");
    CHECK_FALSE(take(io, questions));
    CHECK(questions.closed());
  }
  SECTION("and who asks keeps his turn") {
    auto asked = start(io, box.ask(9));
    poll(io);
    for (int i = 0; i < 4; ++i)
      take(io, questions)->reply("unread");
    CHECK(waits(asked));
    take(io, questions)->reply("nine");
    poll(io);
    CHECK(outcome(asked) == "nine");
  }
}

TEST_CASE("a message that goes makes room for the next", "[net][inbox]") {
  numbers box(1);
  asio::io_context io;
  auto questions = box.open();
  asio::cancellation_signal cancel;
  asio::co_spawn(
      io,
      box.ask(1),
      asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr, std::string const&) {}));
  auto told = start(io, box.tell(2));
  poll(io);
  CHECK(waits(told));
  cancel.emit(asio::cancellation_type::terminal);
  poll(io);
  CHECK(outcome(told) == "done");
}

TEST_CASE("closing an inbox wakes all", "[net][inbox]") {
  auto box = std::make_unique<numbers>(1);
  asio::io_context io;
  std::optional<numbers::receiver> questions(box->open());
  SECTION("who receives") {
    auto one = start(io, questions->receive()), two = start(io, questions->receive());
    poll(io);
    CHECK(waits(one));
    SECTION("closed") {
      box->close();
    }
    SECTION("destroyed") {
      box.reset();
    }
    poll(io);
    CHECK_FALSE(one.get());
    CHECK_FALSE(two.get());
    CHECK(questions->closed());
  }
  SECTION("who asks") {
    auto one = start(io, box->ask(1)), two = start(io, box->ask(2));
    poll(io);
    SECTION("closed") {
      box->close();
    }
    SECTION("destroyed") {
      box.reset();
    }
    poll(io);
    CHECK(outcome(one) == "503");
    CHECK(outcome(two) == "503");
  }
}

TEST_CASE("a component waits for a message until it has other things to do", "[net][inbox]") {
  numbers box;
  asio::io_context io;
  auto questions = box.open();
  auto const begin = loop_clock::now();
  auto got = start(io, questions.receive_until(begin + std::chrono::milliseconds(20)));
  io.run();
  CHECK_FALSE(got.get());
  CHECK(loop_clock::now() - begin >= std::chrono::milliseconds(20));
  CHECK_FALSE(questions.closed());
}

TEST_CASE("a receiver that is cancelled leaves its message to another", "[net][inbox]") {
  numbers box;
  asio::io_context io;
  auto questions = box.open();
  asio::cancellation_signal cancel;
  std::string first = "waits";
  asio::co_spawn(
      io,
      questions.receive(),
      asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr failure, auto const& m) {
        first = failure ? "cancelled" : m ? "received" : "closed";
      }));
  poll(io);
  auto second = start(io, questions.receive());
  poll(io);
  auto asked = start(io, box.tell(1));
  cancel.emit(asio::cancellation_type::terminal);  // before or after it was woken
  poll(io);
  CHECK(first != "waits");
  if (first == "cancelled") {
    CHECK(second.get()->question == 1);
  } else {
    box.close();
    poll(io);
  }
}

TEST_CASE("many ask many", "[net][inbox]") {
  numbers box(3);
  std::vector<std::thread> components;
  for (int i = 0; i < 3; ++i)
    components.emplace_back([&] { block_on(spell(box)); });
  asio::thread_pool askers(3);
  std::vector<std::future<int>> done;
  for (int i = 0; i < 50; ++i)
    done.push_back(asio::co_spawn(
        askers,
        [](numbers& to, int n) -> asio::awaitable<int> {
          int right = 0;
          for (int k = 0; k < 40; ++k) {
            right += co_await to.ask(n + k) == std::to_string(n + k);
            co_await to.tell(k);
          }
          co_return right;
        }(box, i),
        asio::use_future));
  int right = 0;
  for (auto& d : done)
    right += d.get();
  CHECK(right == 2000);
  box.close();
  for (auto& c : components)
    c.join();
}
