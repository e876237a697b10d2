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

using wend::test::pattern;
using wend::test::plain;
using wend::test::post;
using wend::test::post_sized;
using wend::test::session_owner;
using want = wend::session::want;
using content = wend::session::content;
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
  bool told = false, old = false;
  SECTION("it throws") {
    answer_from(owner, {.text = pattern(25), .fails = true});
    told = true;
  }
  SECTION("it has less than it said") {
    answer_from(owner, {.text = pattern(25), .says = 26});
  }
  SECTION("it has more than it said") {
    answer_from(owner, {.text = pattern(25), .says = 24});
  }
  SECTION("it throws, and only the end of the connection would end it") {
    answer_from(owner, {.text = pattern(25), .fails = true});
    told = old = true;
  }
  owner.feed((old ? "GET / HTTP/1.0\r\n\r\n" : std::string(plain)) + std::string(plain));
  CHECK(owner.statuses() == "200");  // never a second status line
  CHECK(owner.output.find("0\r\n\r\n") == std::string::npos);
  CHECK(owner.failed);
  CHECK((owner.at.response().failure != nullptr) == told);
  CHECK(owner.at.aborted() == old);  // else the framing tells that something lacks
  CHECK(owner.closed == old);
  CHECK(owner.finished == !old);
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
  bool told = false;
  owner.refused = [&](wend::request&, wend::response& out) { told = out.failure != nullptr; };
  owner.feed(plain);
  CHECK(owner.statuses() == "500");
  CHECK(owner.finished);
  CHECK(told);
}

TEST_CASE("fields of a source follow its content", "[wire][session]") {
  struct summed : wend::body_source {
    int left = 2;
    bool read(std::string& out) override {
      out += "1\n";
      return --left > 0;
    }
    void trailers(wend::trailer_fields& out) override { out.add("X-Sum", "2"); }
  };
  session_owner owner;
  owner.handler = [](wend::request&, wend::response& out) {
    out.source = std::make_unique<summed>();
    return true;
  };
  owner.feed(plain);
  CHECK(owner.output.ends_with("\r\n0\r\nX-Sum: 2\r\n\r\n"));
  CHECK(owner.at.idle());
  owner.output.clear();
  owner.feed("GET / HTTP/1.0\r\n\r\n");
  CHECK(owner.output.ends_with("\r\n\r\n1\n1\n"));
}

// --- pushed content ---

namespace {

/// Makes the owner answer with content that is pushed in pieces of this size.
void answer_pushed(session_owner& owner, std::string text, std::size_t piece, bool whole = true) {
  owner.handler = [&owner, text = std::move(text), piece, whole](wend::request&, wend::response&) {
    owner.at.respond(content::pushed);
    owner.producer = [text, piece, whole, at = std::size_t{0}](wend::session& s) mutable {
      s.push(std::string_view(text).substr(at, piece));
      at = std::min(at + piece, text.size());
      if (at < text.size()) return true;
      if (whole)
        s.push_end();
      else
        s.push_abort();
      return false;
    };
    return false;
  };
}

/// Stands before the first push of an answer.
void begin_pushed(session_owner& owner, std::string_view request = plain) {
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(request);
  owner.at.respond(content::pushed);
}

}  // namespace

TEST_CASE("pushed content is sent as it comes", "[wire][session][pushed]") {
  auto const text = pattern(GENERATE(0u, 1u, 20u, 200'000u));
  auto const piece = GENERATE(1u, 7u, 3000u, 150'000u);
  session_owner owner;
  answer_pushed(owner, text, piece);
  SECTION("in chunks") {
    owner.feed(std::string(plain) + std::string(plain));
    auto const seen = owner.responses();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].has("Transfer-Encoding: chunked"));
    CHECK(seen[0].body == text);
    CHECK(seen[1].body == text);
    CHECK(owner.at.idle());
    CHECK_FALSE(owner.at.wants_content());
  }
  SECTION("until the end of the connection to 1.0") {
    owner.feed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(owner.responses().at(0).has("Connection: close"));
    CHECK(owner.responses().at(0).body == text);
    CHECK(owner.finished);
    CHECK_FALSE(owner.at.aborted());
  }
}

TEST_CASE("pushed content has no length, whatever the handler says", "[wire][session][pushed]") {
  session_owner owner;
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(plain);
  owner.at.response().set("Content-Length", "3");
  owner.at.response().body = "not this";
  owner.at.respond(content::pushed);
  owner.at.push("abc");
  owner.at.push_end();
  owner.run();
  CHECK(owner.output.substr(owner.output.find("\r\n\r\n")) == "\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  CHECK(owner.output.find("Content-Length") == std::string::npos);
}

TEST_CASE("a response without content wants none", "[wire][session][pushed]") {
  struct row {
    std::string_view because, request;
    int status;
    std::string_view sent;
    bool switched = false;
  };
  auto const r = GENERATE(values<row>({
      {"HEAD (9110 9.3.2)", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "200"},
      {"204 (9110 15.3.5)", plain, 204, "204"},
      {"205 (9110 15.3.6)", plain, 205, "205"},
      {"304 (9110 15.4.5)", plain, 304, "304"},
      {"a status that is none", plain, 99, "500"},
      {"101 (9110 15.2.2)", plain, 101, "", true},
  }));
  CAPTURE(r.because);
  session_owner owner;
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(r.request);
  owner.at.response().status = static_cast<wend::status>(r.status);
  owner.at.respond(content::pushed);
  CHECK_FALSE(owner.at.wants_content());
  CHECK_FALSE(owner.at.may_push());
  owner.at.push("never");
  owner.at.push_end();
  owner.at.push_abort();
  owner.run();
  CHECK(owner.statuses() == r.sent);
  CHECK(owner.output.find("never") == std::string::npos);
  CHECK_FALSE(owner.at.aborted());
  CHECK(owner.at.switched() == r.switched);
  CHECK(owner.at.idle() != r.switched);
}

TEST_CASE("content that is broken off is cut", "[wire][session][pushed]") {
  bool const old = GENERATE(false, true);
  session_owner owner;
  answer_pushed(owner, pattern(25), 10, false);
  owner.feed((old ? "GET / HTTP/1.0\r\n\r\n" : std::string(plain)) + std::string(plain));
  CHECK(owner.statuses() == "200");
  CHECK(owner.output.find("\r\n0\r\n") == std::string::npos);
  CHECK(owner.output.find("szgnubipwd") != std::string::npos);  // what was pushed went out
  CHECK(owner.at.aborted() == old);
  CHECK(owner.closed == old);
  CHECK(owner.finished == !old);
}

TEST_CASE("who pushes is told to wait at 64 KiB", "[wire][session][pushed]") {
  session_owner owner;
  begin_pushed(owner);
  auto& s = owner.at;
  CHECK(s.may_push());
  int pushed = 0;
  for (; s.may_push() && pushed < 1000; ++pushed)
    s.push(pattern(1000));
  CHECK(pushed == 65);
  REQUIRE(s.next() == want::output);
  CHECK(s.waiting_for() == wend::deadline::write);
  s.sent(2000);
  CHECK(s.may_push());
  // a peer that takes little at a time does not make the queue grow
  std::size_t largest = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (s.may_push()) s.push(pattern(1000));
    REQUIRE(s.next() == want::output);
    largest = std::max(largest, s.output().size());
    s.sent(std::min<std::size_t>(999, s.output().size()));
  }
  CHECK(largest < 70'000);
}

TEST_CASE("while nothing is pushed the session reads on", "[wire][session][pushed]") {
  session_owner owner;
  begin_pushed(owner);
  owner.run();
  auto const* const path = owner.at.request().target.raw.data();
  CHECK(owner.at.waiting_for() == wend::deadline::none);
  CHECK_FALSE(owner.pass(std::chrono::hours(10)));
  owner.at.push("");
  CHECK(owner.at.next() == want::input);
  owner.feed(post_sized("next"));
  CHECK(owner.targets.size() == 1);
  SECTION("within its buffer, and moves nothing") {
    while (owner.feed("\r\n")) {
    }
    CHECK(owner.at.room().empty());
    CHECK(owner.at.next() == want::input);
    CHECK(owner.at.request().target.raw.data() == path);
  }
  SECTION("and tells the next request after the end") {
    owner.at.push_end();
    owner.run();
    CHECK(owner.targets.size() == 2);
    CHECK(owner.at.request().body == "next");
    owner.at.respond();
    owner.run();
    CHECK(owner.statuses() == "200 200");
    CHECK(owner.at.idle());
  }
  SECTION("and the peer may shut its side") {
    owner.end();
    CHECK_FALSE(owner.closed);
    owner.at.push("last");
    owner.at.push_end();
    owner.run();
    owner.at.respond();
    owner.run();
    CHECK(owner.responses().at(0).body == "last");
    CHECK(owner.closed);
  }
}

TEST_CASE("pushed content may come before the body was read", "[wire][session][pushed]") {
  session_owner owner;
  owner.route = [](wend::session&) { return wend::body_policy{}; };
  begin_pushed(owner, post("Content-Length: 8\r\n", "body"));
  owner.at.push("x");
  owner.run();
  owner.feed("body");
  owner.at.push("y");
  owner.at.push_end();
  owner.run();
  owner.handler = [](wend::request&, wend::response&) { return true; };
  owner.feed(plain);
  CHECK(owner.responses().at(0).body == "xy");
  CHECK(owner.statuses() == "200 200");
}

TEST_CASE("a peer that does not read what is pushed is cut", "[wire][session][pushed]") {
  session_owner owner;
  begin_pushed(owner);
  owner.at.push("abc");
  REQUIRE(owner.at.next() == want::output);
  owner.clock.now += std::chrono::seconds(30);
  CHECK(owner.at.tick());
  CHECK_FALSE(owner.at.wants_content());
  CHECK(owner.at.next() == want::close);
  CHECK(owner.at.aborted());
  owner.at.push("never");
  owner.at.push_end();
  CHECK(owner.at.next() == want::close);
}

TEST_CASE("a second answer and a push after the end have no effect", "[wire][session][pushed]") {
  session_owner owner;
  begin_pushed(owner);
  owner.at.respond();
  owner.at.respond(content::pushed);
  owner.at.push("x");
  owner.at.push_end();
  owner.at.push("y");
  owner.at.push_end();
  owner.at.push_abort();
  owner.at.respond();
  owner.run();
  CHECK(owner.statuses() == "200");
  CHECK(owner.responses().at(0).body == "x");
  CHECK(owner.at.idle());
}

TEST_CASE("pushes allocate nothing once the queue has grown", "[wire][session][pushed]") {
  session_owner owner;
  begin_pushed(owner);
  auto& s = owner.at;
  auto const text = pattern(5000);
  auto const round = [&] {
    for (std::size_t i = 0; s.may_push(); ++i)
      s.push(std::string_view(text).substr(0, i % 100 == 0 ? 5000 : 1));
    while (s.next() == want::output)
      s.sent(std::min<std::size_t>(s.output().size(), 10'000));
  };
  round();
  auto const n = wend::test::allocations_in([&] {
    for (int i = 0; i < 20; ++i)
      round();
  });
  CHECK(n == 0);
}

// --- files ---

namespace {

struct file_plan {
  std::optional<wend::file_slice> file;
  std::optional<std::uint64_t> says;
  std::string text;  // if it is read after all
};

class file_source : public wend::body_source {
 public:
  explicit file_source(file_plan plan) : plan_(std::move(plan)) {}
  std::optional<std::uint64_t> size() const override { return plan_.says; }
  std::optional<wend::file_slice> file() const override { return plan_.file; }
  bool read(std::string& out) override {
    out += plan_.text;
    return false;
  }

 private:
  file_plan plan_;
};

void answer_with(session_owner& owner, file_plan const& plan) {
  owner.handler = [plan](wend::request&, wend::response& out) {
    out.source = std::make_unique<file_source>(plan);
    return true;
  };
}

}  // namespace

TEST_CASE("a file is left to an owner that sends files", "[wire][session][file]") {
  session_owner owner;
  owner.file = pattern(10'000);
  wend::file_slice const slice{.fd = 7, .offset = 100, .size = 5000};
  answer_with(owner, {.file = slice, .says = 5000, .text = std::string(5000, '-')});
  SECTION("after all that was to be sent before") {
    owner.at.sends_files(true);
    owner.feed(std::string(plain) + std::string(plain));
    auto const seen = owner.responses();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].has("Content-Length: 5000"));
    CHECK(seen[0].body == owner.file.substr(100, 5000));
    CHECK(seen[1].body == owner.file.substr(100, 5000));
    CHECK(owner.at.idle());
  }
  SECTION("but not its content to HEAD") {
    owner.at.sends_files(true);
    owner.feed("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(owner.responses().at(0).has("Content-Length: 5000"));
    CHECK(owner.responses().at(0).body.empty());
    CHECK(owner.at.idle());
  }
  SECTION("and read by the session for another") {
    owner.feed(plain);
    CHECK(owner.responses().at(0).body == std::string(5000, '-'));
  }
}

TEST_CASE("a source whose file is not what it says is read", "[wire][session][file]") {
  session_owner owner;
  owner.file = pattern(100);
  owner.at.sends_files(true);
  SECTION("no file") {
    answer_with(owner, {.file = {}, .says = 3, .text = "abc"});
  }
  SECTION("no length") {
    answer_with(owner, {.file = {{7, 0, 3}}, .says = {}, .text = "abc"});
  }
  SECTION("another length") {
    answer_with(owner, {.file = {{7, 0, 4}}, .says = 3, .text = "abc"});
  }
  owner.feed(plain);
  CHECK(owner.responses().at(0).body == "abc");
  CHECK(owner.at.idle());
}

TEST_CASE("an empty file is sent at once", "[wire][session][file]") {
  session_owner owner;
  owner.at.sends_files(true);
  answer_with(owner, {.file = {{7, 0, 0}}, .says = 0, .text = {}});
  owner.feed(std::string(plain) + std::string(plain));
  CHECK(owner.statuses() == "200 200");
}

TEST_CASE("a file that shrank has its connection cut", "[wire][session][file]") {
  session_owner owner;
  owner.file = pattern(4000);
  owner.at.sends_files(true);
  answer_with(owner, {.file = {{7, 0, 5000}}, .says = 5000, .text = {}});
  owner.feed(std::string(plain) + std::string(plain));
  CHECK(owner.statuses() == "200");
  CHECK(owner.finished);
  CHECK_FALSE(owner.at.aborted());  // the length tells that something lacks
}

TEST_CASE("a file waits for its peer as long as other content", "[wire][session][file]") {
  session_owner owner;
  auto& s = owner.at;
  s.sends_files(true);
  s.file_sent(0);  // nothing was asked for
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(plain);
  s.response().source = std::make_unique<file_source>(file_plan{{{7, 10, 1000}}, 1000, {}});
  s.respond();
  REQUIRE(s.next() == want::output);
  s.sent(s.output().size());
  REQUIRE(s.next() == want::file);
  CHECK(s.waiting_for() == wend::deadline::write);
  CHECK(s.file().fd == 7);
  CHECK(s.file().offset == 10);
  CHECK(s.file().size == 1000);
  s.file_sent(400);
  CHECK(s.file().offset == 410);
  CHECK(s.file().size == 600);
  owner.clock.now += std::chrono::seconds(29);
  CHECK_FALSE(s.tick());
  s.file_sent(100);
  REQUIRE(s.next() == want::file);
  owner.clock.now += std::chrono::seconds(29);
  CHECK_FALSE(s.tick());
  SECTION("and is complete") {
    s.file_sent(501);  // more than there is
    s.file_sent(0);
    CHECK(s.next() == want::input);
    CHECK(s.idle());
  }
  SECTION("and no longer") {
    owner.clock.now += std::chrono::seconds(1);
    CHECK(s.tick());
    CHECK(s.next() == want::close);
    CHECK(s.aborted());
  }
}
