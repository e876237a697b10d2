// What a client and its answers share: a loop, connections, and the time that they have.
#pragma once

#include <wend/extra/client_options.hpp>
#include <wend/extra/client_request.hpp>
#include <wend/http/error.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/block_on.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/response_reader.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <future>
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

/// What is at work, to be ended when the time is up. The timer's handler may come late, so nothing
/// is left in here that is gone: see `watched`.
struct client_watch {
  bool up = false;
  asio::steady_timer* found = nullptr;  ///< for which a name is waited for
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

/// What a request that is being sent is stopped by.
struct coming_answer {
  stream_socket* socket = nullptr;
  bool there = false;
};

/// What is asked of the system, which may take longer than anybody waits.
struct host_question {
  explicit host_question(asio::io_context& on)
      : resolver(on), answered(on, asio::steady_timer::time_point::max()) {}

  asio::ip::tcp::resolver resolver;
  asio::steady_timer answered;
  asio::error_code why = asio::error::timed_out;
  asio::ip::tcp::resolver::results_type found{};
};

/// A connection, on which one answer comes after the other.
struct client_link {
  client_link(client_place where, std::shared_ptr<asio::io_context> on, limits const& l)
      : to(std::move(where)), io(std::move(on)), socket(*io), reader(l) {}

  /// Sends a request and reads the head of its answer; false when the connection ended before there
  /// was any of it, on which another one may be tried. What is left of the request then is sent while
  /// the content is read.
  asio::awaitable<bool> ask(std::shared_ptr<client_request const> what,
                            std::string text,
                            client_watch& w);

  /// The next content, empty at its end. Lifetime: until the next call.
  asio::awaitable<std::string_view> next(client_watch& w);

  /// Content among what has come.
  std::string_view take();

  /// Whether a part of the request is still to be sent.
  bool unsent() const noexcept { return !broken && sent < head.size() + asked->body.size(); }

  /// Sends it, until there is something to read.
  asio::awaitable<void> send();

  /// Whether the peer has neither closed nor said anything that nobody asked for.
  bool is_quiet();

  /// Sends what is unsent and waits for more; false when the connection ended before there was any of
  /// the answer.
  asio::awaitable<bool> receive(client_watch const& w);

  client_place to;
  std::shared_ptr<asio::io_context> io;  // the client may be gone
  stream_socket socket;
  response_reader reader;
  std::string_view unread{};  // in the buffer
  std::shared_ptr<client_request const> asked{};
  std::string head{};    // of the request
  std::size_t sent = 0;  // of head and content
  bool broken = false;   // no more of it can be sent
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
  asio::awaitable<std::unique_ptr<client_link>> ask(std::shared_ptr<client_request const> what,
                                                    client_watch& w);
  asio::awaitable<std::unique_ptr<client_link>> connect(client_place const& to, client_watch& w);
  asio::awaitable<asio::ip::tcp::resolver::results_type> resolve(client_place const& to,
                                                                 client_watch& w);
  std::unique_ptr<client_link> take_idle(client_place const& to);
};

/// Runs `work`, a coroutine that takes a watch, and closes what it is at when the time is up.
/// Without a core it waits for nothing.
template <class Work>
std::invoke_result_t<Work&, client_watch&> within_timeout(std::shared_ptr<client_core> core,
                                                          Work work) {
  auto w = std::make_shared<client_watch>();
  if (!core) co_return co_await work(*w);
  if (core->blocks &&
      co_await asio::this_coro::executor != asio::any_io_executor(core->io->get_executor()))
    throw std::logic_error(
        "wend: this client has a loop of its own: give it yours to wait on that");
  constexpr std::chrono::milliseconds a_year = std::chrono::hours(24 * 365);
  asio::steady_timer timer(*core->io, std::min(core->options.timeout, a_year));
  timer.async_wait([w](asio::error_code why) {
    if (why) return;
    w->up = true;
    if (w->found != nullptr) w->found->cancel();
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
  while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    core->io->run_one();  // and no more: a resolver may still be at work
  return done.get();
}

// ------------------------------------------------------------------------------------------------

inline asio::awaitable<bool> client_link::ask(std::shared_ptr<client_request const> what,
                                              std::string text,
                                              client_watch& w) {
  watched const _(w.at, *this);
  asked = std::move(what);
  head = std::move(text);
  reader.begin(asked->method);
  unread = {};
  sent = 0;
  while (!reader.has_head()) {
    // a server that refuses a request before it has all of it may have answered nevertheless
    bool const more = co_await receive(w);
    if (!more) co_return false;
    while (!unread.empty() && !reader.has_head())
      take();
  }
  co_return true;
}

inline asio::awaitable<void> client_link::send() {
  auto const rest = [this] {
    auto const in_head = std::min(sent, head.size());
    auto const left = std::string_view(head).substr(in_head);
    auto const behind = std::string_view(asked->body).substr(sent - in_head);
    return std::array<asio::const_buffer, 2>{asio::buffer(left), asio::buffer(behind)};
  };
  asio::error_code why, ignored;
  sent += socket.write_some(rest(), why);  // mostly that is all
  if (!why && !unsent()) co_return;
  // Single waits and no composed write: `cancel` does not reach that between two of its steps.
  auto const answer = std::make_shared<coming_answer>();
  watched const _(answer->socket, socket);
  socket.async_wait(stream_socket::wait_read, [answer](asio::error_code failed) {
    if (failed || answer->socket == nullptr) return;
    answer->there = true;
    answer->socket->cancel(failed);
  });
  while (unsent() && !answer->there && (!why || why == asio::error::would_block)) {
    if (why)
      co_await socket.async_wait(stream_socket::wait_write,
                                 asio::redirect_error(asio::use_awaitable, ignored));
    if (!answer->there) sent += socket.write_some(rest(), why);
  }
  socket.cancel(ignored);
  broken = why && why != asio::error::would_block;
}

inline bool client_link::is_quiet() {
  char byte;
  asio::error_code why;
  socket.receive(asio::buffer(&byte, 1), stream_socket::message_peek, why);
  return why == asio::error::would_block;
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
  if (unsent()) co_await send();
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
    if (out->is_quiet()) return out;
  }
  return nullptr;
}

inline void client_core::keep(std::unique_ptr<client_link> at) {
  // what is left unread of a redirect is taken if it is there; for more a new connection is as good
  try {
    while (!at->unread.empty() && !at->reader.done())
      at->take();
  } catch (client_error const&) {
    return;
  }
  bool const usable = at->reader.done() && at->reader.keep_alive() && at->unread.empty() &&
                      !at->unsent() && !at->broken &&
                      at->socket.is_open();  // not when the time was up just now
  if (!usable || options.idle == 0) return;
  at->asked.reset();
  if (idle.size() >= options.idle) idle.erase(idle.begin());
  idle.push_back(std::move(at));
}

inline asio::awaitable<std::unique_ptr<client_link>> client_core::open(client_request what,
                                                                       client_watch& w) {
  add_missing(what, options.fields);  // now: `redirected` takes secrets away
  auto asked = std::make_shared<client_request const>(std::move(what));
  for (std::size_t followed = 0;; ++followed) {
    auto at = co_await ask(asked, w);
    auto const& answer = at->reader.response();
    std::optional<client_request> next;
    try {
      if (options.redirects > 0) next = redirected(*asked, answer.status, answer.fields);
    } catch (std::invalid_argument const& e) {
      throw client_error(std::string("a redirect cannot be followed: ") + e.what());
    }
    if (!next) co_return at;
    keep(std::move(at));
    if (followed == options.redirects) throw client_error("there are too many redirects");
    asked = std::make_shared<client_request const>(std::move(*next));
  }
}

inline asio::awaitable<std::unique_ptr<client_link>> client_core::ask(
    std::shared_ptr<client_request const> what, client_watch& w) {
  auto const url = split_url(what->url);
  auto const head = request_text(*what, url.target, url.to.authority);
  bool answered = false;
  auto at = take_idle(url.to);
  if (at) {
    answered = co_await at->ask(what, head, w);
    if (!answered && (!is_idempotent(what->method) || w.up))
      throw client_error("the connection was closed before the answer");
  }
  if (!answered) {
    at = co_await connect(url.to, w);
    answered = co_await at->ask(what, head, w);
    if (!answered) throw client_error("the connection was closed before the answer");
  }
  co_return at;
}

/// A resolver cannot be stopped while it asks the system, so it is left to itself when the time is
/// up.
inline asio::awaitable<asio::ip::tcp::resolver::results_type> client_core::resolve(
    client_place const& to, client_watch& w) {
  auto const q = std::make_shared<host_question>(*io);
  q->resolver.async_resolve(to.host, to.port, [q](asio::error_code failed, auto found) {
    q->why = failed;
    q->found = std::move(found);
    q->answered.cancel();
  });
  watched const _(w.found, q->answered);
  asio::error_code cancelled;
  if (!w.up) co_await q->answered.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  if (w.up) throw asio::system_error(asio::error::timed_out);
  if (q->why) throw asio::system_error(q->why);
  co_return q->found;
}

inline asio::awaitable<std::unique_ptr<client_link>> client_core::connect(client_place const& to,
                                                                          client_watch& w) {
  auto const found = co_await resolve(to, w);
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
      out->socket.non_blocking(true, ignored);
      co_return out;
    }
    if (w.up) break;
  }
  throw asio::system_error(why);
}

}  // namespace wend::detail
