#include <wend/http/event.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;
using wend::event;

namespace {

/// What a page is told of a stream, as WHATWG HTML 9.2.6 says.
struct listener {
  struct told {
    std::string type, data, last_id;
    bool operator==(told const&) const = default;
  };
  std::vector<told> all;
  std::string last_id;
  std::chrono::milliseconds retry = -1ms;

  void read(std::string_view stream) {
    std::string data, type;
    while (!stream.empty()) {
      auto const end = std::min(stream.find_first_of("\r\n"), stream.size());
      auto const line = stream.substr(0, end);
      bool const two = stream.substr(end, 2) == "\r\n";
      stream.remove_prefix(std::min(stream.size(), end + (two ? 2 : 1)));
      if (line.empty()) {
        if (!data.empty()) {
          data.pop_back();
          all.push_back({type.empty() ? "message" : type, data, last_id});
        }
        data.clear();
        type.clear();
        continue;
      }
      auto const colon = std::min(line.find(':'), line.size());
      auto const name = line.substr(0, colon);
      auto value = line.substr(std::min(colon + 1, line.size()));
      if (value.substr(0, 1) == " ") value.remove_prefix(1);
      if (name == "data") data.append(value).append(1, '\n');
      if (name == "event") type = value;
      if (name == "id" && value.find('\0') == value.npos) last_id = value;
      if (name == "retry" && value.find_first_not_of("0123456789") == value.npos)
        retry = std::chrono::milliseconds(std::stoll(std::string(value)));
    }
  }
};

std::string text(event const& e) {
  std::string out;
  wend::write_event(out, e);
  return out;
}

struct row {
  char const* because;
  event e;
  std::string expected;
  std::string data;  // as the page gets it
};

row const rows[] = {
    {"data alone", {.data = "12:00"}, "data: 12:00\n\n", "12:00"},
    {"all fields",
     {.id = "7", .event = "tick", .data = "x", .retry = 1500ms},
     "retry: 1500\nid: 7\nevent: tick\ndata: x\n\n",
     "x"},
    {"two lines", {.data = "a\nb"}, "data: a\ndata: b\n\n", "a\nb"},
    {"CR and CRLF end lines as well",
     {.data = "a\rb\r\nc"},
     "data: a\ndata: b\ndata: c\n\n",
     "a\nb\nc"},
    {"LF CR is two", {.data = "a\n\rb"}, "data: a\ndata: \ndata: b\n\n", "a\n\nb"},
    {"two CR are two", {.data = "a\r\rb"}, "data: a\ndata: \ndata: b\n\n", "a\n\nb"},
    {"an end is kept", {.data = "a\n"}, "data: a\ndata: \n\n", "a\n"},
    {"a CR at the end", {.data = "a\r"}, "data: a\ndata: \n\n", "a\n"},
    {"nothing but a line's end", {.data = "\n"}, "data: \ndata: \n\n", "\n"},
    {"a blank in front is kept", {.data = " a"}, "data:  a\n\n", " a"},
    {"a colon means nothing in data",
     {.data = ": a\nid: 5"},
     "data: : a\ndata: id: 5\n\n",
     ": a\nid: 5"},
    {"a NUL is data", {.data = "a\0b"sv}, "data: a\0b\n\n"s, "a\0b"s},
    {"a name without data", {.event = "ping"}, "event: ping\ndata: \n\n", ""},
};

}  // namespace

TEST_CASE("an event is what the page gets", "[http][event]") {
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      CHECK(text(row.e) == row.expected);
      listener page;
      page.read(text(row.e));
      REQUIRE(page.all.size() == 1);
      CHECK(page.all[0].data == row.data);
      CHECK(page.all[0].type == (row.e.event.empty() ? "message" : row.e.event));
      CHECK(page.all[0].last_id == row.e.id);
      CHECK(page.retry == row.e.retry.value_or(-1ms));
    }
}

TEST_CASE("an event without name and data tells the page nothing", "[http][event]") {
  listener page;
  page.read(text({.id = "9", .retry = 0ms}) + text({}));
  CHECK(page.all.empty());
  CHECK(page.last_id == "9");
  CHECK(page.retry == 0ms);
}

TEST_CASE("what would be another line is refused", "[http][event]") {
  std::string out = "before";
  for (auto const& bad : {event{.id = "a\nb"},
                          event{.id = "a\r"},
                          event{.id = "a\0"sv},
                          event{.event = "\n"},
                          event{.event = "a\rdata: b"},
                          event{.data = "x", .retry = -1ms}})
    CHECK_THROWS_AS(wend::write_event(out, bad), std::invalid_argument);
  CHECK(out == "before");
  CHECK_NOTHROW(wend::write_event(out, {.event = "a\0"sv}));
}

TEST_CASE("a comment is for nobody", "[http][event]") {
  std::string out;
  wend::write_comment(out);
  CHECK(out == ": \n\n");
  wend::write_comment(out, "still\r\ndata: here\rid: 4");
  CHECK(out == ": \n\n: still\n: data: here\n: id: 4\n\n");
  listener page;
  page.read(out);
  CHECK(page.all.empty());
  CHECK(page.last_id.empty());
}

TEST_CASE("any stream of events is read as it was written", "[http][event]") {
  std::mt19937 random{1};
  auto const some = [&](std::string_view letters) {
    std::string out;
    for (auto n = random() % 8; n > 0; --n)
      out += letters[random() % letters.size()];
    return out;
  };
  std::string stream;
  std::vector<listener::told> expected;
  std::string last_id;
  for (int i = 0; i < 2000; ++i) {
    if (random() % 5 == 0) wend::write_comment(stream, some("a:\r\n "));
    std::string const id = some("a: 1"), name = some("a: \t"), text = some("ab: \r\n");
    event const e{.id = id, .event = name, .data = text};
    wend::write_event(stream, e);
    if (!e.id.empty()) last_id = e.id;
    if (e.event.empty() && e.data.empty()) continue;
    std::string data;  // with every line's end as LF
    for (std::size_t at = 0; at < e.data.size(); ++at) {
      bool const pair = e.data.substr(at, 2) == "\r\n";
      data += e.data[at] == '\r' ? '\n' : e.data[at];
      at += pair;
    }
    expected.push_back({name.empty() ? "message" : name, data, last_id});
  }
  listener page;
  page.read(stream);
  REQUIRE(page.all.size() == expected.size());
  CHECK((page.all == expected));
}
