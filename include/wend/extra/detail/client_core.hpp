// What a client and its answers share: a loop, connections, and the time that they have.
#pragma once

#include <wend/extra/client_options.hpp>
#include <wend/extra/client_request.hpp>
#include <wend/http/error.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/block_on.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/response_reader.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace wend::detail {

struct client_link;

/// Closes what is at work when the time is up. The timer's handler may come late, so nothing is
/// left in here that is gone: see `watched`.
struct client_watch {
  bool up = false;
  asio::ip::tcp::resolver* resolver = nullptr;
  client_link* at = nullptr;
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

/// A connection, on which one answer comes after the other.
struct client_link {
  client_link(client_place where, std::shared_ptr<asio::io_context> on, limits const& l)
      : to(std::move(where)), io(std::move(on)), socket(*io), reader(l) {}

  /// Sends a request and reads the head of its answer; false when the connection ended before there
  /// was any of it, on which another one may be tried.
  asio::awaitable<bool> ask(client_request const& what, std::string const& head, client_watch& w);

  /// The next content, empty at its end. Lifetime: until the next call.
  asio::awaitable<std::string_view> next(client_watch& w);

  /// Content among what has come.
  std::string_view take();

  /// Waits for more; false when the connection ended before there was any of the answer.
  asio::awaitable<bool> receive(client_watch const& w);

  client_place to;
  std::shared_ptr<asio::io_context> io;  // the client may be gone
  stream_socket socket;
  response_reader reader;
  std::string_view unread{};  // in the buffer
  std::array<char, 16 * 1024> buffer;
};

class client_core {
 public:
  explicit client_core(client_options with)
      : io(std::make_shared<asio::io_context>(1)), blocks(true), options(std::move(with)) {}
  client_core(asio::io_context& loop, client_options with)
      : io(std::shared_ptr<void>(), &loop), options(std::move(with)) {}

  /// Sends a request, follows redirects, and reads the head of the answer.
  asio::awaitable<std::unique_ptr<client_link>> open(client_request what, client_watch& w);

  /// Takes a connection back, if another request may be sent on it.
  void keep(std::unique_ptr<client_link> at);

  std::shared_ptr<asio::io_context> io;
  bool blocks = false;  // the loop is its own
  client_options options;
  std::vector<std::unique_ptr<client_link>> idle;  // the one used last at the end

 private:
  asio::awaitable<std::unique_ptr<client_link>> ask(client_request const& what, client_watch& w);
  asio::awaitable<std::unique_ptr<client_link>> connect(client_place const& to, client_watch& w);
  std::unique_ptr<client_link> take_idle(client_place const& to);
};

/// Runs `work`, a coroutine that takes a watch, and closes what it is at when the time is up.
/// Without a core it waits for nothing.
template <class Work>
std::invoke_result_t<Work&, client_watch&> within_timeout(std::shared_ptr<client_core> core,
                                                          Work work) {
  auto w = std::make_shared<client_watch>();
  if (!core) co_return co_await work(*w);
  asio::steady_timer timer(*core->io, core->options.timeout);
  timer.async_wait([w](asio::error_code why) {
    if (why) return;
    w->up = true;
    if (w->resolver != nullptr) w->resolver->cancel();
    asio::error_code ignored;
    if (w->at != nullptr) w->at->socket.close(ignored);
  });
  try {
    co_return co_await work(*w);
  } catch (asio::system_error const& e) {
    if (w->up) throw client_error("no answer within the timeout");
    throw client_error(e.code().message());
  }
}

/// Runs it on the client's own loop, until it is done.
template <class T>
T block_on(client_core const* core, asio::awaitable<T> work) {
  if (core == nullptr) return wend::block_on(std::move(work));
  if (!core->blocks)
    throw std::logic_error("wend: this client is on a loop, which a wait would block");
  auto done = asio::co_spawn(*core->io, std::move(work), asio::use_future);
  core->io->restart();
  core->io->run();
  return done.get();
}

// ------------------------------------------------------------------------------------------------

inline asio::awaitable<bool> client_link::ask(client_request const& what,
                                              std::string const& head,
                                              client_watch& w) {
  watched const _(w.at, *this);
  reader.begin(what.method);
  unread = {};
  std::array<asio::const_buffer, 2> const out{asio::buffer(head), asio::buffer(what.body)};
  asio::error_code why;
  co_await asio::async_write(socket, out, asio::redirect_error(asio::use_awaitable, why));
  // a server that refuses a request before it has all of it may have answered nevertheless
  while (!reader.has_head()) {
    bool const more = co_await receive(w);
    if (!more) co_return false;
    while (!unread.empty() && !reader.has_head())
      take();
  }
  co_return true;
}

inline asio::awaitable<std::string_view> client_link::next(client_watch& w) {
  watched const _(w.at, *this);
  for (;;) {
    if (unread.empty() && !reader.done()) co_await receive(w);
    auto const content = take();
    if (!content.empty() || reader.done()) co_return content;
  }
}

inline std::string_view client_link::take() {
  auto const content = reader.next(unread);
  if (!content) throw client_error(std::string(content.error().detail));
  return *content;
}

inline asio::awaitable<bool> client_link::receive(client_watch const& w) {
  if (w.up) throw asio::system_error(asio::error::timed_out);
  asio::error_code why;
  auto const n = co_await socket.async_read_some(asio::buffer(buffer),
                                                 asio::redirect_error(asio::use_awaitable, why));
  unread = {buffer.data(), n};
  if (!why) co_return true;
  bool const ended = why == asio::error::eof;
  if (reader.blank() &&
      (ended || why == asio::error::connection_reset || why == asio::error::broken_pipe))
    co_return false;
  if (!ended) throw asio::system_error(why);
  if (auto const wrong = reader.take_end()) throw client_error(std::string(wrong->detail));
  co_return true;
}

inline std::unique_ptr<client_link> client_core::take_idle(client_place const& to) {
  for (auto i = idle.size(); i > 0; --i) {
    if (idle[i - 1]->to != to) continue;
    auto out = std::move(idle[i - 1]);
    idle.erase(idle.begin() + static_cast<std::ptrdiff_t>(i - 1));
    asio::error_code ignored;
    if (out->socket.available(ignored) == 0) return out;  // else nobody asked for what it says: 408
  }
  return nullptr;
}

inline void client_core::keep(std::unique_ptr<client_link> at) {
  // what is left unread of a redirect is taken if it is there; for more a new connection is as good
  while (!at->unread.empty() && !at->reader.done())
    at->take();
  bool const usable = at->reader.done() && at->reader.keep_alive() && at->unread.empty() &&
                      at->socket.is_open();  // not when the time was up just now
  if (!usable || options.idle == 0) return;
  if (idle.size() >= options.idle) idle.erase(idle.begin());
  idle.push_back(std::move(at));
}

inline asio::awaitable<std::unique_ptr<client_link>> client_core::open(client_request what,
                                                                       client_watch& w) {
  add_missing(what, options.fields);  // now: `redirected` takes secrets away
  for (std::size_t followed = 0;; ++followed) {
    auto at = co_await ask(what, w);
    auto const& answer = at->reader.response();
    std::optional<client_request> next;
    try {
      if (options.redirects > 0) next = redirected(what, answer.status, answer.fields);
    } catch (std::invalid_argument const& e) {
      throw client_error(std::string("a redirect cannot be followed: ") + e.what());
    }
    if (!next) co_return at;
    keep(std::move(at));
    if (followed == options.redirects) throw client_error("there are too many redirects");
    what = std::move(*next);
  }
}

inline asio::awaitable<std::unique_ptr<client_link>> client_core::ask(client_request const& what,
                                                                      client_watch& w) {
  auto const url = split_url(what.url);
  auto const head = request_text(what, url.target, url.to.authority);
  bool answered = false;
  auto at = take_idle(url.to);
  if (at) {
    answered = co_await at->ask(what, head, w);
    if (!answered && (!is_idempotent(what.method) || w.up))
      throw client_error("the connection was closed before the answer");
  }
  if (!answered) {
    at = co_await connect(url.to, w);
    answered = co_await at->ask(what, head, w);
    if (!answered) throw client_error("the connection was closed before the answer");
  }
  co_return at;
}

inline asio::awaitable<std::unique_ptr<client_link>> client_core::connect(client_place const& to,
                                                                          client_watch& w) {
  asio::ip::tcp::resolver resolver(*io);
  watched const resolving(w.resolver, resolver);
  auto const found = co_await resolver.async_resolve(to.host, to.port, asio::use_awaitable);
  asio::error_code why = asio::error::host_not_found;
  for (auto const& entry : found) {
    auto out = std::make_unique<client_link>(to, io, options.limits);
    watched const connecting(w.at, *out);
    auto const endpoint = any_stream::endpoint(entry.endpoint());
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

}  // namespace wend::detail
