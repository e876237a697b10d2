// Where there is no memory, one request goes without its answer, and the next is served.
//
// Coroutines are not asked here: what they wait with is Asio's, which ends the program where it has
// no memory for that.
#include <wend/wend.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

namespace {

struct note {
  int id = 0;
  std::string text;
  std::vector<std::string> tags;
};

/// Says the same three times, without telling how long that is.
struct three_times : body_source {
  int left = 3;
  bool read(std::string& out) override {
    out += "once more, and longer than a short string\n";
    return --left > 0;
  }
};

struct stamp {
  void after(request const& in, response& out) {
    out.set("X-Target", "the target of the request was " + std::string(in.target.raw));
  }
};

/// Which allocations of the server's thread are to fail.
struct shortage {
  std::size_t after;
  std::size_t times;
};

shortage next_shortage;  // begins with GET /begin

auto const api = routes(
    use(stamp{}),
    get<"/">([] { return "up\n"; }),
    get<"/begin">([] {
      wend::test::fail_allocations(next_shortage.after, next_shortage.times);
      return status::no_content;
    }),
    get<"/notes/{id:int}">([](int id) { return note{id, "a text of some length", {"a"}}; }),
    put<"/notes/{id:int}">([](int id, json<note> n) { return n->id == id ? n->text : "another"; }),
    post<"/echo">([](body b) { return b.bytes; }),
    get<"/file">([] { return file(__FILE__); }),
    get<"/throw">([]() -> int { throw std::runtime_error("the text of an exception"); }),
    get<"/problem">([]() -> int { throw problem(status::conflict, "there is one already"); }),
    get<"/source">([] {
      response out;
      out.source = std::make_unique<three_times>();
      return out;
    }),
    get<"/search">(
        [](query<"q", std::string> q, query<"page", int, 1> page, header<"Accept", std::string> a) {
          return *q + std::to_string(*page) + std::string(*a);
        }));

struct row {
  char const* because;
  std::string line;
  std::string fields = {};
  std::string body = {};

  std::string text() const {
    return line + " HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n" + fields + "\r\n" +
           body;
  }
};

std::string const long_name(3'000, 'n');

std::vector<row> const rows = {
    {"text", "GET /"},
    {"a value as JSON", "GET /notes/7"},
    {"JSON in",
     "PUT /notes/7",
     "Content-Length: 70\r\n",
     R"({"id": 7, "text": "one that is longer than short strings", "tags": []})"},
    {"JSON that does not fit", "PUT /notes/7", "Content-Length: 17\r\n", R"({"id": "a", "x":})"},
    {"a body in chunks",
     "POST /echo",
     "Transfer-Encoding: chunked\r\n",
     "1f4\r\n" + std::string(500, 'x') + "\r\n0\r\nSum: 1\r\n\r\n"},
    {"a body that is larger than the first buffer",
     "POST /echo",
     "Content-Length: 40000\r\n",
     std::string(40'000, 'y')},
    {"a head that is, too", "GET /", "X-Long: " + long_name + long_name + "\r\n"},
    {"a file", "GET /file"},
    {"a range of it", "GET /file", "Range: bytes=1-20\r\n"},
    {"content that comes in pieces", "GET /source"},
    {"parameters", "GET /search?q=" + long_name + "%20&page=3", "Accept: text/plain\r\n"},
    {"parameters that do not fit", "GET /search?q=a&page=b"},
    {"a path with percent signs", "GET /%6eotes/%37"},
    {"no such path", "GET /nobody/is/here"},
    {"no such method", "DELETE /notes/7"},
    {"what methods there are", "OPTIONS /notes/7"},
    {"a problem", "GET /problem"},
    {"an exception", "GET /throw"},
    {"what is no HTTP", "GET  /"},
};

std::string without_dates(std::string text) {
  for (auto at = text.find("Date: "); at != text.npos; at = text.find("Date: ", at))
    text.erase(at, text.find('\n', at) - at);
  return text;
}

/// What a server says to `first` and then to a plain request, and whether an allocation failed.
struct outcome {
  std::string answer;
  std::string next;
  bool failed = false;
};

/// With `at_once` the shortage begins before the connection is accepted.
outcome serve(std::string const& first, shortage which, bool at_once) {
  outcome out;
  asio::io_context io;
  next_shortage = which;
  server web(io, api, {.port = 0, .on_error = {}});
  std::thread client([&] {
    try {
      peer p(web.port());
      if (!at_once) {
        p.send("GET /begin HTTP/1.1\r\nHost: x\r\n\r\n");
        p.until("\r\n\r\n");
      }
      p.send(first);
      auto const got = without_dates(p.rest());
      out.answer = got.substr(std::min(got.find("HTTP/1.1 "), got.size()));  // behind a 500
    } catch (asio::system_error const&) {                                    // closed already
    }
    for (std::size_t tries = 0; out.next.empty() && tries < 8; ++tries) {
      peer another(web.port());
      another.send("GET / HTTP/1.0\r\n\r\n");
      out.next = another.rest();
    }
    web.stop();
  });
  if (at_once) wend::test::fail_allocations(which.after, which.times);
  detail::run(io);
  out.failed = wend::test::failing_allocations() < which.times;
  wend::test::fail_allocations(0, 0);
  client.join();
  return out;
}

/// Lets each allocation that is made for `row` fail, alone and with the three behind it.
void serve_in_every_shortage(row const& row, bool at_once) {
  auto const good = serve(row.text(), {0, 0}, at_once).answer;
  REQUIRE(good.starts_with("HTTP/1.1 "));
  for (std::size_t const times : {1u, 4u}) {
    for (std::size_t after = 0;; ++after) {
      auto const got = serve(row.text(), {after, times}, at_once);
      INFO(row.because << ", allocation " << after << " and " << times - 1 << " more");
      INFO(got.answer << "\n" << got.next);
      CHECK((good.starts_with(got.answer) || got.answer.starts_with("HTTP/1.1 500 ")));
      CHECK((got.next.ends_with("\r\n\r\nup\n") || got.next.starts_with("HTTP/1.1 500 ")));
      if (!got.failed) break;
    }
  }
}

}  // namespace

TEST_CASE("where there is no memory, a request goes without answer and the next is served",
          "[net][server][memory]") {
  for (auto const& row : rows)
    serve_in_every_shortage(row, false);
}

TEST_CASE("where there is no memory for a connection, the next one is served",
          "[net][server][memory]") {
  serve_in_every_shortage(rows.front(), true);
}
