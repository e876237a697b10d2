// A web interface for something that runs by itself: a simulation on a thread of its own, asked and
// steered through an inbox, watched through a broadcast.
#include "simulation.hpp"

#include <chrono>
#include <thread>

#include "options.hpp"

using order = std::optional<parameters>;  // nothing: only tell how things are
using control = wend::inbox<order, state>;

/// The component. It owns the model, so that nothing is locked; between two steps it takes orders.
asio::awaitable<void> simulate(control& inbox, wend::broadcast<std::string>& outbox) {
  constexpr auto frame = std::chrono::milliseconds(40);
  auto orders = inbox.open();
  model foxes;
  for (auto next = std::chrono::steady_clock::now(); !orders.closed(); next += frame) {
    while (auto m = co_await orders.receive_until(next)) {
      if (m->question) foxes.set(*m->question);
      m->reply(foxes.now());
    }
    foxes.step(std::chrono::duration<double>(frame).count());
    std::string text;  // once for all who watch
    wend::write_json(text, foxes.now());
    outbox.send(std::move(text));
  }
}

int main(int argc, char** argv) {
  control inbox;
  wend::broadcast<std::string> outbox;

  auto app = wend::routes(
      wend::get<"/">([] {
        return wend::response(wend::status::ok, "text/html; charset=utf-8", std::string(page));
      }),
      wend::get<"/state">([&] { return inbox.ask(std::nullopt); }),
      wend::put<"/parameters">([&](wend::json<parameters> p) { return inbox.ask(*p); }),
      wend::post<"/parameters">([&](wend::form<parameters> p) -> asio::awaitable<wend::response> {
        co_await inbox.ask(*p);
        co_return wend::redirect("/");
      }),
      wend::get<"/events">([&] {
        return wend::events(
            [s = outbox.subscribe()](wend::event_writer& out) mutable -> asio::awaitable<void> {
              while (auto const v = co_await s.next())
                co_await out.send({.data = **v});
            });
      }));

  std::thread component([&] { wend::block_on(simulate(inbox, outbox)); });
  wend::serve(app, example::options(argc, argv));
  inbox.close();
  component.join();
}
