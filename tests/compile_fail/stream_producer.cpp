// expect: wend: the producer of a stream is a coroutine that takes a wend::writer&,
#include <wend/net/stream.hpp>

auto const rows = [] {
  return wend::stream("text/csv", [](wend::writer& out) { (void)out; });  // wrong
  // right: return wend::stream("text/csv", [](wend::writer&) -> asio::awaitable<void> { co_return; });
};
