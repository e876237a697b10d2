// A program that imports wend: JSON in and out, captures, middleware, a coroutine and a stream.
#include <wend/net/asio.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

import wend;

struct note {
  int id = 0;
  std::string text;
};

int main(int argc, char**) {
  auto const api = wend::routes(
      wend::get<"/notes/{id:int}">([](int id) -> std::optional<note> {
        if (id != 1) return std::nullopt;
        return note{id, "first"};
      }),
      wend::post<"/notes">([](wend::json<note> n) { return wend::created("/notes/2", *n); }),
      wend::get<"/later">([]() -> asio::awaitable<std::string> {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(1));
        co_await timer.async_wait(asio::use_awaitable);
        co_return "later\n";
      }),
      wend::get<"/stream">([] {
        return wend::stream("text/plain", [](wend::writer& out) -> asio::awaitable<void> {
          co_await out.write("piece\n");
        });
      }));
  wend::router all;
  all.add(wend::method::get, "/dynamic/{name}", [](std::string_view name) { return name; });
  all.use(wend::request_id());
  all.add(wend::method::get, "/", [] { return "hello\n"; });
  wend::background_server web(api, {.port = 0});
  wend::background_server other(all, {.port = 0});
  if (web.port() == 0 || other.port() == 0) return 1;
  if (argc == 1) wend::serve(api);
}
