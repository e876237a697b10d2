// What tests/load/run.py asks: bodies without end both ways, and handlers that wait.
#include <wend/wend.hpp>

#include <atomic>
#include <cstdint>
#include <string>

int main(int, char** argv) {
  using namespace wend::literals;
  std::atomic<int> waiting = 0;
  std::string const piece(64 * 1024, 'x');

  auto const send = [&piece](std::uint64_t bytes) {
    return wend::stream("application/octet-stream",
                        [&piece, bytes](wend::writer& out) -> asio::awaitable<void> {
                          for (auto left = bytes; left > 0;) {
                            auto const n = std::min<std::uint64_t>(left, piece.size());
                            co_await out.write(std::string_view(piece).substr(0, n));
                            left -= n;
                          }
                        });
  };
  auto const api = wend::routes(wend::get<"/">([] { return "up\n"; }),
                                wend::get<"/bytes/{n:uint}">(send),
                                wend::get<"/endless">([&] { return send(~std::uint64_t{0}); }),
                                wend::put<"/count", wend::max_body<10_GiB>>(
                                    [](wend::body_reader& in) -> asio::awaitable<std::uint64_t> {
                                      std::uint64_t n = 0;
                                      while (auto const read = co_await in.read())
                                        n += read->size();
                                      co_return n;
                                    }),
                                wend::get<"/wait">([&]() -> asio::awaitable<void> {
                                  struct counted {
                                    std::atomic<int>& n;
                                    explicit counted(std::atomic<int>& all) : n(all) { ++n; }
                                    ~counted() { --n; }
                                  } const here(waiting);
                                  asio::steady_timer never(co_await asio::this_coro::executor,
                                                           asio::steady_timer::time_point::max());
                                  co_await never.async_wait(asio::use_awaitable);
                                }),
                                wend::get<"/waiting">([&] { return waiting.load(); }));
  wend::serve(api, {.address = argv[1], .port = 0, .limits = {.drain = std::chrono::seconds(5)}});
}
