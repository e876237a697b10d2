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
using content = wend::session::content;
using kind = wend::session::pulled::kind;
using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;

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
  struct row {
    char const* because;
    std::string sent;
    std::string_view status;
  };
  row const rows[] = {
      {"an expectation", "HEAD / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", "417"},
      {"a field", "HEAD / HTTP/1.1\r\nHost : a\r\n", "400"},
      {"a target", "HEAD /# HTTP/1.1\r\n", "400"},
      {"a version", "HEAD / HTTP/2.0\r\n", "505"},
      {"a line that is none", "HEAD /\r\n", "400"},
      {"a control character", "HEAD /\x01", "400"},
      {"a target that is too long", "HEAD /" + std::string(9000, 'a') + " HTTP/1.1\r\n", "414"},
      {"a target without end", "HEAD /" + std::string(9000, 'a'), "414"},
  };
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      session_owner owner;
      owner.feed(r.sent);
      CHECK(owner.statuses() == r.status);
      CHECK(owner.output.substr(owner.output.size() - 4) == "\r\n\r\n");
    }
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
  // unless nobody is there to speak with
  owner.at.decline_switch();
  owner.closed = false;
  owner.run();
  CHECK(owner.finished);
  CHECK(owner.feed(std::string(30'000, 'x')));
  CHECK_FALSE(owner.closed);
  owner.end();
  CHECK(owner.closed);
  CHECK(owner.output.starts_with("HTTP/1.1 101 "));
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

TEST_CASE("a peer that leaves a slow handler alone gets the answers before it", "[wire][session]") {
  session_owner owner;
  int calls = 0;
  owner.handler = [&](wend::request&, wend::response&) { return ++calls == 1; };
  owner.feed(std::string(plain) + post_sized(pattern(10)));
  auto const body = owner.at.request().body;
  owner.at.peer_left();
  SECTION("and can read them whatever it still sends") {
    owner.run();
    CHECK(owner.finished);
    CHECK_FALSE(owner.closed);
    CHECK(owner.feed(std::string(30'000, 'x') + std::string(plain)));
  }
  SECTION("and nothing is waited for if it sends no more") {}
  owner.end();
  CHECK(owner.closed);
  CHECK_FALSE(owner.at.aborted());
  CHECK(body == pattern(10));  // a handler that was not told yet may still look
  owner.at.respond();
  owner.run();
  CHECK(owner.statuses() == "200");
}

TEST_CASE("a peer that leaves an answer alone of which only the end tells the length gets a reset",
          "[wire][session]") {
  session_owner owner;
  owner.handler = [&](wend::request&, wend::response&) {
    owner.at.respond(content::pushed);
    return false;
  };
  owner.feed("GET / HTTP/1.0\r\n\r\n");
  owner.at.push("part");
  owner.at.peer_left();
  owner.run();
  CHECK(owner.closed);
  CHECK(owner.at.aborted());
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

// --- refusals ---

TEST_CASE("every refusal may be dressed", "[wire][session][refuse]") {
  struct row {
    std::string_view because;
    std::string sent;
    std::string_view status;
    std::string_view method, target;  // as far as they are known
    bool routed = false;
  };
  std::vector<row> const rows{
      {"no method", "GE(T / HTTP/1.1\r\n", "400", "", ""},
      {"a target beyond all forms", "PUT a/b HTTP/1.1\r\n", "400", "PUT", ""},
      {"an unknown method", std::string(30, 'M') + " / HTTP/1.1\r\n", "501", "", ""},
      {"a broken field", "PUT /x?y HTTP/1.1\r\nA\r\n", "400", "PUT", "/x?y"},
      {"no Host", "PUT /x HTTP/1.1\r\n\r\n", "400", "PUT", "/x"},
      {"two lengths", post("Content-Length: 1\r\nContent-Length: 1\r\n"), "400", "POST", "/"},
      {"an unknown coding", post("Transfer-Encoding: a, chunked\r\n"), "501", "POST", "/"},
      {"an unknown expectation", post("Expect: tea\r\n"), "417", "POST", "/"},
      {"a body too large", post("Content-Length: 41\r\n"), "413", "POST", "/", true},
      {"chunks too large",
       post("Transfer-Encoding: chunked\r\n", "29\r\n"),
       "413",
       "POST",
       "/",
       true},
      {"a broken chunk", post("Transfer-Encoding: chunked\r\n", "x"), "400", "POST", "/", true},
  };
  static constexpr wend::route_info route{wend::method::post, "/", "home"};
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      wend::test::every_split(r.sent, [&](wend::test::pieces const& pieces) {
        session_owner owner({.body = 40});
        owner.route = [](wend::session& s) {
          s.request().route = &route;
          return wend::body_policy{.mode = wend::body_mode::whole};
        };
        owner.refused = [&](wend::request& in, wend::response& out) {
          CHECK(in.method.name() == r.method);
          CHECK(in.target.raw == r.target);
          CHECK((in.route != nullptr) == r.routed);
          out.set("X-Dressed", "yes");
          out.body += "\n";
        };
        owner.feed_all(pieces);
        owner.feed(plain);
        CHECK(owner.refusals == 1);
        CHECK(owner.statuses() == r.status);
        auto const seen = owner.responses().at(0);
        CHECK(seen.has("X-Dressed: yes"));
        CHECK(seen.has("Content-Type: application/problem+json"));
        CHECK(seen.has("Connection: close"));
        CHECK(seen.body.ends_with("}\n"));
        CHECK(owner.finished);
      });
    }
}

TEST_CASE("a deadline is a refusal like any other", "[wire][session][refuse]") {
  session_owner owner({.handler_deadline = 5s});
  owner.refused = [](wend::request& in, wend::response& out) {
    out.set("X-Target", in.target.raw);
  };
  auto const dressed = [&](std::string_view status, std::string_view target) {
    CHECK(owner.statuses() == status);
    CHECK(owner.responses().at(0).has("X-Target: " + std::string(target)));
    CHECK(owner.finished);
  };
  SECTION("of the head") {
    owner.feed("GET /x HTTP/1.1\r\nA: b");
    CHECK(owner.pass(10s));
    dressed("408", "/x");
  }
  SECTION("of the body") {
    owner.feed(post("Content-Length: 3\r\n", "a"));
    CHECK(owner.pass(30s));
    dressed("408", "/");
  }
  SECTION("of the handler") {
    owner.handler = [](wend::request&, wend::response&) { return false; };
    owner.feed(plain);
    CHECK(owner.pass(5s));
    dressed("503", "/");
  }
}

TEST_CASE("an idle connection is not refused", "[wire][session][refuse]") {
  session_owner owner;
  owner.run();
  CHECK(owner.pass(60s));
  CHECK(owner.refusals == 0);
  CHECK(owner.output.empty());
  CHECK(owner.closed);
}

TEST_CASE("a refusal is apart from the response and keeps the request", "[wire][session][refuse]") {
  session_owner owner({.handler_deadline = 5s});
  auto& s = owner.at;
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.route = [](wend::session&) { return wend::body_policy{.mode = wend::body_mode::pieces}; };
  owner.feed(post("X: y\r\nContent-Length: 20000\r\n", "abc"));
  REQUIRE(s.pull().data == "abc");
  REQUIRE(s.pull().what == kind::input);  // so that the body is in a block
  owner.feed("defg");
  auto const piece = s.pull();
  REQUIRE(piece.data == "defg");
  s.response().body = "half an ans";
  owner.clock.now += 5s;
  REQUIRE(s.tick());
  s.respond();  // too late: nothing was said yet, so this is the handler's
  REQUIRE(s.next() == want::refuse);
  CHECK(s.next() == want::input);  // said once
  owner.feed(std::string(100'000, 'x'));
  CHECK(s.response().body == "half an ans");
  CHECK(piece.data == "defg");
  CHECK(s.request().field("X") == "y");
  CHECK(s.pull().what == kind::failed);
  CHECK(s.failure().status == wend::status::service_unavailable);
  s.respond();
  owner.run();
  CHECK(owner.statuses() == "503");
  CHECK(owner.finished);
  owner.feed(std::string(100'000, 'x'));
  CHECK(piece.data == "defg");
  CHECK(s.request().field("X") == "y");
  s.respond();
  owner.run();
  CHECK(owner.statuses() == "503");
}

TEST_CASE("who dresses a refusal has the time of a handler", "[wire][session][refuse]") {
  session_owner owner({.handler_deadline = 5s});
  owner.run();
  auto const room = owner.at.room();
  std::copy_n("x\r\n", 3, room.begin());
  owner.at.received(3);
  REQUIRE(owner.at.next() == want::refuse);
  CHECK(owner.at.waiting_for() == deadline::handler);
  CHECK_FALSE(owner.pass(4999ms));
  CHECK(owner.pass(1ms));
  CHECK(owner.statuses() == "400");
  CHECK(owner.refusals == 0);
  CHECK(owner.finished);
}

TEST_CASE("a refusal ends the connection, whatever it is made into", "[wire][session][refuse]") {
  struct broken : wend::body_source {
    std::optional<std::uint64_t> size() const override { throw std::runtime_error("gone"); }
    bool read(std::string&) override { return false; }
  };
  struct small : wend::body_source {
    bool read(std::string& out) override {
      out += "small";
      return false;
    }
  };
  session_owner owner;
  std::string statuses = "500";
  SECTION("an interim response") {
    owner.refused = [](wend::request&, wend::response& out) { out.status = wend::status(100); };
  }
  SECTION("a switch of protocols") {
    owner.refused = [](wend::request&, wend::response& out) { out.status = wend::status(101); };
  }
  SECTION("a source that fails") {
    owner.refused = [](wend::request&, wend::response& out) {
      out.source = std::make_unique<broken>();
    };
  }
  SECTION("a success to CONNECT") {
    owner.refused = [](wend::request&, wend::response& out) { out.status = wend::status(200); };
    statuses = "200";
  }
  SECTION("content from a source") {
    owner.refused = [](wend::request&, wend::response& out) {
      out.source = std::make_unique<small>();
    };
    statuses = "417";
  }
  owner.feed("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nExpect: tea\r\n\r\n" + std::string(plain));
  CHECK(owner.statuses() == statuses);
  CHECK(owner.finished);
  CHECK_FALSE(owner.at.switched());
  CHECK(owner.responses().at(0).has("Connection: close"));
}

TEST_CASE("content of a refusal may be pushed", "[wire][session][refuse]") {
  session_owner owner;
  owner.refused = [&](wend::request&, wend::response&) {
    owner.at.respond(content::pushed);
    owner.at.push("pushed");
    owner.at.push_end();
  };
  owner.feed(post("Expect: tea\r\n", plain));
  CHECK(owner.statuses() == "417");
  CHECK(owner.responses().at(0).body == "pushed");
  CHECK(owner.finished);
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
