#include <wend/net/detail/alarm.hpp>
//
#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "support/catch.hpp"

using bell = wend::detail::alarm;  // POSIX has an alarm of its own

namespace {

asio::awaitable<std::string> wait_for(std::shared_ptr<bell> a) {
  co_return co_await a->wait() ? "rang" : "late";
}

}  // namespace

TEST_CASE("an alarm wakes who waits", "[net][alarm]") {
  asio::io_context io;
  auto const a = std::make_shared<bell>(io.get_executor());
  SECTION("that waits already") {
    auto heard = asio::co_spawn(io, wait_for(a), asio::use_future);
    io.poll();
    a->ring();
    io.run();
    CHECK(heard.get() == "rang");
  }
  SECTION("that comes later") {
    a->ring();
    io.run();
    io.restart();
    auto heard = asio::co_spawn(io, wait_for(a), asio::use_future);
    io.run();
    CHECK(heard.get() == "rang");
  }
  SECTION("from another thread") {
    auto heard = asio::co_spawn(io, wait_for(a), asio::use_future);
    std::thread other([&] { a->ring(); });
    io.run();
    other.join();
    CHECK(heard.get() == "rang");
  }
}

TEST_CASE("an alarm says when the time came first", "[net][alarm]") {
  asio::io_context io;
  auto const a = std::make_shared<bell>(io.get_executor(), bell::clock::now());
  auto heard = asio::co_spawn(io, wait_for(a), asio::use_future);
  io.run();
  CHECK(heard.get() == "late");
}

TEST_CASE("who waits for an alarm may be cancelled", "[net][alarm]") {
  asio::io_context io;
  auto const a = std::make_shared<bell>(io.get_executor());
  asio::cancellation_signal cancel;
  std::exception_ptr why;
  std::string heard;
  asio::co_spawn(io,
                 wait_for(a),
                 asio::bind_cancellation_slot(cancel.slot(),
                                              [&](std::exception_ptr failure, std::string what) {
                                                why = failure;
                                                heard = what;
                                              }));
  io.poll();
  SECTION("in vain") {
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    CHECK_THROWS_AS(std::rethrow_exception(why), asio::system_error);
  }
  SECTION("too late") {
    a->ring();
    io.poll();
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    CHECK((why || heard == "rang"));
  }
}

TEST_CASE("an alarm that nobody waits for any more may have been rung", "[net][alarm]") {
  auto io = std::make_unique<asio::io_context>();
  auto a = std::make_shared<bell>(io->get_executor());
  a->ring();
  a.reset();
  SECTION("and is run") {
    io->run();
  }
  SECTION("and goes with its loop") {
    io.reset();
  }
}
