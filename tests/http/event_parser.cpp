#include <wend/http/event_parser.hpp>
//
#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/every_split.hpp"

using namespace std::string_view_literals;

namespace {

/// The events of a stream, each as "name(data)#id@retry;", and behind them what to reconnect with
/// if that is another id, or why there are no more.
std::string read(wend::test::pieces const& pieces, std::size_t limit = 1000) {
  wend::event_parser parser(limit);
  std::string out, id;
  for (auto piece : pieces)
    while (!piece.empty()) {
      auto const found = parser.next(piece);
      if (!found) return out + std::string(found.error().detail);
      if (!*found) continue;
      auto const& e = **found;
      id = e.id;
      out.append(e.event).append("(").append(e.data).append(")");
      if (!e.id.empty()) out.append("#").append(e.id);
      if (e.retry) out.append("@").append(std::to_string(e.retry->count()));
      out += ';';
    }
  return parser.last_id() == id ? out : out.append("#").append(parser.last_id());
}

}  // namespace

TEST_CASE("events are read as WHATWG HTML 9.2.6 says, however they are split",
          "[http][event_parser]") {
  struct row {
    std::string_view because, stream, expected;
  };
  row const rows[] = {
      {"data alone", "data: a\n\n", "(a);"},
      {"all fields", "retry: 15\nid: 7\nevent: tick\ndata: x\n\n", "tick(x)#7@15;"},
      {"lines of data are joined by LF", "data: a\ndata\ndata:b\n\n", "(a\n\nb);"},
      {"two blocks of the specification",
       "data: a\ndata: b\n\ndata\n\ndata\ndata\n\ndata:",
       "(a\nb);();(\n);"},
      {"CR ends a line", "data: a\r\rdata: b\r\r", "(a);(b);"},
      {"so does CRLF", "data: a\r\ndata: b\r\n\r\n", "(a\nb);"},
      {"and all in one stream", "data: a\rdata: b\ndata: c\r\n\rdata: d\n\r\n", "(a\nb\nc);(d);"},
      {"LF CR is two ends", "data: a\n\rdata: b\n\n", "(a);(b);"},
      {"one blank after the colon is not of the value", "data:  a\ndata:\tb\n\n", "( a\n\tb);"},
      {"a colon may be of the value", "data: a:b\ndata::\n\n", "(a:b\n:);"},
      {"a comment is for nobody", ": hello\n\n:\ndata: a\n: data: b\n\n", "(a);"},
      {"an unknown field is ignored", "date: a\nData: b\n data: c\ndata: d\n\n", "(d);"},
      {"a name without data is no event", "event: a\n\ndata: b\n\n", "(b);"},
      {"the last name counts", "event: a\nevent: b\ndata: c\n\n", "b(c);"},
      {"an id stays", "id: 1\ndata: a\n\ndata: b\n\n", "(a)#1;(b)#1;"},
      {"until an empty one", "id: 1\ndata: a\n\nid\ndata: b\n\n", "(a)#1;(b);"},
      {"it needs no data", "id: 1\n\ndata: a\n\nid: 2\n\n", "(a)#1;#2"},
      {"but a block that is complete", "data: a\n\nid: 2\n", "(a);"},
      {"one with NUL is none", "id: 1\nid: \0\ndata: a\n\n"sv, "(a)#1;"},
      {"a NUL is data", "data: a\0b\n\n"sv, "(a\0b);"sv},
      {"a retry needs no data", "retry: 3\n\ndata: a\n\ndata: b\n\n", "(a)@3;(b);"},
      {"it is digits alone", "retry: 3s\nretry: -1\nretry:\nretry: 1 \ndata: a\n\n", "(a);"},
      {"and no eternity", "retry: 2147483647\nretry: 2147483648\ndata: a\n\n", "(a)@2147483647;"},
      {"one byte order mark is skipped",
       "\xEF\xBB\xBF"
       "data: a\n\n",
       "(a);"},
      {"two are not",
       "\xEF\xBB\xBF\xEF\xBB\xBF"
       "data: a\ndata: b\n\n",
       "(b);"},
      {"nor is a later one",
       "\xEF\xBB\xBF\n\xEF\xBB\xBF"
       "data: a\ndata: b\n\n",
       "(b);"},
      {"the end completes nothing", "data: a\n\ndata: b\n", "(a);"},
      {"nothing", "", ""},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      wend::test::every_split(row.stream, [&](wend::test::pieces const& pieces) {
        REQUIRE(read(pieces) == row.expected);
      });
    }
}

TEST_CASE("an event is there with the last byte that it needs", "[http][event_parser]") {
  wend::event_parser parser(100);
  std::string_view in = "data: a\r\n\r";
  auto const found = parser.next(in);
  REQUIRE((found && *found));
  CHECK((*found)->data == "a");
}

TEST_CASE("an event meets its limit", "[http][event_parser]") {
  struct row {
    std::string_view because, stream, expected;
  };
  row const rows[] = {
      {"a line at it", "data: 6789\n\n", "(6789);"},
      {"a line above it", "data: 67890\n\n", "an event is too large"},
      {"lines at it", "data:6\ndata:890\n\n", "(6\n890);"},
      {"lines above it", "data:6\ndata:8901\n\n", "an event is too large"},
      {"lines without an end",
       "data\ndata\ndata\ndata\ndata\ndata\ndata\ndata\n",
       "an event is too large"},
      {"a comment above it", ":1234567890", "an event is too large"},
      {"each event anew", "data: 6789\n\ndata: 6789\n\n", "(6789);(6789);"},
      {"what is kept no longer is not counted",
       ":a\n:a\n:a\n:a\n:a\n:a\n:a\nid: 1\ndata:67\n\n",
       "(67)#1;"},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      wend::test::every_split(row.stream, [&](wend::test::pieces const& pieces) {
        REQUIRE(read(pieces, 10) == row.expected);
      });
    }
}

TEST_CASE("what is written is read again the same", "[http][event_parser]") {
  wend::event const events[] = {
      {.data = "12:00"},
      {.id = "7", .event = "tick", .data = " two\nlines\n", .retry = std::chrono::seconds(2)},
      {.id = "8", .event = "ping"},
  };
  std::string stream;
  for (auto const& e : events) {
    write_event(stream, e);
    wend::write_comment(stream, "between");
  }
  wend::test::every_split(stream, [&](wend::test::pieces const& pieces) {
    wend::event_parser parser(1000);
    std::size_t n = 0;
    for (auto piece : pieces)
      while (!piece.empty()) {
        auto const found = parser.next(piece);
        REQUIRE(found);
        if (*found) REQUIRE(**found == events[n++]);
      }
    REQUIRE(n == 3);
  });
}
