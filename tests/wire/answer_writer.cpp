#include <wend/wire/detail/answer_writer.hpp>
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

namespace {

/// What a source is to do.
struct source_plan {
  std::string text;
  std::size_t piece = 10;
  std::optional<std::uint64_t> says{};  // the size it claims
  bool fails = false;                   // throws in place of the last piece
  std::size_t* reads = nullptr;         // counts the calls
};

class planned_source : public wend::body_source {
 public:
  explicit planned_source(source_plan plan) : plan_(std::move(plan)) {}
  std::optional<std::uint64_t> size() const override { return plan_.says; }
  bool read(std::string& out) override {
    if (plan_.reads != nullptr) ++*plan_.reads;
    auto const n = std::min(plan_.piece, plan_.text.size() - at_);
    if (plan_.fails && n == plan_.text.size() - at_) throw std::runtime_error("disk on fire");
    out.append(plan_.text, at_, n);
    at_ += n;
    return at_ < plan_.text.size();
  }

 private:
  source_plan plan_;
  std::size_t at_ = 0;
};

/// Makes the owner answer from a source.
void answer_from(session_owner& owner, source_plan const& plan) {
  owner.handler = [plan](wend::request&, wend::response& out) {
    out.source = std::make_unique<planned_source>(plan);
    return true;
  };
}

}  // namespace

// --- output ---

TEST_CASE("answers of requests that came together leave together", "[wire][session]") {
  session_owner owner;
  std::string ten;
  for (int i = 0; i < 10; ++i)
    ten += plain;
  owner.feed(ten);
  CHECK(owner.responses().size() == 10);
  CHECK(owner.writes == 1);
}

TEST_CASE("answers are not piled up beyond 64 KiB", "[wire][session]") {
  session_owner owner;
  owner.handler = [](wend::request&, wend::response& out) {
    out.body = pattern(30000);
    return true;
  };
  std::string ten;
  for (int i = 0; i < 10; ++i)
    ten += plain;
  owner.feed(ten);
  CHECK(owner.responses().size() == 10);
  CHECK(owner.writes == 4);
}

TEST_CASE("a large body is sent from where it is", "[wire][session]") {
  session_owner owner;
  char const* data = nullptr;
  owner.handler = [&](wend::request&, wend::response& out) {
    out.body = pattern(100000);
    data = out.body.data();
    return false;
  };
  owner.feed(plain);
  owner.at.respond();
  REQUIRE(owner.at.next() == want::output);
  owner.output += owner.at.output();
  owner.at.sent(owner.at.output().size());
  REQUIRE(owner.at.next() == want::output);
  CHECK(owner.at.output().data() == data);
  owner.run();
  CHECK(owner.responses().at(0).body == pattern(100000));
}

TEST_CASE("output goes out in whatever pieces the socket takes", "[wire][session]") {
  for (std::size_t body : {10u, 100000u})
    for (std::size_t take : {1u, 7u, 1000u, 99999u}) {
      session_owner owner;
      owner.handler = [&](wend::request&, wend::response& out) {
        out.body = pattern(body);
        return true;
      };
      std::string sent;
      std::string const two = std::string(plain) + std::string(plain);
      auto const room = (owner.at.next(), owner.at.room());
      std::copy(two.begin(), two.end(), room.begin());
      owner.at.received(two.size());
      for (auto w = owner.at.next(); w != want::input; w = owner.at.next()) {
        if (w == want::route) owner.at.expect({});
        if (w == want::call) {
          owner.handler(owner.at.request(), owner.at.response());
          owner.at.respond();
        }
        if (w == want::output) {
          auto const n = std::min(take, owner.at.output().size());
          sent += owner.at.output().substr(0, n);
          owner.at.sent(n);
        }
      }
      auto const seen = wend::test::read_responses(sent);
      REQUIRE(seen.size() == 2);
      CHECK(seen[1].body == pattern(body));
    }
}

// --- sources ---

TEST_CASE("a source is sent as it is made", "[wire][session]") {
  auto const text = pattern(200000);
  session_owner owner;
  SECTION("in chunks when its size is not known") {
    answer_from(owner, {.text = text, .piece = 1000});
    owner.feed(std::string(plain) + std::string(plain));
    auto const seen = owner.responses();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].has("Transfer-Encoding: chunked"));
    CHECK(seen[0].body == text);
    CHECK(seen[1].body == text);
    CHECK(owner.writes > 4);  // not all at once
    CHECK_FALSE(owner.finished);
  }
  SECTION("plain when it is") {
    answer_from(owner, {.text = text, .piece = 1000, .says = text.size()});
    owner.feed(std::string(plain) + std::string(plain));
    auto const seen = owner.responses();
    REQUIRE(seen.size() == 2);
    CHECK(seen[1].has("Content-Length: 200000"));
    CHECK(seen[1].body == text);
  }
  SECTION("until the end of the connection to 1.0") {
    answer_from(owner, {.text = text});
    owner.feed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(owner.responses().at(0).body == text);
    CHECK(owner.finished);
    CHECK_FALSE(owner.at.aborted());
  }
  SECTION("even when it is empty") {
    answer_from(owner, {.text = ""});
    owner.feed(plain);
    CHECK(owner.output.find("\r\n\r\n0\r\n\r\n") != std::string::npos);
  }
  SECTION("never to HEAD") {
    std::size_t reads = 0;
    answer_from(owner, {.text = text, .says = text.size(), .reads = &reads});
    owner.feed("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(owner.responses().at(0).has("Content-Length: 200000"));
    CHECK(reads == 0);
    CHECK(owner.at.idle());
  }
}

TEST_CASE("a source that breaks its word has its connection cut", "[wire][session]") {
  session_owner owner;
  SECTION("it throws") {
    answer_from(owner, {.text = pattern(25), .fails = true});
  }
  SECTION("it has less than it said") {
    answer_from(owner, {.text = pattern(25), .says = 26});
  }
  SECTION("it has more than it said") {
    answer_from(owner, {.text = pattern(25), .says = 24});
  }
  owner.feed(std::string(plain) + std::string(plain));
  CHECK(owner.statuses() == "200");  // never a second status line
  CHECK(owner.output.find("0\r\n\r\n") == std::string::npos);
  CHECK(owner.closed);
  CHECK_FALSE(owner.finished);
  CHECK(owner.at.aborted());
}

TEST_CASE("a source that cannot tell its size is a 500", "[wire][session]") {
  struct broken : wend::body_source {
    std::optional<std::uint64_t> size() const override { throw std::runtime_error("gone"); }
    bool read(std::string&) override { return false; }
  };
  session_owner owner;
  owner.handler = [](wend::request&, wend::response& out) {
    out.source = std::make_unique<broken>();
    return true;
  };
  owner.feed(plain);
  CHECK(owner.statuses() == "500");
  CHECK(owner.finished);
}
