// One connection: a socket that does what its session says, and runs the coroutines of handlers.
#pragma once

#include <wend/app/layer.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/awaitable.hpp>
#include <wend/net/detail/loop_context.hpp>
#include <wend/net/detail/read_proxy_header.hpp>
#include <wend/net/detail/waiter.hpp>
#include <wend/net/sendfile.hpp>
#include <wend/net/transport.hpp>
#include <wend/wire/session.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>

namespace wend::detail {

class connection;

/// Owns a connection together with all other owners: the operations it waits for, and its
/// coroutines. Counted without atomics, as all of them are on one loop.
class connection_owner {
 public:
  explicit connection_owner(connection& c) noexcept;
  connection_owner(connection_owner&& other) noexcept : c_(std::exchange(other.c_, nullptr)) {}
  connection_owner(connection_owner const& other) noexcept : connection_owner(*other.c_) {}
  connection_owner& operator=(connection_owner) = delete;
  ~connection_owner() {
    if (c_) release();  // nearly all are gone already, moved on by Asio
  }

  connection* operator->() const noexcept { return c_; }

 private:
  void release();

  connection* c_;
};

/// A connection. It goes with the last of its owners, or with the `io_context` if that goes first.
///
/// Thread safety: none, it belongs to its loop. Allocates: the address of the peer, and what the
/// session does; nothing for a request whose handler does not wait, unless there are so many
/// connections that this one was asleep: then perhaps a session.
class connection final : public transport {
 public:
  /// Begins to serve.
  static void start(stream_socket socket, std::shared_ptr<loop_context> loop) {
    connection_owner const self(*new connection(std::move(socket), std::move(loop)));
    self->prepare();
    self->begin();
  }

  /// Serves what the peer has sent already, and no more: it came while the server was to stop.
  static void start_last(stream_socket socket, std::shared_ptr<loop_context> loop) {
    connection_owner const self(*new connection(std::move(socket), std::move(loop)));
    self->prepare();
    if (self->loop_->proxy_protocol)
      self->session_->last();
    else
      self->take_last();
    self->begin();
  }

  connection(connection const&) = delete;
  connection& operator=(connection const&) = delete;
  ~connection() override {
    loop_->connections.erase(link_);
    if (session_) loop_->drop_session(std::move(session_));
  }

  /// Compares the clock with the deadline of the session.
  void tick() {
    if (!session_) {
      if (loop_->clock.now - asleep_since_ >= loop_->limits.keep_alive) abort();
      return;
    }
    if (learning_) {
      if (loop_->clock.now - last_content_ >= loop_->limits.head_deadline) abort();
      return;
    }
    if (session_->tick()) wake();
    if (!tasks_.empty() && !reading_ && !into_buffer_ && left()) abort();
    if (beat_.empty() || !pushing_ || loop_->clock.now - last_content_ < beat_period_) return;
    if (!room_ && session_->may_push()) push(beat_);  // else a piece is only half there
  }

  /// No more requests after the next response; with `idle_too`, none if there is none at hand.
  void drain(bool idle_too) {
    draining_ = true;
    if (!session_) return idle_too ? abort() : void();
    if (endless_) cancel_tasks();
    if (!idle_too) return session_->last();
    session_->drain();
    if (learning_) return abort();
    if (session_->idle()) wake();
  }

  /// Closes at once, whatever is under way, and cancels what waits.
  void abort() {
    closing_ = true;
    wake();
  }

  // --- what coroutines ask for: see `transport`

  asio::awaitable<std::optional<std::string_view>> read_body() override;
  asio::awaitable<void> write_content(std::string_view piece) override;
  void endless() override;
  asio::awaitable<response> run_inside() override;
  void beat(std::chrono::milliseconds period, std::string text) override {
    beat_period_ = period;
    beat_ = std::move(text);
  }
  executor loop() override { return socket_.get_executor(); }
  blocking_pool& pool() override { return *loop_->pool; }

 private:
  friend connection_owner;

  /// A coroutine that runs: of a handler, of a producer, or of a middleware around them.
  struct task {
    asio::cancellation_signal cancel;
  };

  /// Sets a member for as long as this lives, however a coroutine ends.
  template <class T>
  class held {
   public:
    held(T& where, T value) : where_(where) { where_ = value; }
    held(held const&) = delete;
    held& operator=(held const&) = delete;
    ~held() { where_ = T(); }

   private:
    T& where_;
  };

  connection(stream_socket socket, std::shared_ptr<loop_context> loop)
      : socket_(std::move(socket)),
        loop_(std::move(loop)),
        link_(loop_->connections.insert(loop_->connections.end(), this)) {}

  void prepare();
  void begin();
  void take_last() {
    if (session_->next() == session::want::input) read_now();
    session_->drain();
  }
  asio::awaitable<void> learn_peer();
  void go();
  bool step(session::want what);
  bool step_aside(session::want what);
  void wake();
  void close();

  bool wait_for_input();
  void read();
  void fall_asleep();
  void wake_up();
  void watch();
  bool left();
  void read_now();
  bool write();
  bool wait_to_write();
  bool send_file();
  void failed(asio::error_code why);

  void route();
  void proceed(stage s, body_policy body);
  bool has_body();
  void call();
  void leave();
  void refuse();
  void respond();
  void run(std::unique_ptr<late_work> work, void (connection::*then)(std::exception_ptr));
  static asio::awaitable<void> run_task(coroutine_work& work, transport& peer);
  void handled(std::exception_ptr failure);
  void produced(std::exception_ptr failure);
  void push(std::string_view piece);
  void cancel_tasks();
  void release_inside();
  void report(std::exception_ptr const& failure) noexcept;

  stream_socket socket_;
  std::shared_ptr<loop_context> loop_;
  std::unique_ptr<session> session_;  // null while asleep
  std::list<connection*>::iterator link_;
  std::string peer_;
  std::uint32_t owners_ = 0;

  std::list<task> tasks_;        // from the outermost to the innermost
  std::vector<waiter*> inside_;  // middleware whose `next` is waiting, likewise
  waiter* room_ = nullptr;       // a producer that waits for the peer
  std::string beat_;             // see `transport::beat`
  std::chrono::milliseconds beat_period_{};
  std::chrono::steady_clock::time_point last_content_;
  std::chrono::steady_clock::time_point asleep_since_;

  bool learning_ = false;     // who the peer is, from a PROXY header
  bool going_ = false;        // `go` is at work
  bool reading_ = false;      // an operation waits for input
  bool into_buffer_ = false;  // and holds the buffer of the session
  bool writing_ = false;      // an operation waits to write
  bool pulling_ = false;      // a handler reads the body by itself
  bool pushing_ = false;      // a producer is at work
  bool endless_ = false;      // that would not end by itself
  bool draining_ = false;     // the server wants to end
  bool flush_posted_ = false;
  bool abandoned_ = false;  // the session answered while a handler was at work
  bool closing_ = false;
  bool closed_ = false;
};

// ------------------------------------------------------------------------------------------------

inline asio::system_error cancelled() {
  return asio::system_error(asio::error::operation_aborted);
}

inline bool is_cancelled(std::exception_ptr const& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (asio::system_error const& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (...) {
  }
  return false;
}

inline constexpr int most_steps = 256;                // of one connection at a time
inline constexpr std::size_t flush_size = 16 * 1024;  // content that is worth a write

inline connection_owner::connection_owner(connection& c) noexcept : c_(&c) {
  ++c.owners_;
}

inline void connection_owner::release() {
  if (--c_->owners_ > 0) return;
  auto const loop = c_->loop_;
  bool const closed = c_->closed_;  // else the io_context goes
  delete c_;
  if (closed) loop->closed();
}

inline void connection::prepare() {
  session_ = loop_->wake_session(loop_->clock.now);
  asio::error_code failed;
  socket_.non_blocking(true, failed);
  socket_.set_option(asio::ip::tcp::no_delay(true), failed);
  auto const peer = socket_.remote_endpoint(failed);
  if (!failed) peer_ = endpoint_text(peer);
  session_->request().connection = this;
}

inline void connection::begin() {
  if (!loop_->proxy_protocol) return go();
  learning_ = true;
  last_content_ = loop_->clock.now;
  asio::co_spawn(loop(), learn_peer(), [self = connection_owner(*this)](std::exception_ptr failed) {
    self->learning_ = false;
    if (failed) self->closing_ = true;
    self->go();
  });
}

inline asio::awaitable<void> connection::learn_peer() {
  std::string rest;
  auto const header = co_await read_proxy_header(socket_, rest);
  if (!header.source.empty()) peer_ = header.source;
  if (rest.empty() || session_->next() != session::want::input) co_return;
  auto const room = session_->room();  // what came with a header is less than the smallest room
  std::copy(rest.begin(), rest.end(), room.begin());
  session_->received(rest.size());
}

/// Does what the session wants until it has to wait. Called whenever something happened.
inline void connection::go() {
  if (going_) return;                                 // the loop below will see
  if ((learning_ || !session_) && !closing_) return;  // who posted this before it fell asleep
  going_ = true;
  for (int steps = 0; !closing_ && step(session_->next());) {
    if (++steps < most_steps) continue;
    asio::post(loop(), [self = connection_owner(*this)] { self->go(); });
    break;  // others want their turn
  }
  going_ = false;
  if (closing_) close();
}

/// Does what the session wants; false when it has to be waited for.
[[gnu::always_inline]] inline bool connection::step(session::want what) {
  switch (what) {  // the four that a plain request comes to are looked at first
    case session::want::input: return wait_for_input();
    case session::want::route: route(); return true;
    case session::want::call: call(); return true;
    case session::want::output: return write() || wait_to_write();
    default: return step_aside(what);
  }
}

inline bool connection::step_aside(session::want what) {
  switch (what) {
    case session::want::refuse: refuse(); break;
    case session::want::file: return send_file();
    case session::want::finish: {
      asio::error_code ignored;
      socket_.shutdown(stream_socket::shutdown_send, ignored);
      break;
    }
    default: closing_ = true;
  }
  return true;
}

/// Lets the session decide again, although something is being waited for.
inline void connection::wake() {
  asio::error_code ignored;
  socket_.cancel(ignored);
  if (!into_buffer_) go();  // else when that operation has ended, as it holds the buffer
}

inline void connection::close() {
  if (closed_) return;
  closed_ = true;
  cancel_tasks();
  asio::error_code ignored;
  if (session_ && session_->aborted())
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  if (room_) room_->notify();
}

// --- bytes

inline bool connection::wait_for_input() {
  if (reading_ || pulling_) return false;
  if (loop_->crowded() && !draining_ && tasks_.empty() && session_->is_blank())
    fall_asleep();
  else if (tasks_.empty())
    read();
  else if (!session_->room().empty())
    watch();
  return false;
}

inline void connection::read() {
  auto const room = session_->room();
  reading_ = into_buffer_ = true;
  socket_.async_read_some(asio::buffer(room.data(), room.size()),
                          [self = connection_owner(*this)](asio::error_code why, std::size_t n) {
                            self->reading_ = self->into_buffer_ = false;
                            if (n > 0)
                              self->session_->received(n);
                            else if (why == asio::error::eof)
                              self->session_->received_end();
                            else
                              self->failed(why);
                            self->go();
                          });
}

/// Gives the session back until something is there to be read: where there are many connections,
/// most are idle, and what they need then is small.
inline void connection::fall_asleep() {
  asleep_since_ = session_->waiting_since();
  loop_->drop_session(std::move(session_));
  reading_ = true;
  socket_.async_wait(stream_socket::wait_read,
                     [self = connection_owner(*this)](asio::error_code why) {
                       self->reading_ = false;
                       if (why) self->failed(why);
                       if (!self->closing_) self->wake_up();
                       self->go();
                     });
}

inline void connection::wake_up() {
  try {
    session_ = loop_->wake_session(asleep_since_);
  } catch (std::bad_alloc const&) {  // for this one; the loop goes on
    closing_ = true;
    return;
  }
  session_->request().connection = this;
  if (draining_) session_->last();
  read_now();
}

/// Looks out for the peer while a coroutine runs: nothing may hold the buffer then.
inline void connection::watch() {
  reading_ = true;
  socket_.async_wait(stream_socket::wait_read,
                     [self = connection_owner(*this)](asio::error_code why) {
                       self->reading_ = false;
                       if (why)
                         self->failed(why);
                       else
                         self->read_now();
                       self->go();
                     });
}

/// Whether the peer has left behind more than there was room for.
inline bool connection::left() {
#if defined(POLLRDHUP)
  ::pollfd at{socket_.native_handle(), POLLRDHUP, 0};
  bool const may_end = loop_->half_close || pulling_;  // a body that came whole may be unread still
  short const gone = may_end ? POLLHUP | POLLERR : POLLHUP | POLLERR | POLLRDHUP;
#else
  ::pollfd at{socket_.native_handle(), 0, 0};
  short const gone = POLLHUP | POLLERR;
#endif
  return ::poll(&at, 1, 0) == 1 && (at.revents & gone) != 0;
}

/// Reads what is there. A peer that sends no more while a coroutine works for it has left.
inline void connection::read_now() {
  auto const room = session_->room();
  if (room.empty() || pulling_) return;
  asio::error_code why;
  auto const n = socket_.read_some(asio::buffer(room.data(), room.size()), why);
  if (n > 0) {
    session_->received(n);
  } else if (why == asio::error::eof) {
    session_->received_end();
    if (!tasks_.empty() && !loop_->half_close) closing_ = true;
  } else if (why != asio::error::would_block && why != asio::error::try_again) {
    failed(why);
  }
}

/// Writes what the socket takes; false when that is not all.
inline bool connection::write() {
  auto const bytes = session_->output();
  asio::error_code why;
  auto const n = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), why);
  session_->sent(n);
  if (room_ && session_->may_push()) room_->notify();
  if (!why) return true;
  if (why == asio::error::would_block || why == asio::error::try_again) return false;
  failed(why);
  return true;
}

inline bool connection::wait_to_write() {
  if (writing_) return false;
  writing_ = true;
  socket_.async_wait(stream_socket::wait_write,
                     [self = connection_owner(*this)](asio::error_code why) {
                       self->writing_ = false;
                       if (why) self->failed(why);
                       self->go();
                     });
  return false;
}

/// Sends what the socket takes of a file; false when that is not all.
inline bool connection::send_file() {
  asio::error_code why;
  auto const n = detail::send_file(socket_.native_handle(), session_->file(), why);
  if (!why)
    session_->file_sent(n);
  else if (why == asio::error::would_block || why == asio::error::try_again)
    return wait_to_write();
  else
    failed(why);
  return true;
}

/// An operation that was cancelled is one that `wake` ended.
inline void connection::failed(asio::error_code why) {
  if (why != asio::error::operation_aborted) closing_ = true;
}

// --- requests

inline void connection::route() {
  session_->request().peer = peer_;  // middleware may know better, for this request
  body_policy body;
  auto const s = loop_->app.find(session_->request(), session_->response(), body);
  if (s != stage::body || body.mode == body_mode::pieces) return proceed(s, body);
  session_->expect(body);
}

inline void connection::proceed(stage s, body_policy body) {
  switch (s) {
    case stage::body:
      pulling_ = body.mode == body_mode::pieces && has_body();
      return session_->expect(body);
    case stage::answered:
      if (inside_.empty()) return respond();
      return inside_.back()->notify();
    case stage::waiting: return run(std::move(session_->response().later), &connection::handled);
  }
}

inline bool connection::has_body() {
  auto const& fields = session_->request().fields;
  return fields.get("Transfer-Encoding") || fields.get("Content-Length").value_or("0") != "0";
}

inline void connection::call() {
  auto& out = session_->response();
  if (loop_->app.call(session_->request(), out)) return respond();
  if (out.later) return run(std::move(out.later), &connection::handled);
  inside_.back()->notify();
}

/// A coroutine has made the response: it goes outwards.
inline void connection::handled(std::exception_ptr failure) {
  auto& out = session_->response();
  if (failure) guard(out, [&] { std::rethrow_exception(failure); });
  if (detail::leave(session_->request(), out)) return respond();
  inside_.back()->notify();
}

/// The session answers by itself: what stands around the route may dress it. Coroutines are
/// cancelled, middleware that waits as well.
inline void connection::refuse() {
  abandoned_ = true;
  pulling_ = false;
  cancel_tasks();
  auto& out = session_->refusal();
  while (!detail::leave(session_->request(), out)) {
  }
  report(out.failure);
  session_->respond();
}

inline void connection::respond() {
  pulling_ = false;
  auto& out = session_->response();
  report(out.failure);
  auto producer = std::move(out.producer);
  if (!producer) return session_->respond();
  session_->respond(session::content::pushed);
  if (!session_->wants_content()) return;
  pushing_ = true;
  last_content_ = loop_->clock.now;
  run(std::move(producer), &connection::produced);
}

inline void connection::run(std::unique_ptr<late_work> work,
                            void (connection::*then)(std::exception_ptr)) {
  auto const at = tasks_.emplace(tasks_.end());
  auto& coroutine = static_cast<coroutine_work&>(*work);
  asio::co_spawn(
      socket_.get_executor(),
      run_task(coroutine, *this),
      asio::bind_cancellation_slot(
          at->cancel.slot(),
          [self = connection_owner(*this), work = std::move(work), at, then](
              std::exception_ptr failure) mutable {
            self->tasks_.erase(at);
            work.reset();  // its arguments may refer to the request, which `then` may end
            if (self->closing_ || self->abandoned_)
              self->release_inside();
            else
              ((*self.operator->()).*then)(std::move(failure));
            self->go();
          }));
}

/// What the work throws before it is a coroutine is thrown by this one.
inline asio::awaitable<void> connection::run_task(coroutine_work& work, transport& peer) {
  co_await work.run(peer);
}

inline void connection::cancel_tasks() {
  for (auto& t : tasks_)
    t.cancel.emit(asio::cancellation_type::terminal);
  release_inside();
}

/// Lets a middleware go on whose `next` waits for nothing that will still come.
inline void connection::release_inside() {
  if (!inside_.empty() && tasks_.size() == inside_.size()) inside_.back()->notify();
}

/// Tells the hook what a handler threw. What the hook itself throws has nobody left to tell.
inline void connection::report(std::exception_ptr const& failure) noexcept {
  if (!failure || !loop_->on_error) return;
  try {
    loop_->on_error(session_->request(), failure);
  } catch (...) {
  }
}

// --- coroutines

inline asio::awaitable<std::optional<std::string_view>> connection::read_body() {
  while (true) {
    if (closing_) go();
    if (closing_ || abandoned_) throw cancelled();
    auto const got = session_->pull();
    using kind = session::pulled::kind;
    switch (got.what) {
      case kind::piece: co_return got.data;
      case kind::end:
        pulling_ = false;
        go();  // to look out for the peer
        co_return std::nullopt;
      case kind::failed:
        throw problem(session_->failure().status, std::string(session_->failure().detail));
      case kind::output: {
        asio::error_code why;
        if (!write())
          co_await socket_.async_wait(stream_socket::wait_write,
                                      asio::redirect_error(asio::use_awaitable, why));
        break;
      }
      case kind::input: {
        auto const room = session_->room();
        asio::error_code why;
        std::size_t n = 0;
        {
          held<bool> const reading(into_buffer_, true);
          n = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()),
                                               asio::redirect_error(asio::use_awaitable, why));
        }
        if (n > 0) {
          session_->received(n);
        } else if (why == asio::error::eof) {
          session_->received_end();
        } else {
          failed(why);
          go();  // a deadline may have passed
          auto const state = co_await asio::this_coro::cancellation_state;
          if (state.cancelled() != asio::cancellation_type::none) throw cancelled();
        }
      }
    }
  }
}

inline asio::awaitable<void> connection::write_content(std::string_view piece) {
  while (!piece.empty()) {
    while (!closing_ && !session_->may_push()) {
      waiter more(loop());
      held<waiter*> const waiting(room_, &more);
      auto const why = co_await more.wait();
      if (why) throw asio::system_error(why);
    }
    if (closing_) throw cancelled();
    auto const part = piece.substr(0, flush_size);
    piece.remove_prefix(part.size());
    push(part);
  }
}

/// What is much is written at once; what is little, when the producer waits for something.
inline void connection::push(std::string_view piece) {
  session_->push(piece);
  last_content_ = loop_->clock.now;
  if (session_->output().size() >= flush_size) return go();
  if (flush_posted_) return;
  flush_posted_ = true;
  asio::post(loop(), [self = connection_owner(*this)] {
    self->flush_posted_ = false;
    self->go();
  });
}

inline void connection::endless() {
  endless_ = true;
  if (draining_) throw cancelled();
}

/// A producer is done.
inline void connection::produced(std::exception_ptr failure) {
  pushing_ = false;
  beat_.clear();
  bool const ended = std::exchange(endless_, false) && draining_ && is_cancelled(failure);
  if (!ended) report(failure);
  if (failure && !ended)
    session_->push_abort();
  else
    session_->push_end();
}

/// What is inside of a middleware ends before its `next` does, whatever happens.
inline asio::awaitable<response> connection::run_inside() {
  if (closing_ || abandoned_) throw cancelled();
  waiter inner(loop());
  inside_.push_back(&inner);
  body_policy body;
  proceed(enter(session_->request(), session_->response(), body), body);
  asio::post(loop(), [self = connection_owner(*this)] { self->go(); });
  co_await asio::this_coro::throw_if_cancelled(false);
  bool left = false;
  while (!inner.done()) {
    if (!co_await inner.wait()) break;
    left = true;
    if (tasks_.size() > inside_.size())
      tasks_.back().cancel.emit(asio::cancellation_type::terminal);
  }
  inside_.pop_back();
  co_await asio::this_coro::throw_if_cancelled(true);
  if (left || closing_ || abandoned_) throw cancelled();
  response out = std::move(session_->response());
  session_->response().reset();
  co_return out;
}

}  // namespace wend::detail
