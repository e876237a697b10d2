#include <wend/wire/detail/request_input.hpp>
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

using wend::test::chunked;
using wend::test::pattern;
using wend::test::plain;
using wend::test::post;
using wend::test::post_sized;
using wend::test::session_owner;
using want = wend::session::want;
using kind = wend::session::pulled::kind;
using namespace std::string_literals;
using namespace std::string_view_literals;

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

// --- bodies in pieces ---

namespace {

/// What a handler that reads in pieces makes of it.
struct streamed_row {
  std::string_view because;
  std::string sent;
  std::string_view statuses;
  std::string first_body;  // or what the first problem says
  bool finished = false;
};

/// Gives the session as much of `text` as it has room for.
std::size_t give(wend::session& s, std::string_view text) {
  auto const room = s.room();
  auto const n = std::min(room.size(), text.size());
  std::copy_n(text.begin(), n, room.begin());
  s.received(n);
  return n;
}

/// Begins a request whose body is read in pieces, by hand.
void begin(session_owner& owner, std::string_view text, wend::body_policy policy) {
  policy.mode = wend::body_mode::pieces;
  owner.route = [=](wend::session&) { return policy; };
  owner.handler = [](wend::request&, wend::response&) { return false; };
  owner.feed(text);
}

}  // namespace

TEST_CASE("a body in pieces is the same however it comes", "[wire][session][pieces]") {
  std::string const coding = "Transfer-Encoding: chunked\r\n", next(plain);
  std::vector<streamed_row> const rows{
      {"with a length", post_sized("hello, body") + next, "200 200", "hello, body"},
      {"in chunks", post(coding, chunked("hello, body", 3)) + next, "200 200", "hello, body"},
      {"with extensions (9112 7.1.1)", post(coding, "3;a=b\r\nabc\r\n0\r\n\r\n"), "200", "abc"},
      {"with trailers (9112 7.1.2)", post(coding, "1\r\nx\r\n0\r\nT: u\r\n\r\n"), "200", "x"},
      {"of no bytes", post_sized("") + next, "200 200", ""},
      {"of no chunks", post(coding, "0\r\n\r\n") + next, "200 200", ""},
      {"that is not there", next + next, "200 200", ""},
      {"at its limit", post(coding, chunked(pattern(40), 7)) + next, "200 200", pattern(40)},
      {"beyond it, as chunks add up",
       post(coding, chunked(pattern(41), 7)) + next,
       "413",
       "the body is too large",
       true},
      {"beyond it, by one chunk size",
       post(coding, "29\r\n"),
       "413",
       "the body is too large",
       true},
      {"broken in a chunk size (9112 7.1)",
       post(coding, "1\r\nx\r\nx\r\n") + next,
       "400",
       "a chunk has no size",
       true},
      {"broken after a chunk",
       post(coding, "1\r\nxyz") + next,
       "400",
       "a chunk does not end in CRLF",
       true},
      {"broken by a trailer (9110 6.5.1)",
       post(coding, "0\r\nHost: b\r\n\r\n") + next,
       "400",
       "a trailer may not frame a message",
       true},
      {"with too many trailers (6585 5)",
       post(coding, "0\r\nT: " + pattern(60) + "\r\n\r\n") + next,
       "431",
       "the trailers are too large",
       true},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      wend::test::every_split(row.sent, [&](wend::test::pieces const& pieces) {
        session_owner owner({.body = 40, .trailers = 60});
        owner.echo_in_pieces();
        owner.feed_all(pieces);
        CAPTURE(pieces.size(), pieces.front().size());
        CHECK(owner.statuses() == row.statuses);
        CHECK(owner.finished == row.finished);
        auto const first = owner.responses().at(0);
        if (first.status == 200)
          CHECK(first.body == row.first_body);
        else
          CHECK(first.body.find(row.first_body) != std::string::npos);
        CHECK(first.has("Connection: close") == row.finished);
        CHECK(first.has("X-Trailer: u") == (row.sent.find("T: u") != std::string::npos));
      });
    }
}

TEST_CASE("a body in pieces is refused before the call if it is known to be too large",
          "[wire][session][pieces]") {
  session_owner owner;
  owner.echo_in_pieces(10);
  owner.handler = [](wend::request&, wend::response&) {
    FAIL("called");
    return true;
  };
  owner.feed(post("Content-Length: 11\r\nExpect: 100-continue\r\n"));
  CHECK(owner.statuses() == "413");
  CHECK(owner.refusals == 1);
  CHECK(owner.finished);
}

TEST_CASE("a body in pieces of any size takes one block of memory", "[wire][session][pieces]") {
  constexpr std::size_t size = 10 * 1024 * 1024;
  auto const body = pattern(size);
  bool const coded = GENERATE(false, true);
  std::size_t const head = GENERATE(0u, 1900u, 9000u);
  auto const fields = "X: " + pattern(head) + "\r\n";
  auto const text = coded ? post(fields + "Transfer-Encoding: chunked\r\n", chunked(body, 100'000))
                          : post(fields + "Content-Length: " + std::to_string(size) + "\r\n", body);
  wend::limits const limits{.body = size};
  wend::coarse_clock clock;
  wend::session s(limits, clock);
  std::size_t seen = 0, largest = 0;
  bool same = true, head_holds = true;
  std::string_view rest = text;
  char const* target = nullptr;
  auto const read = [&] {
    auto const room = s.room();
    if (target != nullptr) largest = std::max(largest, room.size());
    rest.remove_prefix(give(s, rest.substr(0, 30'000)));
  };
  while (s.next() == want::input)
    read();
  s.expect({.mode = wend::body_mode::pieces});
  REQUIRE(s.next() == want::call);
  target = s.request().target.raw.data();
  auto const n = wend::test::allocations_in([&] {
    for (auto got = s.pull(); got.what != kind::end; got = s.pull()) {
      if (got.what == kind::failed) break;
      if (got.what == kind::input) {
        read();
        continue;
      }
      same = same && body.compare(seen, got.data.size(), got.data) == 0;
      seen += got.data.size();
      head_holds =
          head_holds && s.request().target.raw.data() == target && s.request().field("Host") == "a";
    }
  });
  CHECK(seen == size);
  CHECK(same);
  CHECK(head_holds);
  CHECK(largest == 16 * 1024);
  CHECK(n <= 2);  // the block, and a line of chunks that is split
  s.respond();
  while (s.next() == want::output)
    s.sent(s.output().size());
  CHECK(s.idle());
  CHECK(s.room().size() <= 4096);
}

TEST_CASE("a small body in pieces needs no block", "[wire][session][pieces]") {
  session_owner owner;
  begin(owner, post("Content-Length: 100\r\n", "abc"), {});
  auto& s = owner.at;
  CHECK(s.pull().data == "abc");
  auto const n = wend::test::allocations_in([&] {
    REQUIRE(s.pull().what == kind::input);
    give(s, "def");
  });
  CHECK(n == 0);
  CHECK(s.pull().data == "def");
}

TEST_CASE("a piece holds until the next pull, whatever is received", "[wire][session][pieces]") {
  session_owner owner;
  begin(owner, post("Content-Length: 5000\r\n", "abc"), {});
  auto& s = owner.at;
  auto const first = s.pull();
  REQUIRE(first.data == "abc");
  while (give(s, "xxxxxxxxxx") > 0) {
  }
  CHECK(s.next() == want::input);  // and there is no room: the handler is waited for
  CHECK(first.data == "abc");
  auto const second = s.pull();
  CHECK(second.data.size() > 1000);
  CHECK(s.pull().what == kind::input);
  CHECK(s.room().size() == 16 * 1024);
}

TEST_CASE("100 Continue waits for the first pull", "[wire][session][pieces]") {
  session_owner owner;
  auto const head = post("Expect: 100-continue\r\nContent-Length: 3\r\n");
  auto& s = owner.at;
  SECTION("and is sent then") {
    begin(owner, head, {});
    CHECK(owner.output.empty());
    CHECK(s.next() == want::input);
    REQUIRE(s.pull().what == kind::output);
    CHECK(s.pull().what == kind::output);
    CHECK(s.next() == want::output);
    CHECK(s.output() == wend::continue_response);
    s.sent(s.output().size());
    REQUIRE(s.pull().what == kind::input);
    give(s, "abc");
    CHECK(s.pull().data == "abc");
    CHECK(s.pull().what == kind::end);
    s.respond();
    owner.run();
    CHECK(owner.statuses() == "200");
    CHECK(s.idle());
  }
  SECTION("and is not when the body has begun") {
    begin(owner, head + "a", {});
    CHECK(s.pull().data == "a");
    CHECK(s.pull().what == kind::input);
    CHECK(s.output().empty());
  }
  SECTION("and never comes when the handler answers without it") {
    begin(owner, head, {});
    s.respond();
    owner.run();
    CHECK(owner.output.find("100 Continue") == std::string::npos);
    CHECK(owner.responses().at(0).has("Connection: close"));
    CHECK(owner.finished);
    CHECK(s.pull().what == kind::failed);
    CHECK(s.output().empty());
  }
}

TEST_CASE("what is left of a body in pieces is skipped up to 64 KiB", "[wire][session][pieces]") {
  constexpr std::size_t step = 64 * 1024;
  // reads until it has `wanted` bytes, and answers
  auto const answer = [](std::string const& text, std::size_t wanted) {
    session_owner owner;
    owner.route = [](wend::session&) { return wend::body_policy{.mode = wend::body_mode::pieces}; };
    std::size_t have = 0;
    owner.handler = [&](wend::request& in, wend::response&) {
      if (in.method == wend::method::get || wanted == 0) return true;
      owner.reader = [&](wend::session& s, wend::session::pulled const& got) {
        have += got.data.size();
        if (have < wanted) return true;
        s.respond();
        return false;
      };
      return false;
    };
    auto const all = text + std::string(plain);
    for (std::string_view rest = all; !rest.empty(); rest.remove_prefix(1))
      owner.feed(rest.substr(0, 1));
    return owner.statuses();
  };
  CHECK(answer(post_sized(pattern(3)), 0) == "200 200");
  CHECK(answer(post_sized(pattern(3)), 2) == "200 200");
  CHECK(answer(post_sized(pattern(3)), 3) == "200 200");
  CHECK(answer(post_sized(pattern(step)), 0) == "200 200");
  CHECK(answer(post_sized(pattern(step + 1)), 0) == "200");
  CHECK(answer(post_sized(pattern(step + 1)), 1) == "200 200");
  CHECK(answer(post_sized(pattern(3 * step)), step) == "200");
  CHECK(answer(post_sized(pattern(3 * step)), 2 * step) == "200 200");
  CHECK(answer(post("Transfer-Encoding: chunked\r\n", chunked("abc", 3)), 0) == "200");
  CHECK(answer(post("Transfer-Encoding: chunked\r\n", chunked("abc", 3)), 3) == "200");
}

TEST_CASE("a body in pieces that ends early is a failure, and the end", "[wire][session][pieces]") {
  for (auto const& text :
       {post_sized("hello"), post("Transfer-Encoding: chunked\r\n", chunked("hello", 2))}) {
    auto const head = text.find("\r\n\r\n") + 4;
    for (auto size = head; size < text.size(); ++size) {
      session_owner owner;
      owner.echo_in_pieces();
      owner.feed(std::string_view(text).substr(0, size));
      CHECK(owner.output.empty());
      owner.end();
      CHECK(owner.statuses() == "400");
      CHECK(owner.responses().at(0).body.find("the body ended early") != std::string::npos);
      CHECK(owner.responses().at(0).has("Connection: close"));
      CHECK(owner.closed);
      CHECK_FALSE(owner.at.aborted());
    }
  }
}

TEST_CASE("a handler may ignore that its body failed, the connection does not",
          "[wire][session][pieces]") {
  session_owner owner;
  begin(owner, post("Transfer-Encoding: chunked\r\n", "x") + std::string(plain), {});
  auto& s = owner.at;
  CHECK(s.pull().what == kind::failed);
  CHECK(s.pull().what == kind::failed);
  CHECK(s.failure().status == wend::status::bad_request);
  s.response().body = "well";
  s.respond();
  owner.run();
  CHECK(owner.statuses() == "200");
  CHECK(owner.responses().at(0).has("Connection: close"));
  CHECK(owner.finished);
}

TEST_CASE("a pull where there is nothing to pull has no effect", "[wire][session][pieces]") {
  session_owner owner;
  auto& s = owner.at;
  CHECK(s.pull().what == kind::failed);
  owner.handler = [&](wend::request&, wend::response&) {
    CHECK(s.pull().what == kind::end);
    return true;
  };
  owner.feed(plain);
  owner.feed(post_sized("whole"));
  CHECK(s.pull().what == kind::failed);
  owner.route = [](wend::session&) { return wend::body_policy{}; };
  owner.feed(post_sized("unwanted"));
  CHECK(owner.statuses() == "200 200 200");
  CHECK(s.idle());
}
