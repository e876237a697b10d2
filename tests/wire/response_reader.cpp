#include <wend/wire/response_reader.hpp>
//
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace wend;

namespace {

/// "200 body" and whether the connection may be kept, "..." for what is not complete, or the error.
std::string read(std::string_view bytes,
                 std::size_t split,
                 method const& m = method::get,
                 bool ended = false,
                 limits const& l = {}) {
  response_reader reader(l);
  reader.begin(m);
  std::string body, behind;
  for (auto piece : {bytes.substr(0, split), bytes.substr(split)}) {
    while (!piece.empty() && !reader.done()) {
      auto const content = reader.next(piece);
      if (!content) return std::string(content.error().detail);
      if (!content->empty()) CHECK(reader.has_head());
      body += *content;
    }
    if (!piece.empty()) behind = " +" + std::string(piece);
  }
  if (ended)
    if (auto const why = reader.take_end()) return std::string(why->detail);
  if (!reader.done()) return "...";
  return std::to_string(code(reader.response().status)) + " " + body +
         (reader.keep_alive() ? " alive" : "") + behind;
}

}  // namespace

TEST_CASE("a response ends where RFC 9112 says, however it is split", "[wire][response_reader]") {
  struct row {
    std::string_view because, bytes, expected;
    method m = method::get;
    bool ended = false;
  };
  row const rows[] = {
      {"it has a length", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "200 abc alive"},
      {"the length is 0", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200  alive"},
      {"it is chunked",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nA: "
       "b\r\n\r\n",
       "200 abcd alive"},
      {"it ends with the connection", "HTTP/1.1 200 OK\r\n\r\nabc", "200 abc", method::get, true},
      {"it has not ended yet", "HTTP/1.1 200 OK\r\n\r\nabc", "..."},
      {"one to HEAD has no content",
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
       "200  alive",
       method::head},
      {"204 has none", "HTTP/1.1 204 No Content\r\n\r\n", "204  alive"},
      {"304 has none", "HTTP/1.1 304 \r\nContent-Length: 9\r\n\r\n", "304  alive"},
      {"a tunnel has none", "HTTP/1.1 200 OK\r\n\r\n", "200 ", method::connect},
      {"what is HTTP no more", "HTTP/1.1 101 x\r\n\r\n", "101 "},
      {"interim responses come before",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
       "200 a alive"},
      {"the server closes",
       "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 1\r\n\r\na",
       "200 a"},
      {"it is of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "200 a"},
      {"it is of HTTP/1.0 and stays",
       "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
       "200 a alive"},
      {"there is no reason", "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n", "299  alive"},
      {"nor a space before it", "HTTP/1.1 299\r\nContent-Length: 0\r\n\r\n", "299  alive"},
      {"a field is folded",
       "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 1\r\n\r\na",
       "200 a alive"},
      {"it is cut short",
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
       "the connection ended within the response",
       method::get,
       true},
      {"its head is cut short",
       "HTTP/1.1 200 OK\r\nContent-Le",
       "the connection ended within the response",
       method::get,
       true},
      {"its chunks are cut short",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
       "the connection ended within the response",
       method::get,
       true},
      {"it is something else", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "this is no response of HTTP/1.1"},
      {"a bare LF ends the status line",
       "HTTP/1.1 200 OK\nContent-Length: 1\r\n\r\na",
       "this is no response of HTTP/1.1"},
      {"a line before the fields begins with a blank",
       "HTTP/1.1 200 OK\r\n X: y\r\nContent-Length: 1\r\n\r\na",
       "200 a alive"},
      {"the version is another", "HTTP/2.0 200 OK\r\n\r\n", "this is no response of HTTP/1.1"},
      {"the status is none", "HTTP/1.1 20 OK\r\n\r\n", "this is no response of HTTP/1.1"},
      {"the status is too small", "HTTP/1.1 099 x\r\n\r\n", "this is no response of HTTP/1.1"},
      {"a length stands beside chunks",
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
       "Content-Length stands beside Transfer-Encoding"},
      {"there are two lengths",
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
       "there is more than one Content-Length"},
      {"the length is no number",
       "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\n",
       "Content-Length is not one number"},
      {"the coding is unknown",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
       "the transfer coding is unknown"},
      {"a chunk has no size",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
       "a chunk has no size"},
      {"a field has no colon", "HTTP/1.1 200 OK\r\nA\r\n\r\n", "a field has no colon"},
      {"a field holds a NUL",
       std::string_view("HTTP/1.1 200 OK\r\nA: \0\r\n\r\n", 25),
       "a line holds a control character"},
      {"it is chunked in HTTP/1.0",
       "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
       "Transfer-Encoding stands in an HTTP/1.0 response"},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      for (std::size_t split = 0; split <= row.bytes.size(); ++split)
        REQUIRE(read(row.bytes, split, row.m, row.ended) == row.expected);
    }
}

TEST_CASE("what follows a response is not its own", "[wire][response_reader]") {
  std::string_view const bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1";
  CHECK(read(bytes, bytes.size()) == "200 a alive +HTTP/1.1");
}

TEST_CASE("a response meets the limits of its reader", "[wire][response_reader]") {
  limits const small{.head = 60, .fields = 2};
  auto const at = [&](std::string_view bytes) {
    return read(bytes, bytes.size() / 2, method::get, false, small);
  };
  CHECK(at("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\r\n") == "...");
  CHECK(at("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n") == "there are too many fields");
  auto const head = "HTTP/1.1 200 OK\r\nA: " + std::string(36, 'x');
  CHECK(at(head + "\r\n\r\n") == "...");
  CHECK(at(head + "xx\r\n\r\n") == "the head is too large");
}

TEST_CASE("what is left of a response is known as far as it says", "[wire][response_reader]") {
  struct row {
    std::string_view because, bytes;
    std::uint64_t left;
  };
  row const rows[] = {
      {"it has a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", 3},
      {"it is chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 3},
      {"it ends with the connection", "HTTP/1.1 200 OK\r\n\r\nab", 0},
      {"it has ended", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", 0},
  };
  limits const all;
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      response_reader reader(all);
      reader.begin(method::get);
      auto in = row.bytes;
      while (!in.empty())
        REQUIRE(reader.next(in));
      CHECK(reader.left() == row.left);
      reader.begin(method::get);
      CHECK(reader.left() == 0);
    }
}
