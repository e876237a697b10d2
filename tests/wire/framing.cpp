#include <wend/wire/framing.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/every_split.hpp"
#include "support/guard_page.hpp"

using wend::body_length;
using namespace std::string_view_literals;

namespace {

struct framing_row {
  std::string_view because;
  std::string_view fields;
  std::optional<body_length> expected;
  int status = 200;
};

constexpr framing_row framings[] = {
    {"no framing field, no body (9112 6.3 rule 7)", "", body_length::none()},
    {"a length (rule 6)", "Content-Length: 12\r\n", body_length::of(12)},
    {"a length of zero", "Content-Length: 0\r\n", body_length::of(0)},
    {"the largest length",
     "Content-Length: 18446744073709551615\r\n",
     body_length::of(18446744073709551615u)},
    {"one more than that", "Content-Length: 18446744073709551616\r\n", std::nullopt, 400},
    {"a sign (9110 8.6)", "Content-Length: +1\r\n", std::nullopt, 400},
    {"a list that agrees (rule 5)", "Content-Length: 1, 1\r\n", std::nullopt, 400},
    {"two that agree", "Content-Length: 1\r\nContent-Length: 1\r\n", std::nullopt, 400},
    {"no digits", "Content-Length:\r\n", std::nullopt, 400},
    {"chunked alone (rule 4)", "Transfer-Encoding: chunked\r\n", body_length::chunked()},
    {"chunked in capitals (9112 7)", "Transfer-Encoding: Chunked\r\n", body_length::chunked()},
    {"a length beside chunked smells of smuggling (9112 6.1)",
     "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
     std::nullopt,
     400},
    {"chunked twice", "Transfer-Encoding: chunked, chunked\r\n", std::nullopt, 400},
    {"chunked in two fields",
     "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
     std::nullopt,
     400},
    {"a coding that is not done", "Transfer-Encoding: gzip, chunked\r\n", std::nullopt, 501},
    {"a coding without an end", "Transfer-Encoding: gzip\r\n", std::nullopt, 400},
    {"two words", "Transfer-Encoding: gzip chunked, chunked\r\n", std::nullopt, 400},
};

/// Everything the decoder says about a text.
struct decoded {
  int status = 0;  // of the refusal
  bool done = false;
  std::string data;
  std::string trailers;
  std::size_t used = 0;

  bool operator==(decoded const&) const = default;
};

decoded decode(wend::limits const& limits, wend::test::pieces const& pieces) {
  wend::chunk_decoder decoder(limits);
  decoded out;
  for (auto piece : pieces) {
    auto const size = piece.size();
    while (!piece.empty() && !decoder.done()) {
      auto const data = decoder.next(piece);
      if (!data) {
        out.status = code(data.error().status);
        return out;
      }
      out.data += *data;
    }
    out.used += size - piece.size();
  }
  out.done = decoder.done();
  for (auto const& f : decoder.trailers())
    out.trailers += std::string(f.name) + "=" + std::string(f.value) + ";";
  return out;
}

struct chunk_row {
  std::string_view because;
  std::string_view text;
  decoded expected;
};

decoded good(std::string data, std::size_t used, std::string trailers = {}) {
  return {0, true, std::move(data), std::move(trailers), used};
}

}  // namespace

TEST_CASE("a request body is framed as RFC 9112 section 6.3 says", "[wire][framing]") {
  for (auto const& row : framings)
    DYNAMIC_SECTION(row.because) {
      wend::limits const limits;
      wend::head_parser parser(limits);
      auto const text = "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(row.fields) + "\r\n";
      REQUIRE(*parser.parse(text));
      auto const length = wend::request_body_length(parser.head());
      REQUIRE(length.has_value() == row.expected.has_value());
      if (length)
        CHECK(*length == *row.expected);
      else
        CHECK(code(length.error().status) == row.status);
    }
}

TEST_CASE("only a length of zero and no length are empty", "[wire][framing]") {
  STATIC_REQUIRE(body_length::none().empty());
  STATIC_REQUIRE(body_length::of(0).empty());
  STATIC_REQUIRE_FALSE(body_length::of(1).empty());
  STATIC_REQUIRE_FALSE(body_length::chunked().empty());
  STATIC_REQUIRE(body_length::chunked().bytes() == 0);
}

TEST_CASE("the chunked coding comes off in any pieces", "[wire][framing]") {
  chunk_row const rows[] = {
      {"no data (9112 7.1)", "0\r\n\r\n", good("", 5)},
      {"one chunk", "3\r\nabc\r\n0\r\n\r\n", good("abc", 13)},
      {"two chunks and what follows", "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\nGET", good("abcd", 19)},
      {"extensions (9112 7.1.1)", "1 ;a=b; c = \"d\\\";\"\r\nx\r\n0;e\r\n\r\n", good("x", 30)},
      {"trailers (9112 7.1.2)", "0\r\nA: b\r\nC:\r\n\r\n", good("", 15, "A=b;C=;")},
      {"sixteen digits of nothing", "0000000000000001\r\nx\r\n0\r\n\r\n", good("x", 26)},
      {"a size of 65 bits", "10000000000000000\r\n", {400, false, "", "", 0}},
      {"a CR alone", "1\r\nx\rX", {400, false, "x", "", 0}},
      {"a LF alone", "1\nx", {400, false, "", "", 0}},
      {"a trailer that frames (9110 6.5.1)",
       "0\r\nTransfer-Encoding: x\r\n\r\n",
       {400, false, "", "", 0}},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      wend::test::guarded const text(row.text);
      wend::test::every_split(text.view(), [&](wend::test::pieces const& pieces) {
        auto got = decode({}, pieces);
        if (got.status != 0) got.used = 0;
        CHECK(got.status == row.expected.status);
        CHECK(got.data == row.expected.data);
        CHECK(got.trailers == row.expected.trailers);
        CHECK(got.done == row.expected.done);
        CHECK(got.used == row.expected.used);
      });
    }
}

TEST_CASE("limits of chunks hold at the limit and refuse one beyond", "[wire][framing]") {
  auto const status = [](wend::limits const& limits, std::string const& text) {
    int const out = decode(limits, {text}).status;
    wend::test::every_split(text, [&](wend::test::pieces const& pieces) {
      CHECK(decode(limits, pieces).status == out);
    });
    return out;
  };
  CHECK(status({.chunk_line = 4}, "1;ab\r\nx\r\n0\r\n\r\n") == 0);
  CHECK(status({.chunk_line = 4}, "1;abc\r\nx\r\n0\r\n\r\n") == 400);
  CHECK(status({.trailers = 6}, "0\r\nA: b\r\n\r\n") == 0);
  CHECK(status({.trailers = 5}, "0\r\nA: b\r\n\r\n") == 431);
  CHECK(status({.trailers = 3}, "0\r\nA: b") == 431);
  CHECK(status({.fields = 1}, "0\r\nA: b\r\n\r\n") == 0);
  CHECK(status({.fields = 1}, "0\r\nA: b\r\nC: d\r\n\r\n") == 431);
  CHECK(status({.head = 4}, "1;a\r\nx\r\n1;b\r\ny\r\n0\r\n\r\n") == 0);
  CHECK(status({.head = 3}, "1;a\r\nx\r\n1;b\r\ny\r\n0\r\n\r\n") == 400);
}

TEST_CASE("a chunk says how much of it is to come", "[wire][framing]") {
  wend::limits const limits;
  wend::chunk_decoder decoder(limits);
  auto in = "ff\r\nab"sv;
  CHECK(*decoder.next(in) == "ab");
  CHECK(decoder.left() == 253);
  decoder.reset();
  CHECK(decoder.left() == 0);
}

TEST_CASE("a decoder that is reset reads another body", "[wire][framing]") {
  wend::limits const limits;
  wend::chunk_decoder decoder(limits);
  for (int i = 0; i < 2; ++i) {
    auto in = "0\r\nA: b\r\n\r\nrest"sv;
    REQUIRE(decoder.next(in));
    CHECK(decoder.done());
    CHECK(in == "rest");
    CHECK(decoder.trailers().size() == 1);
    decoder.reset();
    CHECK_FALSE(decoder.done());
    CHECK(decoder.trailers().size() == 0);
  }
}
