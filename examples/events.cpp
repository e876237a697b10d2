// Server-sent events: a clock that any number of pages watch. A page whose connection breaks comes
// back by itself, says what it saw last, and hears what it missed.
#include <chrono>
#include <ctime>
#include <thread>

#include "options.hpp"

using number = std::optional<std::uint64_t>;

constexpr std::string_view page = R"(<!DOCTYPE html>
<html lang="en">
<title>wend: events</title>
<h1 id="time">not connected</h1>
<p>Tick <output id="tick">none</output>, missed <output id="missed">0</output>,
   connected <output id="connected">0</output> times.</p>
<script>
  const show = (id, value) => document.getElementById(id).textContent = value;
  let last = 0, missed = 0, connected = 0;
  const clock = new EventSource("/ticks" + location.search);
  clock.addEventListener("open", () => show("connected", ++connected));
  clock.addEventListener("tick", e => {
    const id = Number(e.lastEventId);
    if (last) show("missed", missed += id - last - 1);
    show("tick", last = id);
    show("time", e.data);
  });
</script>
)";

/// Sends the time to `out`, every `period`, until there is nobody who could listen.
asio::awaitable<void> tick(wend::broadcast<std::string>& out, std::chrono::milliseconds period) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (timer.expires_after(period); !out.closed(); timer.expires_at(timer.expiry() + period)) {
    co_await timer.async_wait(asio::use_awaitable);
    auto const now = std::time(nullptr);
    char text[sizeof "23:59:59"];
    std::strftime(text, sizeof text, "%T", std::localtime(&now));
    out.send(text);
  }
}

int main(int argc, char** argv) {
  std::chrono::milliseconds const period(example::number(argc, argv, "--period", 1000));
  wend::broadcast<std::string> clock(1000);  // as many ticks are kept for who comes back

  auto app = wend::routes(
      wend::get<"/">([] {
        return wend::response(wend::status::ok, "text/html; charset=utf-8", std::string(page));
      }),
      wend::get<"/ticks">(
          [&](wend::header<"Last-Event-ID", number> last, wend::query<"events", number> most) {
            auto ticks = [s = clock.subscribe(*last),
                          left = *most](wend::event_writer& out) mutable -> asio::awaitable<void> {
              while (!left || *left > 0) {
                if (left) --*left;
                auto const now = co_await s.next();
                if (!now) break;
                auto const id = std::to_string(now->number);
                co_await out.send({.id = id,
                                   .event = "tick",
                                   .data = **now,
                                   .retry = std::chrono::milliseconds(200)});
              }
            };
            return wend::events(std::move(ticks), {.heartbeat = std::chrono::seconds(15)});
          }));

  std::thread ticking([&] { wend::block_on(tick(clock, period)); });
  wend::serve(app, example::options(argc, argv));
  clock.close();
  ticking.join();
}
