#include <wend/extra/answer_events.hpp>
//
#include <wend/extra/http_client.hpp>

#include <stdexcept>
#include <string>
#include <utility>

#include "support/catch.hpp"
#include "support/parrot.hpp"

using namespace wend;
using wend::test::parrot;

namespace {

std::string head_of_events(std::size_t length) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " +
         std::to_string(length) + "\r\n\r\n";
}

}  // namespace

TEST_CASE("events end with the answer", "[extra][answer_events]") {
  std::string const text = ": hello\n\nid: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: not complete";
  parrot const peer(head_of_events(text.size()) + text);
  http_client client;
  answer_events in(client.open({.url = peer.url()}));
  CHECK(in.read() == event{.id = "1", .data = "a"});
  CHECK(in.read() == event{.id = "1", .data = "b"});
  CHECK(in.last_id() == "1");
  CHECK_FALSE(in.read());
  CHECK_FALSE(in.read());
  CHECK(in.last_id() == "2");
  CHECK(client.idle() == 1);
}

TEST_CASE("events that break off are an error behind the last", "[extra][answer_events]") {
  parrot const peer(head_of_events(100) + "data: a\n\ndata: b\n");
  answer_events in(http_client().open({.url = peer.url()}));
  CHECK(in.read() == event{.data = "a"});
  CHECK_THROWS_AS(in.read(), client_error);
  CHECK_THROWS_AS(in.read(), client_error);
}

TEST_CASE("an event is not larger than a body", "[extra][answer_events]") {
  std::string const text = "data: 6789\n\ndata: 6789\n\ndata: 67890\n\n";
  parrot const peer(head_of_events(text.size()) + text);
  http_client client({.limits = {.body = 10}});
  answer_events in(client.open({.url = peer.url()}));
  CHECK(in.read() == event{.data = "6789"});
  CHECK(in.read() == event{.data = "6789"});
  CHECK_THROWS_AS(in.read(), client_error);
  CHECK_THROWS_AS(in.read(), client_error);
}

TEST_CASE("events of an answer that is complete", "[extra][answer_events]") {
  answer_events first(
      answer_stream(response(status::ok, "text/event-stream", "data:a\n\ndata:b\n\n")));
  CHECK(first.read() == event{.data = "a"});
  auto in = std::move(first);
  CHECK(in.read() == event{.data = "b"});
  CHECK_FALSE(in.read());
  CHECK_FALSE(answer_events().read());
}
