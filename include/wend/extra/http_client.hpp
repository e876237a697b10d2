// An HTTP/1.1 client on Asio: for any URL, blocking or as coroutines.
//
// Connections are kept and used again, redirects are followed, every wait has a deadline and all
// that a server can make grow a limit. It does not speak TLS: an https URL is refused.
#pragma once

#include <wend/extra/answer_stream.hpp>
#include <wend/extra/client_options.hpp>
#include <wend/extra/client_request.hpp>
#include <wend/extra/detail/client_core.hpp>
#include <wend/http/response.hpp>
#include <wend/net/asio.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace wend {

/// A client. One request at a time on each connection, any number of connections.
///
///     wend::http_client web;
///     wend::response r = web.get("http://127.0.0.1:8080/notes/42");
///
/// A connection that was idle may be found closed; what is idempotent (RFC 9110 9.2.2) is then sent
/// once more on a new one. Errors: `std::invalid_argument` for a URL that is none or not http, and
/// for fields that cannot be sent; `client_error` when there is no answer. Any status is an answer.
/// Copies share their connections.
/// Thread safety: none; a client belongs to one thread, or to one loop.
class http_client {
 public:
  /// A client with a loop of its own, for the functions that block.
  explicit http_client(client_options options = {})
      : core_(std::make_shared<detail::client_core>(std::move(options))) {}

  /// A client on a loop of yours, for the functions that wait. Lifetime: the loop outlives it.
  explicit http_client(asio::io_context& io, client_options options = {})
      : core_(std::make_shared<detail::client_core>(io, std::move(options))) {}

  /// Asks, and blocks until the answer is complete. Not for a client on a loop of yours: throws
  /// `std::logic_error`.
  response request(client_request what) {
    return detail::block_on(core_.get(), async_request(std::move(what)));
  }
  response get(std::string url) {
    client_request what;
    what.url = std::move(url);
    return request(std::move(what));
  }

  /// Asks, and waits for the complete answer. A coroutine that is cancelled closes its connection.
  asio::awaitable<response> async_request(client_request what);

  /// Asks, and returns as soon as the head of the answer is there; its content is read from what is
  /// returned.
  answer_stream open(client_request what) {
    return detail::block_on(core_.get(), async_open(std::move(what)));
  }
  asio::awaitable<answer_stream> async_open(client_request what);

  /// The connections that are kept at the moment.
  std::size_t idle() const noexcept { return core_->idle.size(); }

 private:
  static asio::awaitable<answer_stream> begin(std::shared_ptr<detail::client_core> core,
                                              client_request what,
                                              detail::client_watch& w) {
    auto at = co_await core->open(std::move(what), w);
    co_return answer_stream(std::move(core), std::move(at));
  }

  std::shared_ptr<detail::client_core> core_;
};

// ------------------------------------------------------------------------------------------------

inline asio::awaitable<answer_stream> http_client::async_open(client_request what) {
  auto work = [core = core_, what = std::move(what)](detail::client_watch& w) mutable {
    return begin(core, std::move(what), w);
  };
  return detail::within_timeout(core_, std::move(work));
}

inline asio::awaitable<response> http_client::async_request(client_request what) {
  auto work = [core = core_, what = std::move(what)](
                  detail::client_watch& w) mutable -> asio::awaitable<response> {
    auto answer = co_await begin(core, std::move(what), w);
    co_return co_await answer.all(w);
  };
  return detail::within_timeout(core_, std::move(work));
}

}  // namespace wend
