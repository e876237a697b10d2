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
#include "support/session_owner.hpp"

using wend::deadline;
using wend::test::session_owner;
using want = wend::session::want;
using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

constexpr std::string_view plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(std::string_view fields, std::string_view body = {}) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

std::string post_sized(std::string_view body) {
  return post("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

/// Bytes that tell when they are out of place.
std::string pattern(std::size_t size) {
  std::string out(size, ' ');
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return out;
}

std::string chunked(std::string_view body, std::size_t piece) {
  std::string out;
  while (!body.empty()) {
    auto const n = std::min(piece, body.size());
    char size[20];
    auto const end = std::to_chars(size, size + sizeof size, n, 16).ptr;
    out.append(size, end).append("\r\n").append(body.substr(0, n)).append("\r\n");
    body.remove_prefix(n);
  }
  return out + "0\r\n\r\n";
}

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

// --- answers ---

TEST_CASE("an answer has a status, a date and a length", "[wire][session]") {
  session_owner owner;
  owner.feed(plain);
  CHECK(owner.output ==
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n");
  CHECK(owner.at.idle());
}

TEST_CASE("a handler sees the request", "[wire][session]") {
  session_owner owner;
  owner.handler = [](wend::request& in, wend::response& out) {
    out.body = std::string(in.method.name()) + " " + std::string(in.target.path) + " " +
               std::string(in.host()) + " " + std::string(in.body) + " " +
               std::string(in.trailers.get("T").value_or("-"));
    return true;
  };
  owner.feed(post_sized("abc") +
             post("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\nT: u\r\n\r\n"));
  auto const seen = owner.responses();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].body == "POST / a abc -");
  CHECK(seen[1].body == "POST / a x u");
}

TEST_CASE("HEAD is answered without the content", "[wire][session]") {
  session_owner owner;
  owner.handler = [](wend::request&, wend::response& out) {
    out.body = "four";
    return true;
  };
  owner.feed("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(owner.output.find("Content-Length: 4\r\n\r\n") == owner.output.size() - 21);
}

TEST_CASE("a refusal is a problem and the end", "[wire][session]") {
  session_owner owner;
  owner.feed(post("Content-Length: 3\r\nContent-Length: 3\r\n", plain));
  auto const seen = owner.responses();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].status == 400);
  CHECK(seen[0].has("Content-Type: application/problem+json"));
  CHECK(seen[0].has("Connection: close"));
  CHECK(seen[0].body == R"({"type":"about:blank","title":"Bad Request","status":400,)"
                        R"("detail":"there is more than one Content-Length"})");
  CHECK(owner.finished);
}

TEST_CASE("a refusal of HEAD has no content", "[wire][session]") {
  session_owner owner;
  owner.feed("HEAD / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n");
  CHECK(owner.statuses() == "417");
  CHECK(owner.output.substr(owner.output.size() - 4) == "\r\n\r\n");
}

TEST_CASE("a status that is no answer becomes 500", "[wire][session]") {
  for (int status : {0, 99, 100, 103, 199, 1000}) {
    session_owner owner;
    owner.handler = [&](wend::request&, wend::response& out) {
      out.status = static_cast<wend::status>(status);
      return true;
    };
    owner.feed(plain);
    CHECK(owner.statuses() == "500");
  }
}

TEST_CASE("after 101 the connection is another's", "[wire][session]") {
  session_owner owner;
  owner.handler = [](wend::request&, wend::response& out) {
    out.status = wend::status::switching_protocols;
    out.set("Upgrade", "x").set("Connection", "upgrade");
    return true;
  };
  owner.feed("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nfirst words");
  CHECK(owner.closed);
  CHECK_FALSE(owner.finished);
  CHECK(owner.at.switched());
  CHECK(owner.at.unread() == "first words");
}

TEST_CASE("a connection that refuses CONNECT goes on", "[wire][session]") {
  session_owner owner;
  owner.handler = [](wend::request&, wend::response& out) {
    out.status = wend::status::not_implemented;
    return true;
  };
  owner.feed("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n" + std::string(plain));
  CHECK(owner.statuses() == "501 501");
  CHECK_FALSE(owner.at.switched());
}

// --- bodies ---

TEST_CASE("bodies of any size arrive whole, in pieces of any size", "[wire][session]") {
  for (std::size_t size : {1u, 200u, 2000u, 2048u, 4000u, 16384u, 16385u, 70000u, 1048576u})
    for (std::size_t piece : {1u, 100u, 1500u, 5000u, 2000000u}) {
      if (size / piece > 70000) continue;
      auto const body = pattern(size);
      std::string const requests[] = {
          post_sized(body),
          post("Transfer-Encoding: chunked\r\n", chunked(body, 1 + size / 7)),
          post("X: " + pattern(3000) + "\r\nContent-Length: " + std::to_string(size) + "\r\n",
               body),
          post("X: " + pattern(1950) + "\r\nTransfer-Encoding: chunked\r\n", chunked(body, size))};
      for (auto const& one : requests) {
        session_owner owner;
        bool fields_hold = true;
        owner.handler = [&](wend::request& in, wend::response& out) {
          out.body = in.body;
          fields_hold = in.target.raw == "/" && in.host() == "a" &&
                        pattern(in.field("X").value_or("").size()) == in.field("X").value_or("");
          return true;
        };
        auto const text = one + std::string(plain);
        for (std::string_view rest = text; !rest.empty();) {
          owner.feed(rest.substr(0, piece));
          rest.remove_prefix(std::min(piece, rest.size()));
        }
        auto const seen = owner.responses();
        REQUIRE(seen.size() == 2);
        CHECK(seen[0].body == body);
        CHECK(seen[1].status == 200);
        CHECK(fields_hold);
      }
    }
}

TEST_CASE("a small body is a view into the input", "[wire][session]") {
  session_owner owner;
  auto const text = post_sized("abc");
  owner.run();
  auto const room = owner.at.room();
  std::copy(text.begin(), text.end(), room.begin());
  owner.at.received(text.size());
  char const* body = nullptr;
  owner.handler = [&](wend::request& in, wend::response&) {
    body = in.body.data();
    return true;
  };
  owner.run();
  CHECK(body == room.data() + text.size() - 3);
}

TEST_CASE("a route has a limit of its own", "[wire][session]") {
  wend::limits const limits{.body = 10};
  auto const answer = [&](std::optional<std::size_t> own, std::string const& text) {
    session_owner owner(limits);
    owner.route = [&](wend::session&) {
      return wend::body_policy{.mode = wend::body_mode::whole, .limit = own};
    };
    owner.feed(text);
    return owner.statuses();
  };
  CHECK(answer(std::nullopt, post_sized(pattern(10))) == "200");
  CHECK(answer(std::nullopt, post_sized(pattern(11))) == "413");
  CHECK(answer(20, post_sized(pattern(20))) == "200");
  CHECK(answer(20, post_sized(pattern(21))) == "413");
  CHECK(answer(0, post_sized("")) == "200");
  CHECK(answer(0, post_sized("x")) == "413");
  auto const coding = "Transfer-Encoding: chunked\r\n";
  CHECK(answer(20, post(coding, chunked(pattern(20), 3))) == "200");
  CHECK(answer(20, post(coding, chunked(pattern(21), 3))) == "413");
  CHECK(answer(0, post(coding, chunked("", 3))) == "200");
  CHECK(answer(0, post(coding, chunked("x", 3))) == "413");
}

TEST_CASE("100 Continue is sent when the body is wanted and not there", "[wire][session]") {
  auto const head = post("Expect: 100-continue\r\nContent-Length: 3\r\n");
  session_owner owner;
  SECTION("the body waits for it (9110 10.1.1)") {
    owner.feed(head);
    CHECK(owner.output == wend::continue_response);
    owner.feed("a");
    CHECK(owner.output == wend::continue_response);
    owner.feed("bc");
    CHECK(owner.statuses() == "200");
  }
  SECTION("the body came with the head") {
    owner.feed(head + "abc");
    CHECK(owner.output.find("100 Continue") == std::string::npos);
    CHECK(owner.statuses() == "200");
  }
  SECTION("the body began with the head") {
    owner.feed(head + "a");
    CHECK(owner.output.empty());
  }
  SECTION("nobody wants the body") {
    owner.route = [](wend::session&) { return wend::body_policy{}; };
    owner.feed(head);
    CHECK(owner.output.find("100 Continue") == std::string::npos);
    CHECK(owner.statuses() == "200");
    CHECK(owner.finished);
  }
  SECTION("the body is too large") {
    owner.route = [](wend::session&) {
      return wend::body_policy{.mode = wend::body_mode::whole, .limit = 2};
    };
    owner.feed(head);
    CHECK(owner.output.find("100 Continue") == std::string::npos);
    CHECK(owner.statuses() == "413");
  }
  SECTION("the client speaks 1.0") {
    owner.feed("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    CHECK(owner.output.empty());
  }
  SECTION("the body is chunked") {
    owner.feed(post("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n"));
    CHECK(owner.output == wend::continue_response);
    owner.feed("0\r\n\r\n");
    CHECK(owner.statuses() == "200");
  }
}

TEST_CASE("a body nobody wanted is skipped up to 64 KiB", "[wire][session]") {
  auto const answer = [](std::string const& text) {
    session_owner owner;
    owner.route = [](wend::session&) { return wend::body_policy{}; };
    owner.handler = [](wend::request& in, wend::response& out) {
      out.body = in.body;
      return true;
    };
    owner.feed(text + std::string(plain));
    for (auto const& r : owner.responses())
      CHECK(r.body.empty());
    return owner.statuses();
  };
  CHECK(answer(post_sized(pattern(3))) == "200 200");
  CHECK(answer(post_sized(pattern(64 * 1024))) == "200 200");
  CHECK(answer(post_sized(pattern(64 * 1024 + 1))) == "200");
  CHECK(answer(post("Transfer-Encoding: chunked\r\n", chunked("abc", 3))) == "200");
}

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

// --- answers that come later ---

TEST_CASE("a handler may answer later", "[wire][session]") {
  session_owner owner;
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(std::string(plain) + post_sized("abc"));
  CHECK(owner.output.empty());
  auto const* const path = owner.at.request().target.raw.data();
  SECTION("the session reads on meanwhile, within its buffer, and moves nothing") {
    std::size_t read = 0;
    while (owner.feed("\r\n"))
      read += 2;
    CHECK(read > 1000);
    CHECK(read < 4096);
    CHECK(owner.at.room().empty());
    CHECK(owner.at.next() == want::input);
    CHECK(owner.at.request().target.raw.data() == path);
    CHECK(owner.at.request().target.raw == "/");
  }
  SECTION("the next request is told after the answer") {
    owner.at.respond();
    owner.run();
    CHECK(owner.statuses() == "200");
    CHECK(owner.at.request().body == "abc");
    owner.at.respond();
    owner.run();
    CHECK(owner.statuses() == "200 200");
    CHECK(owner.at.idle());
  }
  SECTION("the peer may shut its side") {
    owner.end();
    CHECK_FALSE(owner.closed);
    owner.at.respond();
    owner.run();
    owner.at.respond();
    owner.run();
    CHECK(owner.statuses() == "200 200");
    CHECK(owner.closed);
  }
}

TEST_CASE("answers before that of a slow handler do not wait for it", "[wire][session]") {
  session_owner owner;
  int calls = 0;
  owner.handler = [&](wend::request&, wend::response&) { return ++calls == 1; };
  owner.feed(std::string(plain) + std::string(plain));
  CHECK(owner.statuses() == "200");
  owner.at.respond();
  owner.run();
  CHECK(owner.statuses() == "200 200");
}

TEST_CASE("a late answer to a request that timed out has no effect", "[wire][session]") {
  session_owner owner({.handler_deadline = 5s});
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(post_sized(pattern(10)));
  CHECK(owner.at.waiting_for() == deadline::handler);
  auto const body = owner.at.request().body;
  CHECK_FALSE(owner.pass(4999ms));
  CHECK(owner.pass(1ms));
  CHECK(owner.statuses() == "503");
  CHECK(owner.finished);
  owner.feed(std::string(3000, 'x'));
  CHECK(body == pattern(10));  // a handler that was not told yet may still look
  owner.at.response().body = "late";
  owner.at.respond();
  owner.run();
  CHECK(owner.statuses() == "503");
}

// --- the end ---

TEST_CASE("the end of the peer is the end, wherever it comes", "[wire][session]") {
  auto const text =
      post_sized("abc") + post("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\n\r\n");
  auto const first = post_sized("abc").size();
  for (std::size_t size = 0; size <= text.size(); ++size) {
    session_owner owner;
    owner.feed(std::string_view(text).substr(0, size));
    owner.end();
    CHECK(owner.closed);
    CHECK_FALSE(owner.at.aborted());
    CHECK(owner.statuses() == (size < first ? "" : size < text.size() ? "200" : "200 200"));
  }
}

TEST_CASE("after the last answer our side is shut and the rest is read away", "[wire][session]") {
  session_owner owner;
  owner.feed("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(owner.finished);
  CHECK_FALSE(owner.closed);
  CHECK(owner.at.waiting_for() == deadline::linger);
  CHECK(owner.feed(std::string(100000, 'x')));
  CHECK(owner.statuses() == "200");
  SECTION("until the peer ends") {
    owner.end();
  }
  SECTION("or for so long") {
    CHECK_FALSE(owner.pass(1999ms));
    CHECK(owner.pass(1ms));
  }
  CHECK(owner.closed);
  CHECK_FALSE(owner.pass(1h));
}

TEST_CASE("a server that stops closes what is idle and ends what is not", "[wire][session]") {
  session_owner owner;
  SECTION("idle") {
    owner.run();
    owner.at.drain();
    owner.run();
    CHECK(owner.closed);
  }
  SECTION("between requests") {
    owner.feed(plain);
    owner.at.drain();
    owner.run();
    CHECK(owner.closed);
    CHECK(owner.statuses() == "200");
  }
  SECTION("in a head") {
    owner.feed(plain.substr(0, 10));
    owner.at.drain();
    owner.feed(plain.substr(10));
    CHECK(owner.responses().at(0).has("Connection: close"));
    CHECK(owner.finished);
  }
  SECTION("in a handler") {
    owner.handler = [](wend::request&, wend::response&) { return false; };
    owner.feed(std::string(plain) + std::string(plain));
    owner.at.drain();
    owner.at.respond();
    owner.run();
    CHECK(owner.statuses() == "200");
    CHECK(owner.responses().at(0).has("Connection: close"));
    CHECK(owner.finished);
  }
}

// --- deadlines ---

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

// --- memory ---

TEST_CASE("after the first request one like it allocates nothing", "[wire][session]") {
  std::string const request =
      GENERATE("GET /plain?q HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x\r\nAccept: */*\r\n\r\n"s,
               post_sized(pattern(500)),
               post("Transfer-Encoding: chunked\r\n", chunked(pattern(500), 50)));
  session_owner owner;
  auto const serve = [&] {
    auto& s = owner.at;
    for (auto w = s.next();; w = s.next()) {
      if (w == want::input) {
        if (!s.idle() || s.waiting_for() != deadline::keep_alive) return;
        break;
      }
    }
    auto const room = s.room();
    std::copy(request.begin(), request.end(), room.begin());
    s.received(request.size());
    for (auto w = s.next(); w != want::input; w = s.next()) {
      if (w == want::route) s.expect({.mode = wend::body_mode::whole});
      if (w == want::call) {
        s.response().add("Content-Type", "text/plain; charset=utf-8");
        s.response().body.append("hello, this does not fit into a small string");
        s.respond();
      }
      if (w == want::output) s.sent(s.output().size());
    }
  };
  serve();
  serve();
  auto const n = wend::test::allocations_in([&] {
    for (int i = 0; i < 100; ++i)
      serve();
  });
  CHECK(n == 0);
  CHECK(owner.at.idle());
}

TEST_CASE("an idle connection gives large buffers back", "[wire][session]") {
  session_owner owner;
  owner.feed(post_sized(pattern(100000)));
  CHECK(owner.at.room().size() <= 4096);
  owner.feed("GET / HTTP/1.1\r\nHost: a\r\nX: " + pattern(30000) + "\r\n\r\n");
  CHECK(owner.statuses() == "200 200");
  CHECK(owner.at.room().size() <= 4096);
}

TEST_CASE("a limit may be as large as its type", "[wire][session]") {
  constexpr auto all = std::numeric_limits<std::size_t>::max();
  session_owner owner(
      {.target = all, .head = all, .fields = all, .body = all, .chunk_line = all, .trailers = all});
  auto const long_line = "GET /" + pattern(40000) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  owner.feed(long_line + post("Transfer-Encoding: chunked\r\n", chunked(pattern(9000), 700)));
  CHECK(owner.statuses() == "200 200");
}

TEST_CASE("what a peer announces is not allocated before it comes", "[wire][session]") {
  session_owner owner({.body = 1u << 30});
  owner.feed(post("Content-Length: 1000000000\r\n"));
  CHECK(owner.at.room().size() <= 16 * 1024);
}
