// A web interface in a program that has work of its own: one loop, one thread, no locks.
#include <chrono>

#include "options.hpp"

using namespace std::chrono_literals;

struct progress {
  std::uint64_t done{};
  bool paused = false;
};

/// The work of the program, which knows nothing of HTTP: it counts.
class worker {
 public:
  explicit worker(asio::io_context& io) : timer_(io) { step(); }

  progress now() const { return {done_, paused_}; }
  void pause(bool on) { paused_ = on; }
  void stop() {
    stopped_ = true;
    timer_.cancel();
  }

 private:
  void step() {
    timer_.expires_after(1ms);
    timer_.async_wait([this](asio::error_code) {
      if (stopped_) return;
      done_ += paused_ ? 0 : 1;
      step();
    });
  }

  asio::steady_timer timer_;
  std::uint64_t done_ = 0;
  bool paused_ = false;
  bool stopped_ = false;
};

int main(int argc, char** argv) {
  asio::io_context io;
  worker work(io);
  wend::readiness ready;

  // Handlers run on the loop of the program, between its own steps: they may touch its state.
  auto api = wend::routes(
      wend::get<"/progress">([&] { return work.now(); }),
      wend::put<"/paused">([&](wend::json<bool> on) { work.pause(*on); }),
      wend::get<"/progress/{count:uint}">([&](std::uint64_t count) -> asio::awaitable<progress> {
        asio::steady_timer timer(io);
        while (work.now().done < count) {
          timer.expires_after(5ms);
          co_await timer.async_wait(asio::use_awaitable);
        }
        co_return work.now();
      }),
      wend::get<"/ready">(  // for a load balancer
          [&] { return ready ? wend::status::ok : wend::status::service_unavailable; }));

  auto options = example::options(argc, argv);
  options.ready = &ready;
  wend::server web(io, api, options);
  std::cout << "listening on http://127.0.0.1:" << web.port() << std::endl;

  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](asio::error_code, int) {
    web.drain(5s);  // what is asked gets its answer, then the loop runs out of connections ...
    work.stop();    // ... and of work
  });
  io.run();
  std::cout << "counted to " << work.now().done << std::endl;
}
