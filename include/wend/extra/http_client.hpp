// An HTTP/1.1 client on Asio: for any URL, blocking or as coroutines.
//
// Connections are kept and used again, redirects are followed, every wait has a deadline and all
// that a server can make grow a limit. It does not speak TLS: an https URL is refused.
#pragma once

#include <wend/extra/client_request.hpp>
#include <wend/http/error.hpp>
#include <wend/http/fields.hpp>
#include <wend/http/method.hpp>
#include <wend/http/response.hpp>
#include <wend/net/asio.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/response_reader.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend {

/// How a client behaves.
struct client_options {
  /// From the beginning of a request to the end of its response, redirects and all.
  std::chrono::milliseconds timeout{30'000};
  /// What of a response is taken: of `limits` the rows `head`, `fields`, `body` and `trailers`.
  wend::limits limits{.body = 64 * 1024 * 1024};
  std::size_t redirects = 5;  ///< followed at most; 0: a redirect is an answer like any other
  std::size_t idle = 8;       ///< connections that are kept though nothing is asked on them
  wend::fields fields{};      ///< sent with every request, unless that has them itself
};

/// What came of a request that got no answer: no connection, no time, or no HTTP.
class client_error : public std::runtime_error {
 public:
  explicit client_error(std::string const& why) : std::runtime_error("wend: " + why) {}
};

/// A client. One request at a time on each connection, any number of connections.
///
///     wend::http_client web;
///     wend::response r = web.get("http://127.0.0.1:8080/notes/42");
///
/// A connection that was idle may be found closed; what is idempotent (RFC 9110 9.2.2) is then sent
/// once more on a new one. Errors: `std::invalid_argument` for a URL that is none or not http, and
/// for fields that cannot be sent; `client_error` when there is no answer. Any status is an answer.
/// Thread safety: none; a client belongs to one thread, or to one loop.
class http_client {
 public:
  /// A client with a loop of its own, for the functions that block.
  explicit http_client(client_options options = {})
      : own_(std::make_unique<asio::io_context>(1)),
        io_(own_.get()),
        options_(std::move(options)) {}

  /// A client on a loop of yours, for the functions that wait. Lifetime: the loop outlives it.
  explicit http_client(asio::io_context& io, client_options options = {})
      : io_(&io), options_(std::move(options)) {}

  /// Asks, and blocks until the answer is complete. Not for a client on a loop of yours: throws
  /// `std::logic_error`.
  response request(client_request what) {
    if (!own_) throw std::logic_error("wend: this client is on a loop, which a wait would block");
    auto done = asio::co_spawn(*own_, async_request(std::move(what)), asio::use_future);
    own_->restart();
    own_->run();
    return done.get();
  }
  response get(std::string url) {
    client_request what;
    what.url = std::move(url);
    return request(std::move(what));
  }

  /// Asks, and waits for the complete answer. A coroutine that is cancelled closes its connection.
  asio::awaitable<response> async_request(client_request what);

  /// The connections that are kept at the moment.
  std::size_t idle() const noexcept { return idle_.size(); }

 private:
  struct link {
    detail::client_place to;
    detail::stream_socket socket;
    std::string unread{};
  };
  /// Closes what is at work when the time is up. The timer's handler may come late, so nothing is
  /// left in here that is gone: see `watched`.
  struct watch {
    bool up = false;
    asio::ip::tcp::resolver* resolver = nullptr;
    link* at = nullptr;
  };
  template <class T>
  class watched {
   public:
    watched(T*& place, T& what) : place_(place) { place_ = &what; }
    watched(watched const&) = delete;
    watched& operator=(watched const&) = delete;
    ~watched() { place_ = nullptr; }

   private:
    T*& place_;
  };

  asio::awaitable<response> follow_redirects(client_request what, watch& w);
  asio::awaitable<response> ask(client_request const& what, watch& w);
  asio::awaitable<std::unique_ptr<link>> connect(detail::client_place const& to, watch& w);
  asio::awaitable<bool> exchange(link& at,
                                 client_request const& what,
                                 std::string const& head,
                                 response_reader& reader);
  std::unique_ptr<link> take_idle(detail::client_place const& to);
  void keep(std::unique_ptr<link> l);

  std::unique_ptr<asio::io_context> own_;
  asio::io_context* io_;
  client_options options_;
  std::vector<std::unique_ptr<link>> idle_;  // the one used last at the end
};

// ------------------------------------------------------------------------------------------------

inline std::unique_ptr<http_client::link> http_client::take_idle(detail::client_place const& to) {
  for (auto i = idle_.size(); i > 0; --i) {
    if (idle_[i - 1]->to != to) continue;
    auto out = std::move(idle_[i - 1]);
    idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i - 1));
    asio::error_code ignored;
    if (out->socket.available(ignored) == 0) return out;  // else nobody asked for what it says: 408
  }
  return nullptr;
}

inline void http_client::keep(std::unique_ptr<link> l) {
  if (options_.idle == 0) return;
  if (idle_.size() >= options_.idle) idle_.erase(idle_.begin());
  idle_.push_back(std::move(l));
}

inline asio::awaitable<response> http_client::async_request(client_request what) {
  auto w = std::make_shared<watch>();
  asio::steady_timer timer(*io_, options_.timeout);
  timer.async_wait([w](asio::error_code why) {
    if (why) return;
    w->up = true;
    if (w->resolver != nullptr) w->resolver->cancel();
    asio::error_code ignored;
    if (w->at != nullptr) w->at->socket.close(ignored);
  });
  try {
    co_return co_await follow_redirects(std::move(what), *w);
  } catch (asio::system_error const& e) {
    if (w->up) throw client_error("no answer within the timeout");
    throw client_error(e.code().message());
  }
}

inline asio::awaitable<response> http_client::follow_redirects(client_request what, watch& w) {
  detail::add_missing(what, options_.fields);  // now: `redirected` takes secrets away
  for (std::size_t followed = 0;; ++followed) {
    response out = co_await ask(what, w);
    std::optional<client_request> next;
    try {
      if (options_.redirects > 0) next = detail::redirected(what, out.status, out.fields);
    } catch (std::invalid_argument const& e) {
      throw client_error(std::string("a redirect cannot be followed: ") + e.what());
    }
    if (!next) co_return out;
    if (followed == options_.redirects) throw client_error("there are too many redirects");
    what = std::move(*next);
  }
}

inline asio::awaitable<response> http_client::ask(client_request const& what, watch& w) {
  auto const url = detail::split_url(what.url);
  auto const head = detail::request_text(what, url.target, url.to.authority);
  response_reader reader(options_.limits);
  auto at = take_idle(url.to);
  bool const reused = at != nullptr;
  bool complete = false;
  if (reused) {
    watched const _(w.at, *at);
    complete = co_await exchange(*at, what, head, reader);
    bool const again = !complete && reader.blank() && detail::is_idempotent(what.method) && !w.up;
    if (!complete && !again) throw client_error("the connection was closed before the answer");
  }
  if (!complete) {
    at = co_await connect(url.to, w);
    watched const _(w.at, *at);
    complete = co_await exchange(*at, what, head, reader);
    if (!complete) throw client_error("the connection was closed before the answer");
  }
  if (reader.keep_alive() && at->unread.empty()) keep(std::move(at));
  co_return std::move(reader.response());
}

inline asio::awaitable<std::unique_ptr<http_client::link>> http_client::connect(
    detail::client_place const& to, watch& w) {
  asio::ip::tcp::resolver resolver(*io_);
  watched const resolving(w.resolver, resolver);
  auto const found = co_await resolver.async_resolve(to.host, to.port, asio::use_awaitable);
  asio::error_code why = asio::error::host_not_found;
  for (auto const& entry : found) {
    auto out = std::make_unique<link>(link{to, detail::stream_socket(*io_), {}});
    watched const connecting(w.at, *out);
    auto const endpoint = detail::any_stream::endpoint(entry.endpoint());
    why = {};
    co_await out->socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, why));
    if (w.up) why = asio::error::timed_out;
    if (!why) {
      asio::error_code ignored;
      out->socket.set_option(asio::ip::tcp::no_delay(true), ignored);
      co_return out;
    }
    if (w.up) break;
  }
  throw asio::system_error(why);
}

/// Sends a request and reads its response; false when the connection ended before there was any of
/// it, on which another one may be tried.
inline asio::awaitable<bool> http_client::exchange(link& at,
                                                   client_request const& what,
                                                   std::string const& head,
                                                   response_reader& reader) {
  reader.begin(what.method);
  std::array<asio::const_buffer, 2> const out{asio::buffer(head), asio::buffer(what.body)};
  asio::error_code why;
  co_await asio::async_write(at.socket, out, asio::redirect_error(asio::use_awaitable, why));
  // a server that refuses a request before it has all of it may have answered nevertheless
  std::array<char, 16 * 1024> buffer;
  for (;;) {
    why = {};
    auto const n = co_await at.socket.async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, why));
    std::string_view in(buffer.data(), n);
    auto const complete = n > 0 ? reader.take(in) : result<bool>(false);
    if (!complete) throw client_error(std::string(complete.error().detail));
    if (*complete) {
      at.unread = in;  // what nobody asked for
      co_return true;
    }
    if (!why) continue;
    if (why != asio::error::eof) {
      if (reader.blank() &&
          (why == asio::error::connection_reset || why == asio::error::broken_pipe))
        co_return false;
      throw asio::system_error(why);
    }
    if (reader.blank()) co_return false;
    auto const ended = reader.take_end();
    if (!ended) throw client_error(std::string(ended.error().detail));
    co_return true;
  }
}

}  // namespace wend
