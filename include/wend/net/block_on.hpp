// A coroutine as a function that blocks: for a thread without a loop.
#pragma once

#include <wend/net/asio.hpp>

#include <utility>

namespace wend {

/// Runs `work` on this thread until it is done, and returns or throws what it does:
///
///     std::thread counting([&] { wend::block_on(count(questions)); });
///
/// Such a coroutine has the thread for itself and may block it. Not to be called on the thread of a
/// loop, which would stand still meanwhile.
template <class T>
T block_on(asio::awaitable<T> work) {
  asio::io_context io(1);
  auto done = asio::co_spawn(io, std::move(work), asio::use_future);
  io.run();
  return done.get();
}

}  // namespace wend
