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
using wend::test::chunked;
using wend::test::pattern;
using wend::test::plain;
using wend::test::post;
using wend::test::post_sized;
using wend::test::session_owner;
using want = wend::session::want;
using namespace std::chrono_literals;
using namespace std::string_literals;
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
