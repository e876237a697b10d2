#include <wend/net/broadcast.hpp>
//
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/block_on.hpp>
#include <wend/net/events.hpp>
#include <wend/net/server.hpp>

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

using news = broadcast<std::string>;

/// All that `s` is told, until the end: "1:a 2:b -3 6:f", where -3 is three that were missed.
asio::awaitable<std::string> listen(news::subscription s, std::size_t most = 100) {
  std::string out;
  for (std::size_t i = 0; i < most; ++i) {
    auto const v = co_await s.next();
    if (!v) break;
    if (v->missed > 0) out += "-" + std::to_string(v->missed) + " ";
    out += std::to_string(v->number) + ":" + **v + " ";
  }
  co_return out;
}

void send_all(news& to, std::string_view letters) {
  for (char const c : letters)
    to.send(std::string(1, c));
}

struct row {
  char const* because;
  std::size_t capacity;
  std::string_view before;             // sent before anybody listens
  std::optional<std::uint64_t> after;  // what the listener saw last
  std::string_view then;               // sent before it reads
  std::string expected;
};

row const rows[] = {
    {"a subscriber hears what comes from now on", 4, "ab", {}, "cd", "3:c 4:d "},
    {"one that comes back hears what it missed", 4, "abc", 1, "d", "2:b 3:c 4:d "},
    {"as far as it is held", 2, "abcd", 1, "", "-1 3:c 4:d "},
    {"one that has seen all hears what is new", 4, "abc", 3, "d", "4:d "},
    {"one that has seen nothing hears all", 4, "abc", 0, "", "1:a 2:b 3:c "},
    {"a number from before a restart: all is new", 2, "abc", 70, "d", "-1 3:c 4:d "},
    {"a slow one loses the oldest and is told", 2, "a", {}, "bcdef", "-3 5:e 6:f "},
    {"the last value alone is held", 1, "", {}, "abc", "-2 3:c "},
    {"a capacity of none is one", 0, "", {}, "ab", "-1 2:b "},
    {"nothing was sent", 2, "", {}, "", ""},
};

}  // namespace

TEST_CASE("a broadcast tells each subscriber what came and what it missed", "[net][broadcast]") {
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      news all(r.capacity);
      send_all(all, r.before);
      auto s = all.subscribe(r.after);
      send_all(all, r.then);
      CHECK_FALSE(all.closed());
      all.close();
      CHECK(all.closed());
      send_all(all, "xyz");
      CHECK(block_on(listen(std::move(s))) == r.expected);
    }
}

TEST_CASE("the latest value of a broadcast is at hand", "[net][broadcast]") {
  news all(2);
  CHECK_FALSE(all.latest());
  CHECK(all.latest().number == 0);
  send_all(all, "abc");
  CHECK(*all.latest() == "c");
  CHECK(all.latest()->size() == 1);
  CHECK(all.latest().number == 3);
}

TEST_CASE("who sends does not wait for who listens", "[net][broadcast]") {
  news all(4);
  asio::io_context io;
  auto quick = asio::co_spawn(io, listen(all.subscribe()), asio::use_future);
  auto slow = all.subscribe();
  for (int i = 0; i < 50; ++i) {
    send_all(all, "ab");
    io.poll();
  }
  all.close();
  io.run();
  auto const heard = quick.get();
  CHECK(heard.find('-') == heard.npos);
  CHECK(heard.ends_with("99:a 100:b "));
  CHECK(block_on(listen(std::move(slow))) == "-96 97:a 98:b 99:a 100:b ");
}

TEST_CASE("a subscriber that is cancelled is forgotten", "[net][broadcast]") {
  news all;
  asio::io_context io;
  asio::cancellation_signal cancel;
  bool failed = false;
  asio::co_spawn(io,
                 listen(all.subscribe()),
                 asio::bind_cancellation_slot(
                     cancel.slot(),
                     [&](std::exception_ptr failure, std::string const&) { failed = !!failure; }));
  io.poll();
  cancel.emit(asio::cancellation_type::terminal);
  io.run();
  CHECK(failed);
  send_all(all, "a");
}

TEST_CASE("a broadcast and its subscribers may go in any order", "[net][broadcast]") {
  auto all = std::make_unique<news>();
  auto io = std::make_unique<asio::io_context>();
  auto heard = asio::co_spawn(*io, listen(all->subscribe()), asio::use_future);
  io->poll();
  SECTION("the broadcast first") {
    all.reset();
    io->run();
    CHECK(heard.get().empty());
  }
  SECTION("the loop first") {
    io.reset();
    send_all(*all, "a");
  }
  SECTION("the loop with a value on its way") {
    send_all(*all, "a");
    io.reset();
    send_all(*all, "b");
  }
}

TEST_CASE("events come from a component on another thread", "[net][broadcast]") {
  news all(100);
  auto const app =
      routes(get<"/events">([&](header<"Last-Event-ID", std::optional<std::uint64_t>> last) {
        return events(
            [s = all.subscribe(*last)](event_writer& out) mutable -> asio::awaitable<void> {
              while (auto v = co_await s.next())
                co_await out.send({.id = std::to_string(v->number), .data = **v});
            });
      }));
  background_server first(app, {.port = 0}), second(app, {.port = 0});
  std::vector<std::unique_ptr<peer>> peers;
  for (auto const port : {first.port(), second.port()}) {
    peers.push_back(std::make_unique<peer>(port));
    peers.back()->send("GET /events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 0\r\n\r\n");
    peers.back()->until("\r\n\r\n");
  }
  std::thread component([&] { send_all(all, "abc"); });
  for (auto& p : peers)
    CHECK(p->until("data: c\n\n").find("id: 2\ndata: b\n\n") != std::string::npos);
  component.join();
  all.close();
  for (auto& p : peers)
    CHECK(p->until("0\r\n\r\n").ends_with("0\r\n\r\n"));
}

TEST_CASE("many hear many", "[net][broadcast]") {
  broadcast<int> all(10'000);
  asio::thread_pool listeners(3);
  std::vector<std::future<int>> done;
  for (int i = 0; i < 20; ++i)
    done.push_back(asio::co_spawn(
        listeners,
        [](broadcast<int>::subscription s) -> asio::awaitable<int> {
          int sum = 0;
          while (auto const v = co_await s.next())
            sum += **v;
          co_return sum;
        }(all.subscribe(0)),
        asio::use_future));
  std::vector<std::thread> senders;
  for (int i = 0; i < 3; ++i)
    senders.emplace_back([&] {
      for (int k = 0; k < 300; ++k)
        all.send(1);
    });
  for (auto& s : senders)
    s.join();
  all.close();
  for (auto& d : done)
    CHECK(d.get() == 900);
}
