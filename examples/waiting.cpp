// Handlers that wait: a coroutine holds no thread meanwhile, so one serves thousands of them.
#include <chrono>
#include <thread>

#include "options.hpp"

using namespace std::chrono_literals;

struct quote {
  std::string currency;
  int cents{};
};
struct offer {
  std::string item;
  quote price;
};

asio::awaitable<void> wait(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

/// A price, as another service might give it: in its own time.
asio::awaitable<int> price_of(std::string_view item) {
  co_await wait(10ms);
  if (item == "nothing") throw wend::problem{wend::status::not_found, "nobody sells that"};
  co_return 100 + static_cast<int>(item.size());
}

asio::awaitable<std::string> currency_of(std::string_view country) {
  co_await wait(10ms);
  co_return country == "uk" ? "GBP" : "EUR";
}

/// Keeps a processor busy.
int primes_below(int n) {
  int count = 0;
  for (int candidate = 2; candidate < n; ++candidate) {
    bool prime = true;
    for (int d = 2; prime && d * d <= candidate; ++d)
      prime = candidate % d != 0;
    count += prime;
  }
  return count;
}

int main(int argc, char** argv) {
  using milliseconds = wend::range<int, 0, 5000>;

  auto app = wend::routes(
      wend::get<"/after/{ms}">([](milliseconds ms) -> asio::awaitable<std::string> {
        co_await wait(std::chrono::milliseconds(*ms));
        co_return "thank you for waiting\n";
      }),

      // One after the other. What either throws is answered as if it was thrown right here, and
      // what the parameters view stays until the end.
      wend::get<"/offer/{country}/{item}">(
          [](std::string_view country, std::string_view item) -> asio::awaitable<offer> {
            auto const cents = co_await price_of(item);
            auto const currency = co_await currency_of(country);
            co_return offer{std::string(item), {currency, cents}};
          }),

      // Longer than any request may take, see below: the coroutine is cancelled, and the answer is
      // a 503. It is cancelled as well when the client leaves.
      wend::get<"/forever">([]() -> asio::awaitable<void> { co_await wait(24h); }),

      // What computes or blocks would keep all others waiting: it has threads of its own.
      wend::get<"/primes/{n}">(
          wend::blocking([](wend::range<int, 0, 10'000'000> n) { return primes_below(*n); })));

  auto options = example::options(argc, argv);
  options.limits.handler_deadline = 1s;
  wend::serve(app, options);
}
