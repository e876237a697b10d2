// What tests/load asks: bodies without end both ways, and handlers that wait.
//
//     load_service ADDRESS [DEADLINES_MS]
#include <wend/wend.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace wend::literals;

std::atomic<int> waiting = 0;
std::string const piece(64 * 1024, 'x');

wend::limits limits_with(std::chrono::milliseconds all) {
  return {.head_deadline = all,
          .body_deadline = all,
          .handler_deadline = all,
          .write_deadline = all,
          .keep_alive = all,
          .linger = all};
}

auto some_bytes(std::uint64_t bytes) {
  return wend::stream("application/octet-stream",
                      [bytes](wend::writer& out) -> asio::awaitable<void> {
                        for (auto left = bytes; left > 0;) {
                          auto const n = std::min<std::uint64_t>(left, piece.size());
                          co_await out.write(std::string_view(piece).substr(0, n));
                          left -= n;
                        }
                      });
}

asio::awaitable<std::uint64_t> count(wend::body_reader& in) {
  std::uint64_t n = 0;
  while (auto const read = co_await in.read())
    n += read->size();
  co_return n;
}

asio::awaitable<void> wait_for_ever() {
  struct counted {
    counted() { ++waiting; }
    ~counted() { --waiting; }
  } const here;
  asio::steady_timer never(co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

}  // namespace

int main(int argc, char** argv) {
  auto limits =
      argc > 2 ? limits_with(std::chrono::milliseconds(std::atoi(argv[2]))) : wend::limits{};
  limits.drain = std::chrono::seconds(5);

  auto const api =
      wend::routes(wend::get<"/">([] { return "up\n"; }),
                   wend::get<"/bytes/{n:uint}">(some_bytes),
                   wend::get<"/whole/{n:uint}">([](std::size_t n) { return std::string(n, 'x'); }),
                   wend::get<"/endless">([] { return some_bytes(~std::uint64_t{0}); }),
                   wend::put<"/count", wend::max_body<10_GiB>>(count),
                   wend::put<"/size">([](wend::body all) { return all.bytes.size(); }),
                   wend::put<"/hold">([](wend::body_reader&) { return wait_for_ever(); }),
                   wend::get<"/wait">(wait_for_ever),
                   wend::get<"/waiting">([] { return waiting.load(); }));
  wend::serve(api, {.address = argv[1], .port = 0, .limits = limits});
}
