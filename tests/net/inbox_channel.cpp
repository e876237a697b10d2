// A component that takes its work from a channel of Asio is asked by handlers through an inbox: a
// coroutine beside it moves the messages.
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/awaitable.hpp>
#include <wend/net/block_on.hpp>
#include <wend/net/inbox.hpp>
#include <wend/net/server.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/concurrent_channel.hpp>

#include "support/catch.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

namespace {

using numbers = inbox<int, std::string>;
/// A channel that is closed hands out default values, which a message has none of.
using message = std::optional<numbers::message>;
using channel = asio::experimental::concurrent_channel<void(asio::error_code, message)>;

/// Moves what is asked to where the component looks for it. The last thing there is an error, so
/// that what is in the channel before it is received: closing the channel would lose it.
asio::awaitable<void> move_questions(numbers& from, channel& to) {
  auto questions = from.open();
  while (auto m = co_await questions.receive())
    co_await to.async_send({}, std::move(m), asio::use_awaitable);
  co_await to.async_send(asio::error::eof, std::nullopt, asio::use_awaitable);
}

/// Knows channels only. Takes `at_once` questions before it answers the last of them first.
asio::awaitable<void> spell(channel& work, std::size_t at_once) {
  asio::error_code over;
  std::vector<message> taken;
  while (!over) {
    auto m = co_await work.async_receive(asio::redirect_error(asio::use_awaitable, over));
    if (m && m->question < 0) throw std::runtime_error("cannot count down");
    if (m) taken.push_back(std::move(m));
    if (!over && taken.size() < at_once) continue;
    for (; !taken.empty(); taken.pop_back())
      taken.back()->reply(std::to_string(taken.back()->question));
  }
}

/// Both, until the inbox is closed; one that throws ends the other.
asio::awaitable<void> run_component(numbers& box, std::size_t capacity, std::size_t at_once) {
  using namespace asio::experimental::awaitable_operators;
  channel work(co_await asio::this_coro::executor, capacity);
  co_await (move_questions(box, work) && spell(work, at_once));
}

std::string get_once(std::uint16_t port, std::string const& path) {
  peer p(port);
  p.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  return p.rest();
}

/// The answer, or the status of the problem that it is.
asio::awaitable<std::string> ask(numbers& box, int n) {
  try {
    co_return co_await box.ask(n);
  } catch (problem const& p) {
    co_return std::to_string(code(p.status));
  }
}

/// One thread: many questions, and a component whose channel has room for one of them.
struct one_loop {
  asio::io_context io;
  numbers box;
  std::vector<std::future<std::string>> asked;
  std::future<void> component;

  explicit one_loop(std::size_t at_once)
      : component(asio::co_spawn(io, run_component(box, 1, at_once), asio::use_future)) {}

  void ask(int n) { asked.push_back(asio::co_spawn(io, ::ask(box, n), asio::use_future)); }

  /// Runs until nobody waits for anything.
  void run() {
    io.restart();
    io.run_for(std::chrono::seconds(10));
    REQUIRE(io.stopped());
  }
  /// Runs what can run now.
  void poll() {
    io.restart();
    io.poll();
  }
};

}  // namespace

TEST_CASE("handlers ask a component that has a channel", "[net][inbox]") {
  numbers box(2);
  auto const app = routes(get<"/{n:int}">([&](int n) { return box.ask(n); }));
  background_server first(app, {.port = 0}), second(app, {.port = 0});
  std::thread component([&] { block_on(run_component(box, 2, 1)); });
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
  CHECK(get_once(first.port(), "/7").starts_with("HTTP/1.1 503 "));
}

TEST_CASE("a component with a channel has several questions at once", "[net][inbox]") {
  one_loop all(5);
  for (int n = 0; n < 10; ++n)
    all.ask(n);
  all.poll();
  all.box.close();
  all.run();
  for (int n = 0; n < 10; ++n)
    CHECK(all.asked[static_cast<std::size_t>(n)].get() == std::to_string(n));
  CHECK_NOTHROW(all.component.get());
}

TEST_CASE("a closed inbox ends a channel, and what is in it is answered", "[net][inbox]") {
  one_loop all(1000);  // answers nothing before the end
  for (int n = 0; n < 10; ++n)
    all.ask(n);
  all.poll();
  all.box.close();
  all.ask(10);
  all.run();
  for (int n = 0; n < 10; ++n)
    CHECK(all.asked[static_cast<std::size_t>(n)].get() == std::to_string(n));
  CHECK(all.asked[10].get() == "503");
  CHECK_NOTHROW(all.component.get());
}

TEST_CASE("a component with a channel that dies answers with 503", "[net][inbox]") {
  one_loop all(3);
  for (int n : {0, 1, 2, 3, -1, 5, 6, 7, 8})
    all.ask(n);
  all.run();
  for (int n = 0; n < 3; ++n)
    CHECK(all.asked[static_cast<std::size_t>(n)].get() == std::to_string(n));
  for (std::size_t n = 3; n < 9; ++n)  // in its hands, in the channel, on the way and in the inbox
    CHECK(all.asked[n].get() == "503");
  CHECK_THROWS(all.component.get());  // what it threw, and that the other one was cancelled
}
