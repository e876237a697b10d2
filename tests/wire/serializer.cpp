#include <wend/wire/serializer.hpp>

#include <memory>
#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"

using wend::content_framing;
using wend::status;

namespace {

constexpr std::string_view date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

struct source_of : wend::body_source {
  explicit source_of(std::optional<std::uint64_t> n) : n_(n) {}
  std::optional<std::uint64_t> size() const override { return n_; }
  bool read(std::string&) override { return false; }

 private:
  std::optional<std::uint64_t> n_;
};

struct framing_row {
  std::string_view because;
  wend::answer_context to;
  wend::status status;
  bool from_source;                   // content comes from a source
  std::optional<std::uint64_t> size;  // of the content
  std::string_view lines;             // what stands in the head about it
  content_framing framing;
  bool keep_alive = true;
};

constexpr wend::answer_context to(int minor,
                                  bool keep = true,
                                  bool head = false,
                                  bool connect = false) {
  return {{}, minor, keep, head, connect};
}

constexpr framing_row framings[] = {
    {"a known size is said (9110 8.6)",
     to(1),
     status::ok,
     false,
     5,
     "Content-Length: 5\r\n",
     content_framing::length},
    {"so is none", to(1), status::ok, false, 0, "Content-Length: 0\r\n", content_framing::length},
    {"a source may know its size",
     to(1),
     status::ok,
     true,
     7,
     "Content-Length: 7\r\n",
     content_framing::length},
    {"one that does not is chunked (9112 6.1)",
     to(1),
     status::ok,
     true,
     std::nullopt,
     "Transfer-Encoding: chunked\r\n",
     content_framing::chunked},
    {"but not to HTTP/1.0 (9112 6.1)",
     to(0),
     status::ok,
     true,
     std::nullopt,
     "Connection: close\r\n",
     content_framing::close,
     false},
    {"HEAD is told the length GET would have (9110 9.3.2)",
     to(1, true, true),
     status::ok,
     false,
     5,
     "Content-Length: 5\r\n",
     content_framing::none},
    {"HEAD is not chunked",
     to(1, true, true),
     status::ok,
     true,
     std::nullopt,
     "",
     content_framing::none},
    {"204 has no content (9112 6.3)",
     to(1),
     status::no_content,
     false,
     5,
     "",
     content_framing::none},
    {"nor has 304", to(1), status::not_modified, true, 5, "", content_framing::none},
    {"nor 101, and the connection is another's",
     to(1, false),
     status::switching_protocols,
     false,
     0,
     "",
     content_framing::none,
     false},
    {"nor 2xx to CONNECT (9110 9.3.6)",
     to(1, true, false, true),
     status::ok,
     false,
     5,
     "",
     content_framing::none},
    {"405 to CONNECT does",
     to(1, true, false, true),
     status::method_not_allowed,
     false,
     5,
     "Content-Length: 5\r\n",
     content_framing::length},
    {"205 says that it has none (9110 15.3.6)",
     to(1),
     status::reset_content,
     false,
     5,
     "Content-Length: 0\r\n",
     content_framing::none},
    {"the end is announced (9112 9.6)",
     to(1, false),
     status::ok,
     false,
     0,
     "Content-Length: 0\r\nConnection: close\r\n",
     content_framing::length,
     false},
    {"keep-alive is said to 1.0 (9112 9.3)",
     to(0),
     status::ok,
     false,
     0,
     "Content-Length: 0\r\nConnection: keep-alive\r\n",
     content_framing::length},
};

std::string head_of(wend::response const& answer, wend::answer_context const& to_what = {}) {
  std::string out;
  write_head(out, answer, to_what);
  return out;
}

}  // namespace

TEST_CASE("content is framed by what is known of it", "[wire][serializer]") {
  for (auto const& row : framings)
    DYNAMIC_SECTION(row.because) {
      wend::response answer(row.status);
      if (row.from_source)
        answer.source = std::make_unique<source_of>(row.size);
      else
        answer.body.assign(row.size.value_or(0), 'x');
      std::string out;
      auto const head = write_head(out, answer, row.to);
      auto const line = "HTTP/1.1 " + std::to_string(code(row.status)) + " " +
                        std::string(reason(row.status)) + "\r\n";
      CHECK(out == line + std::string(row.lines) + "\r\n");
      CHECK(head.framing == row.framing);
      CHECK(head.keep_alive == row.keep_alive);
      if (head.framing == content_framing::length) CHECK(head.length == *row.size);
    }
}

TEST_CASE("fields of a handler come before those of the message", "[wire][serializer]") {
  wend::response answer(status::created, "text/plain", "hello");
  answer.add("Set-Cookie", "a=b").add("Set-Cookie", "c=d");
  CHECK(
      head_of(answer, {.date_line = date}) ==
      "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n" +
          std::string(date) + "Content-Length: 5\r\n\r\n");
}

TEST_CASE("what belongs to the message is not said twice", "[wire][serializer]") {
  wend::response answer;
  answer.body = "abc";
  SECTION("a length is dropped") {
    answer.set("content-length", "99");
    CHECK(head_of(answer) == "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
  }
  SECTION("a transfer coding is dropped") {
    answer.set("Transfer-Encoding", "chunked");
    CHECK(head_of(answer) == "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
  }
  SECTION("a Date stays") {
    answer.set("Date", "yesterday");
    CHECK(head_of(answer, {.date_line = date}) ==
          "HTTP/1.1 200 OK\r\nDate: yesterday\r\nContent-Length: 3\r\n\r\n");
  }
  SECTION("close closes") {
    answer.set("Connection", "Close");
    std::string out;
    CHECK_FALSE(write_head(out, answer, {}).keep_alive);
    CHECK(out == "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
  }
  SECTION("keep-alive does not keep what has to end") {
    answer.set("Connection", "keep-alive");
    CHECK(head_of(answer, {.keep_alive = false}) ==
          "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
  }
  SECTION("other options are sent, with ours") {
    answer.status = status::upgrade_required;
    answer.set("Upgrade", "h2c").set("Connection", "upgrade, close, x");
    CHECK(head_of(answer) ==
          "HTTP/1.1 426 Upgrade Required\r\nUpgrade: h2c\r\nContent-Length: 3\r\n"
          "Connection: upgrade, x, close\r\n\r\n");
  }
  SECTION("a length for HEAD without content stays") {
    answer.body.clear();
    answer.set("Content-Length", "1234");
    CHECK(head_of(answer, {.to_head = true}) == "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
  }
  SECTION("unless it is no length") {
    answer.body.clear();
    answer.set("Content-Length", "many");
    CHECK(head_of(answer, {.to_head = true}) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }
}

TEST_CASE("101 sends the options of the handler and nothing of ours", "[wire][serializer]") {
  wend::response answer(status::switching_protocols);
  answer.set("Upgrade", "websocket").set("Connection", "Upgrade");
  CHECK(head_of(answer) ==
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
}

TEST_CASE("a status without a phrase keeps its space", "[wire][serializer]") {
  CHECK(head_of(wend::response(wend::status{299})) ==
        "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n");  // RFC 9112 4
}

TEST_CASE("heads are appended, and into room that is there", "[wire][serializer]") {
  wend::response const answer(status::ok, "text/plain", "hello");
  std::string out;
  write_head(out, answer, {.date_line = date});
  auto const one = out;
  out.reserve(4096);
  auto const n = wend::test::allocations_in([&] { write_head(out, answer, {.date_line = date}); });
  CHECK(n == 0);
  CHECK(out == one + one);
}
