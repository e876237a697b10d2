#include <wend/net/block_on.hpp>
//
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "support/catch.hpp"

TEST_CASE("a coroutine may be waited for without a loop", "[net][block_on]") {
  auto const later = [](std::string what) -> asio::awaitable<std::string> {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(1));
    co_await timer.async_wait(asio::use_awaitable);
    if (what.empty()) throw std::invalid_argument("nothing");
    co_return what;
  };
  CHECK(wend::block_on(later("text")) == "text");
  CHECK_THROWS_AS(wend::block_on(later("")), std::invalid_argument);

  auto here = std::this_thread::get_id();
  wend::block_on([](std::thread::id& on) -> asio::awaitable<void> {
    on = std::thread::id();
    co_await asio::post(asio::use_awaitable);
    on = std::this_thread::get_id();
  }(here));
  CHECK(here == std::this_thread::get_id());
}
