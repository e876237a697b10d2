#include <wend/wire/parser.hpp>

#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/every_split.hpp"
#include "support/guard_page.hpp"

using namespace std::string_view_literals;

namespace {

/// Feeds growing prefixes, as a session does; the status of the refusal, 0 for a complete head, -1
/// for one that is not.
int parse_grown(wend::head_parser& parser,
                std::string_view text,
                wend::test::pieces const& pieces) {
  std::size_t known = 0;
  for (auto piece : pieces) {
    known += piece.size();
    auto const complete = parser.parse(text.substr(0, known));
    if (!complete) return code(complete.error().status);
    if (*complete) return 0;
  }
  return -1;
}

struct refusal_row {
  std::string_view because;
  std::string_view text;
  int status;  // 0: complete, -1: more is needed
};

constexpr refusal_row refusals[] = {
    {"a request (9112 3)", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 0},
    {"nothing yet", ""sv, -1},
    {"half of an empty line", "\r"sv, -1},
    {"an empty line (9112 2.2)", "\r\n"sv, -1},
    {"half a line", "GET / HTT"sv, -1},
    {"no empty line yet", "GET / HTTP/1.1\r\nHost: a\r\n\r"sv, -1},
    {"an end without its CR", "GET / HTTP/1.1\r\nHost: a\r\n\n"sv, 400},
    {"a broken first line does not wait for the second", "GET /\r\n"sv, 400},
    {"a wrong version neither", "GET / HTTP/2.0\r\n"sv, 505},
    {"a control byte not even for its line", "GE\x01"sv, 400},
    {"a field line does not wait for the empty one", "GET / HTTP/1.1\r\nX : y\r\n"sv, 400},
    {"TLS is refused with its first byte", "\x16"sv, 400},
    {"the second Host is seen at the end", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"sv, 400},
};

}  // namespace

TEST_CASE("a line ends at the same byte wherever it stands", "[wire][parser]") {
  using wend::detail::line_end;
  for (std::size_t before = 0; before < 40; ++before)
    for (std::size_t size = 0; size < 40; ++size)
      for (std::size_t behind = 0; behind < 20; ++behind) {
        auto const line = std::string(before, '\n') + std::string(size, '\t') + "\r\n";
        auto const end = wend::detail::find_line_end(line + std::string(behind, '\r'), before);
        REQUIRE(end.what == line_end::is::found);
        REQUIRE(end.at == before + size);
      }
}

TEST_CASE("no byte behind the text is read", "[wire][parser]") {
  std::string_view const whole = "GET /abc?def HTTP/1.1\r\nHost: a.example\r\nX: y\r\n\r\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    wend::test::guarded const text(whole.substr(0, size));
    wend::limits const limits;
    wend::head_parser parser(limits);
    auto const complete = parser.parse(text.view());
    REQUIRE(complete);
    CHECK(*complete == (size == whole.size()));
  }
}

TEST_CASE("a head is refused with the byte that breaks it, however it comes", "[wire][parser]") {
  for (auto const& row : refusals)
    DYNAMIC_SECTION(row.because) {
      wend::test::guarded const text(row.text);
      wend::test::every_split(text.view(), [&](wend::test::pieces const& pieces) {
        wend::limits const limits;
        wend::head_parser parser(limits);
        CHECK(parse_grown(parser, text.view(), pieces) == row.status);
      });
    }
}

TEST_CASE("a head is taken apart into views", "[wire][parser]") {
  std::string const text =
      "\r\nPATCH /a%20b?c HTTP/1.1\r\nHost: h:1\r\nX-A:  one two \t\r\nx-a:\r\n\r\nbody";
  wend::test::every_split(text, [&](wend::test::pieces const& pieces) {
    wend::limits const limits;
    wend::head_parser parser(limits);
    REQUIRE(parse_grown(parser, text, pieces) == 0);
    auto const& head = parser.head();
    CHECK(head.method == wend::method::patch);
    CHECK(head.target.path == "/a%20b");
    CHECK(head.target.query == "c");
    CHECK(head.version_minor == 1);
    CHECK(head.size == text.size() - 4);
    CHECK(parser.skipped() == 2);
    REQUIRE(head.fields.size() == 3);
    auto const* const f = &*head.fields.begin();
    CHECK(f[0] == wend::field{"Host", "h:1"});
    CHECK(f[1] == wend::field{"X-A", "one two"});
    CHECK(f[2] == wend::field{"x-a", ""});
    CHECK(f[1].value.data() == text.data() + text.find("one"));
  });
}

TEST_CASE("the fields that frame a message are noted on the way", "[wire][parser]") {
  using enum wend::framing_field;
  wend::limits const limits;
  wend::head_parser parser(limits);
  REQUIRE(*parser.parse(
      "GET / HTTP/1.1\r\nA: b\r\nhost: h\r\nContent-Length: 1\r\nCONTENT-LENGTH: 2\r\n"
      "Transfer-Encoding: t\r\nExpect: 100-continue\r\n"
      "Connection: x\r\nConnection: y, Close\r\n\r\n"));
  auto const& head = parser.head();
  CHECK(head.count(host) == 1);
  CHECK(head.value(host) == "h");
  CHECK(head.count(content_length) == 2);
  CHECK(head.value(content_length) == "1");
  CHECK(head.value(transfer_encoding) == "t");
  CHECK(head.count(connection) == 2);
  CHECK(head.close);
  CHECK_FALSE(head.keep_alive);
  CHECK(head.expects_continue);
  CHECK_FALSE(head.expects_other);
  parser.reset();
  REQUIRE(*parser.parse("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  CHECK(parser.head().count(content_length) == 0);
  CHECK(parser.head().value(content_length).empty());
  CHECK_FALSE(parser.head().close);
}

TEST_CASE("a name is known by its length and its letters", "[wire][parser]") {
  using wend::framing_field;
  CHECK(wend::framing_field_of("hOsT") == framing_field::host);
  CHECK(wend::framing_field_of("expect") == framing_field::expect);
  CHECK(wend::framing_field_of("Connection") == framing_field::connection);
  CHECK(wend::framing_field_of("content-length") == framing_field::content_length);
  CHECK(wend::framing_field_of("transfer-encoding") == framing_field::transfer_encoding);
  CHECK(wend::framing_field_of("Content_Length") == framing_field::other);
  CHECK(wend::framing_field_of("") == framing_field::other);
}

TEST_CASE("a Host is judged anew unless it is the one of the head before", "[wire][parser]") {
  wend::limits const limits;
  wend::head_parser parser(limits);
  struct {
    std::string host;
    bool valid;
  } const rows[] = {{"", false},
                    {"a:80", true},
                    {"a:80", true},
                    {"a:8x", false},
                    {"", false},
                    {"a:80", true},
                    {std::string(31, 'b'), true},
                    {std::string(30, 'b') + ",", false},
                    {std::string(32, 'c'), true},
                    {std::string(31, 'c') + ",", false},
                    {std::string(32, 'c'), true}};
  for (auto const& r : rows) {
    parser.reset();
    auto const complete = parser.parse("GET / HTTP/1.1\r\nHost: " + r.host + "\r\n\r\n");
    INFO(r.host);
    CHECK((complete && *complete) == r.valid);
  }
}

TEST_CASE("views follow the bytes when they move", "[wire][parser]") {
  std::string const text = "GET http://b/ HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    wend::limits const limits;
    wend::head_parser parser(limits);
    std::string first = text.substr(0, cut), second = text;
    if (cut < text.size())
      REQUIRE_FALSE(*parser.parse(first));
    else
      REQUIRE(*parser.parse(first));
    parser.rebase(first.data(), first.size(), second.data());
    first.assign(first.size(), '!');
    if (cut < text.size()) REQUIRE(*parser.parse(second));
    CHECK(parser.head().target.authority == "b");
    CHECK(parser.head().target.path == "/");
    CHECK(parser.head().fields.get("x") == "y");
  }
}

TEST_CASE("an absolute target without a path keeps its slash when bytes move", "[wire][parser]") {
  wend::limits const limits;
  wend::head_parser parser(limits);
  std::string first = "GET http://b HTTP/1.1\r\nHost: a\r\n", second = first + "\r\n";
  REQUIRE_FALSE(*parser.parse(first));
  parser.rebase(first.data(), first.size(), second.data());
  REQUIRE(*parser.parse(second));
  CHECK(parser.head().target.path == "/");
  CHECK(parser.head().target.raw == "http://b");
}

TEST_CASE("limits of a head hold at the limit and refuse one beyond", "[wire][parser]") {
  std::string const start = "GET / HTTP/1.1\r\nHost: a\r\n";
  auto const status = [](wend::limits const& limits, std::string const& text) {
    int out = -2;
    wend::test::every_split(text, [&](wend::test::pieces const& pieces) {
      wend::head_parser parser(limits);
      auto const got = parse_grown(parser, text, pieces);
      if (out != -2) CHECK(got == out);
      out = got;
    });
    return out;
  };
  SECTION("target, 414") {
    wend::limits const limits{.target = 9};
    CHECK(status(limits, "GET /12345678 HTTP/1.1\r\nHost: a\r\n\r\n") == 0);
    CHECK(status(limits, "GET /123456789 HTTP/1.1\r\nHost: a\r\n\r\n") == 414);
    CHECK(status(limits, "GET /" + std::string(60, 'x')) == 414);
  }
  SECTION("head, 431") {
    wend::limits const limits{.head = start.size() + 2};
    CHECK(status(limits, start + "\r\n") == 0);
    CHECK(status(limits, "\r\n" + start + "\r\n") == 0);
    CHECK(status(limits, start + "\r\nGET") == 0);
    CHECK(status({.head = start.size() + 1}, start + "\r\n") == 431);
    CHECK(status({.head = start.size() + 1}, start + "\r") == -1);
    CHECK(status({.head = start.size()}, start + "\r") == 431);
  }
  SECTION("fields, 431") {
    wend::limits const limits{.fields = 2};
    CHECK(status(limits, start + "A: b\r\n\r\n") == 0);
    CHECK(status(limits, start + "A: b\r\nC: d\r\n") == 431);
  }
  SECTION("method, 501") {
    CHECK(status({}, std::string(23, 'M') + " / HTTP/1.1\r\nHost: a\r\n\r\n") == 0);
    CHECK(status({}, std::string(24, 'M') + " / HTTP/1.1\r\n") == 501);
  }
}

TEST_CASE("after the first head nothing is allocated", "[wire][parser]") {
  wend::limits const limits;
  wend::head_parser parser(limits);
  std::string_view const text = "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\nE: f\r\n\r\n";
  REQUIRE(*parser.parse(text));
  auto const n = wend::test::allocations_in([&] {
    parser.reset();
    if (!parser.parse(text)) FAIL();
  });
  CHECK(n == 0);
}
