// What a handler that waits is given of its connection: the body as it comes, the content as it
// goes, and a place to run. A connection is one; so is the client of a test.
//
// There is no coroutine here: those that use it stand in detail/coroutine.hpp, so that a program
// whose handlers do not wait compiles none.
#pragma once

#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/detail/blocking_pool.hpp>
#include <wend/net/detail/waiter.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wend {

namespace detail {

/// A coroutine that runs on a connection, as that knows it. It goes with the coroutine.
class task {
 public:
  virtual ~task() = default;

  /// The coroutine has ended, by throwing `why` unless that is null.
  virtual void ended(std::exception_ptr why) = 0;

  asio::cancellation_signal cancel;
};

/// Work that goes on after a handler has returned, as net/ knows it.
class startable_work : public late_work {
 public:
  /// Begins, on the loop of `peer`; `done` is told and destroyed at the end. This outlives it.
  virtual void start(transport& peer, std::unique_ptr<task> done) = 0;
};

}  // namespace detail

/// The way between a handler that waits and its peer. Users see `body_reader`, `writer` and `next`,
/// which are made of it.
///
/// Thread safety: none, it is used on the loop of the connection. What is asked for throws
/// `asio::system_error` with `operation_aborted` when there is no use in going on.
class transport {
 public:
  virtual ~transport() = default;

  /// The next piece of the request's body, empty at its end; nothing when it has to be waited for:
  /// `later` is notified when to ask again. Lifetime: until the next call. Throws a `problem` when
  /// the body is malformed, too large, too slow or cut short.
  virtual std::optional<std::string_view> pull(detail::waiter& later) = 0;

  /// Sends the beginning of a piece of the response's content and returns how much that is; nothing
  /// when the peer is slow: `later` is notified when to ask again.
  virtual std::size_t push(std::string_view piece, detail::waiter& later) = 0;

  /// What follows the content: sent with its end, where it is chunked.
  virtual trailer_fields& trailers() = 0;

  /// Has `text` sent whenever no content was for so long; looked at twice a second.
  virtual void beat(std::chrono::milliseconds period, std::string text) = 0;

  /// Says that the content has no end of its own: a server that drains ends it then, and well.
  virtual void endless() = 0;

  /// Goes on inside of a middleware that waits; `inner` is notified when the response is there.
  virtual void enter_inside(detail::waiter& inner) = 0;

  /// Cancels what runs there.
  virtual void cancel_inside() = 0;

  /// Ends what `enter_inside` began, and returns the response from there unless it was `cancelled`.
  virtual response leave_inside(bool cancelled) = 0;

  /// Keeps it until this goes, both on its loop: for what runs there without being a task.
  virtual std::shared_ptr<void> keep() = 0;

  /// The loop of the connection, and the threads for what blocks.
  virtual detail::executor loop() = 0;
  virtual detail::blocking_pool& pool() = 0;
};

}  // namespace wend
