#include <wend/wire/detail/deadlines.hpp>
#include <wend/wire/session.hpp>

#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/every_split.hpp"
#include "support/messages.hpp"
#include "support/session_owner.hpp"

using wend::deadline;
using wend::test::pattern;
using wend::test::plain;
using wend::test::post;
using wend::test::post_sized;
using wend::test::session_owner;
using want = wend::session::want;
using kind = wend::session::pulled::kind;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

TEST_CASE("a head has a time in all, however it drips", "[wire][session][deadline]") {
  session_owner owner;
  owner.run();
  CHECK(owner.at.waiting_for() == deadline::keep_alive);
  CHECK_FALSE(owner.pass(50s));
  owner.feed("G");
  CHECK(owner.at.waiting_for() == deadline::head);
  for (char c : "ET / HTT"sv) {
    CHECK_FALSE(owner.pass(1s));
    owner.feed(std::string_view(&c, 1));
  }
  CHECK_FALSE(owner.pass(1999ms));
  CHECK(owner.pass(1ms));
  CHECK(owner.statuses() == "408");
  CHECK(owner.finished);
}

TEST_CASE("a head that came with the request before has its own time",
          "[wire][session][deadline]") {
  session_owner owner;
  owner.feed(plain.substr(0, 5));
  CHECK_FALSE(owner.pass(9s));
  owner.feed(std::string(plain.substr(5)) + "GET");
  CHECK(owner.at.waiting_for() == deadline::head);
  CHECK_FALSE(owner.pass(9999ms));
  CHECK(owner.pass(1ms));
  CHECK(owner.statuses() == "200 408");
}

TEST_CASE("an idle connection is closed without a word", "[wire][session][deadline]") {
  session_owner owner;
  owner.feed(plain);
  owner.feed("\r\n");  // an empty line begins nothing
  CHECK(owner.at.waiting_for() == deadline::keep_alive);
  CHECK_FALSE(owner.pass(59999ms));
  CHECK(owner.pass(1ms));
  CHECK(owner.closed);
  CHECK_FALSE(owner.at.aborted());
  CHECK(owner.statuses() == "200");
}

TEST_CASE("a body has to make progress", "[wire][session][deadline]") {
  session_owner owner;
  owner.feed(post("Content-Length: 100000\r\n"));
  CHECK(owner.at.waiting_for() == deadline::body);
  SECTION("at all") {
    CHECK_FALSE(owner.pass(29999ms));
    CHECK(owner.pass(1ms));
    CHECK(owner.statuses() == "408");
  }
  SECTION("and not by single bytes") {
    int seconds = 0;
    while (!owner.finished && seconds < 100) {
      owner.feed("x");
      owner.pass(1s);
      ++seconds;
    }
    CHECK(seconds == 30);
    CHECK(owner.statuses() == "408");
  }
  SECTION("but may be slow") {
    for (int i = 0; i < 200; ++i) {
      owner.feed(std::string(128, 'x'));
      CHECK_FALSE(owner.pass(1s));
    }
    CHECK(owner.output.empty());
  }
}

TEST_CASE("a body that is skipped is not waited for either", "[wire][session][deadline]") {
  session_owner owner;
  owner.route = [](wend::session&) { return wend::body_policy{}; };
  owner.feed(post("Content-Length: 100\r\n", "abc"));
  CHECK(owner.statuses() == "200");
  CHECK(owner.at.waiting_for() == deadline::body);
  CHECK_FALSE(owner.pass(29999ms));
  CHECK(owner.pass(1ms));
  CHECK(owner.statuses() == "200");
  CHECK(owner.finished);
}

TEST_CASE("a peer that does not read is cut", "[wire][session][deadline]") {
  session_owner owner;
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(plain);
  owner.at.respond();
  REQUIRE(owner.at.next() == want::output);
  CHECK(owner.at.waiting_for() == deadline::write);
  owner.clock.now += 29s;
  CHECK_FALSE(owner.at.tick());
  owner.at.sent(1);
  REQUIRE(owner.at.next() == want::output);
  owner.clock.now += 29s;
  CHECK_FALSE(owner.at.tick());
  owner.clock.now += 1s;
  CHECK(owner.at.tick());
  CHECK(owner.at.next() == want::close);
  CHECK(owner.at.aborted());
}

TEST_CASE("a handler has all the time by default", "[wire][session][deadline]") {
  session_owner owner;
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(plain);
  CHECK(owner.at.waiting_for() == deadline::none);
  CHECK_FALSE(owner.pass(10h));
}

namespace {

/// Stands in the handler of a body that is read in pieces.
void begin_pieces(session_owner& owner, std::string_view text) {
  owner.route = [](wend::session&) { return wend::body_policy{.mode = wend::body_mode::pieces}; };
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(text);
}

}  // namespace

TEST_CASE("a body in pieces is waited for only in a pull", "[wire][session][deadline]") {
  session_owner owner;
  auto& s = owner.at;
  begin_pieces(owner, post("Content-Length: 100000\r\n", "abc"));
  CHECK(s.waiting_for() == deadline::none);
  CHECK(s.pull().data == "abc");
  CHECK(s.waiting_for() == deadline::none);
  CHECK_FALSE(owner.pass(1h));  // the handler may take its time
  REQUIRE(s.pull().what == kind::input);
  CHECK(s.waiting_for() == deadline::body);
  CHECK(s.next() == want::input);
  CHECK(s.waiting_for() == deadline::body);
  SECTION("and fails without progress") {
    CHECK_FALSE(owner.pass(29999ms));
    REQUIRE(owner.pass(1ms));
    CHECK(owner.refusals == 0);
    CHECK(s.pull().what == kind::failed);
    CHECK(s.failure().status == wend::status::request_timeout);
    CHECK(s.waiting_for() == deadline::none);
    s.response().status = s.failure().status;
    s.respond();
    owner.run();
    CHECK(owner.statuses() == "408");
    CHECK(owner.finished);
  }
  SECTION("and fails when it drips") {
    int seconds = 0;
    while (seconds < 100) {
      owner.clock.now += 1s;
      ++seconds;
      if (s.tick()) break;
      owner.feed("x");
      CHECK(s.pull().data == "x");
      CHECK(s.pull().what == kind::input);
    }
    CHECK(seconds == 30);
    CHECK(s.pull().what == kind::failed);
  }
  SECTION("and the time of the handler is not that of the peer") {
    for (int i = 0; i < 200; ++i) {
      CHECK_FALSE(owner.pass(1s));
      owner.feed(std::string(140, 'x'));
      CHECK(s.pull().what == kind::piece);
      CHECK_FALSE(owner.pass(100s));
      CHECK(s.pull().what == kind::input);
    }
  }
}

TEST_CASE("the time of the peer is not that of the handler", "[wire][session][deadline]") {
  session_owner owner({.handler_deadline = 5s});
  auto& s = owner.at;
  begin_pieces(owner, post("Content-Length: 100000\r\n", "abc"));
  CHECK(s.waiting_for() == deadline::handler);
  CHECK(s.pull().data == "abc");
  CHECK_FALSE(owner.pass(2s));
  for (int i = 0; i < 10; ++i) {
    REQUIRE(s.pull().what == kind::input);
    CHECK(s.waiting_for() == deadline::body);
    CHECK_FALSE(owner.pass(4s));
    owner.feed(std::string(1000, 'x'));
    CHECK(s.pull().what == kind::piece);
    CHECK(s.waiting_for() == deadline::handler);
  }
  CHECK_FALSE(owner.pass(2999ms));
  CHECK(owner.pass(1ms));
  CHECK(owner.statuses() == "503");
  CHECK(owner.refusals == 1);
}

TEST_CASE("a peer that waits for 100 Continue has to take it", "[wire][session][deadline]") {
  session_owner owner;
  auto& s = owner.at;
  begin_pieces(owner, post("Content-Length: 3\r\nExpect: 100-continue\r\n"));
  REQUIRE(s.pull().what == kind::output);
  CHECK(s.waiting_for() == deadline::write);
  owner.clock.now += 30s;
  CHECK(s.tick());
  CHECK(s.pull().what == kind::failed);
  CHECK(s.next() == want::close);
  CHECK(s.aborted());
}
