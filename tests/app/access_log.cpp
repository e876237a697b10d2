#include <wend/app/access_log.hpp>
#include <wend/app/group.hpp>

#include <regex>
#include <sstream>
#include <stdexcept>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;

namespace {

/// The lines that a request leaves, with time and duration as "T" and "D".
template <class Make>
std::string line_of(Make make, wend::test::question const& q) {
  std::string all;
  auto const t = make([&all](std::string_view line) { all += line; });
  ask(t, q);
  all = std::regex_replace(all, std::regex(R"(\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\])"), "T");
  all = std::regex_replace(all, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"), "T");
  return std::regex_replace(all, std::regex(R"(\d+\.\d{3}(\}?\n))"), "D$1");
}

auto const make = [](log_format format) {
  return [format](auto sink) {
    return routes(use(access_log{sink, {.format = format}}),
                  get<"/n/{id:int}">([](int id) { return id; }),
                  get<"/boom">([]() -> int { throw 1; }),
                  mount<"/m">(routes(get<"/x">([] {}))),
                  mount<"/f">([](request&) { return response(status::ok); }));
  };
};

}  // namespace

TEST_CASE("a line of the combined format", "[app][access_log]") {
  auto const line = [](wend::test::question q) { return line_of(make(log_format::combined), q); };
  CHECK(line({method::get, "/n/7?a=b", {{"User-Agent", "curl/7"}, {"Referer", "http://r/"}}}) ==
        "- - - T \"GET /n/7?a=b HTTP/1.1\" 200 1 \"http://r/\" \"curl/7\" \"/n/{id:int}\" D\n");
  CHECK(line({method::get, "/none", {{"User-Agent", "a\"b\\c\t\x80"}}})
            .ends_with("404 55 \"-\" \"a\\\"b\\\\c\\x09\\x80\" \"-\" D\n"));
  CHECK(line({method::get, "/boom"}).ends_with(" 500 67 \"-\" \"-\" \"/boom\" D\n"));
  CHECK(line({method::get, "/m/x"}).ends_with(" 204 0 \"-\" \"-\" \"/m/x\" D\n"));
  CHECK(line({method::get, "/f/x"}).ends_with(" 200 0 \"-\" \"-\" \"/f[/{rest...}]\" D\n"));
}

TEST_CASE("a line of JSON", "[app][access_log]") {
  CHECK(
      line_of(make(log_format::json), {method::get, "/n/7", {{"User-Agent", "a\"b"}}}) ==
      "{\"time\":\"T\",\"peer\":\"\",\"method\":\"GET\",\"target\":\"/n/7\",\"version\":"
      "\"HTTP/1.1\",\"status\":200,\"bytes\":1,\"route\":\"/n/{id:int}\",\"user_agent\":\"a\\\"b\","
      "\"ms\":D}\n");
}

TEST_CASE("the peer is logged without its port", "[app][access_log]") {
  std::ostringstream log;
  auto const t = routes(use(access_log{log}), get<"/">([] {}));
  request in;
  response out;
  body_policy policy;
  in.method = method::get;
  in.target = *parse_target(in.method, "/");
  in.peer = "[::1]:1234";
  REQUIRE(t.find(in, out, policy) == stage::body);
  t.call(in, out);
  CHECK(log.str().starts_with("[::1] - - ["));
}

TEST_CASE("a log that fails does not fail the request", "[app][access_log]") {
  auto const t = routes(use(access_log{[](std::string_view) { throw std::runtime_error("full"); }}),
                        get<"/">([] { return "ok"; }));
  CHECK(wend::test::fetch(t, "/") == "200 ok");
}

TEST_CASE("a log goes on when the disk has room again", "[app][access_log]") {
  struct disk : std::stringbuf {
    bool full = false;
    std::streamsize xsputn(char const* text, std::streamsize n) override {
      return full ? 0 : std::stringbuf::xsputn(text, n);
    }
  } space;
  std::ostream log(&space);
  auto const t = routes(use(access_log{log}), get<"/{n:int}">([](int) {}));
  CHECK(wend::test::fetch(t, "/1") == "204 ");
  space.full = true;
  CHECK(wend::test::fetch(t, "/2") == "204 ");
  space.full = false;
  CHECK(wend::test::fetch(t, "/3") == "204 ");
  CHECK(space.str().find("GET /1 ") != std::string::npos);
  CHECK(space.str().find("GET /2 ") == std::string::npos);
  CHECK(space.str().find("GET /3 ") != std::string::npos);
}
