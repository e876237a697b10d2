#include <wend/net/detail/coroutine.hpp>

#include <exception>
#include <optional>
#include <string_view>

#include "support/catch.hpp"

using namespace wend::detail;

namespace {

/// A connection of which a body is read: what comes is said by the test.
struct fake_connection {
  asio::io_context io{1};
  waiter* reader = nullptr;
  int pulls = 0;

  executor loop() { return io.get_executor(); }
  std::optional<std::string_view> pull(waiter& later) {
    if (++pulls > 1) return "piece";
    later.wait_at(reader);
    return std::nullopt;
  }
};

}  // namespace

TEST_CASE("a read that is cancelled leaves the piece where it is", "[net][coroutine]") {
  fake_connection peer;
  asio::cancellation_signal cancel;
  std::exception_ptr failure;
  std::optional<std::string_view> got;
  asio::co_spawn(
      peer.io,
      read_body(peer),
      asio::bind_cancellation_slot(
          cancel.slot(), [&](std::exception_ptr why, std::optional<std::string_view> piece) {
            failure = why;
            got = piece;
          }));
  peer.io.poll();
  REQUIRE(peer.reader != nullptr);
  SECTION("after it was woken") {
    peer.reader->notify();
    cancel.emit(asio::cancellation_type::terminal);
    peer.io.restart();
    peer.io.run();
    CHECK(failure != nullptr);
    CHECK(peer.pulls == 1);
  }
  SECTION("before it is") {
    cancel.emit(asio::cancellation_type::terminal);
    peer.io.restart();
    peer.io.run();
    CHECK(failure != nullptr);
    CHECK(peer.pulls == 1);
  }
  SECTION("or takes it when it is not") {
    peer.reader->notify();
    peer.io.restart();
    peer.io.run();
    CHECK(failure == nullptr);
    CHECK(got == "piece");
  }
  CHECK(peer.reader == nullptr);
}

TEST_CASE("a place belongs to the waiter that came last", "[net][coroutine]") {
  asio::io_context io;
  waiter* place = nullptr;
  std::optional<waiter> older(io.get_executor());
  older->wait_at(place);
  waiter younger(io.get_executor());
  younger.wait_at(place);
  older.reset();
  CHECK(place == &younger);
}
