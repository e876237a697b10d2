// One connection: a socket that does what its session says, and runs the coroutines of handlers.
//
// The class is here. What it does with its socket stands in detail/connection_socket.hpp, what it
// does for its requests in detail/connection_requests.hpp.
#pragma once

#include <wend/app/layer.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/detail/loop_context.hpp>
#include <wend/net/detail/waiter.hpp>
#include <wend/net/transport.hpp>
#include <wend/wire/session.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  void tick() noexcept;

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
  void abort() noexcept {
    closing_ = true;
    wake();
  }

  // --- what coroutines ask for: see `transport`

  // Defined here, if only in terms of others: else GCC takes the first of them for a key function,
  // and compiles all of this in every file that sees it.

  std::optional<std::string_view> pull(waiter& later) override { return next_piece(later); }
  std::size_t push(std::string_view piece, waiter& later) override {
    return take_content(piece, later);
  }
  trailer_fields& trailers() override {
    if (!trailers_) trailers_ = std::make_unique<trailer_fields>();
    return *trailers_;
  }
  void endless() override { never_ends(); }
  void enter_inside(waiter& inner) override { go_inside(inner); }
  void cancel_inside() override { cancel_innermost(); }
  response leave_inside(bool cancelled) override { return come_outside(cancelled); }
  void beat(std::chrono::milliseconds period, std::string text) override {
    beat_period_ = period;
    beat_ = std::move(text);
  }
  std::shared_ptr<void> keep() override { return std::make_shared<connection_owner>(*this); }
  executor loop() override { return socket_.get_executor(); }
  blocking_pool& pool() override { return *loop_->pool; }

 private:
  friend connection_owner;
  class running;

  connection(stream_socket socket, std::shared_ptr<loop_context> loop)
      : socket_(std::move(socket)),
        loop_(std::move(loop)),
        link_(loop_->connections.insert(loop_->connections.end(), this)) {}

  void look_at_clock();
  void prepare();
  void begin();
  void take_last() {
    if (session_->next() == session::want::input) read_now();
    session_->drain();
  }
  void learn_peer(std::string head);
  void learned(std::string head, bool more);
  void go() noexcept;
  /// What is thrown here is thrown for want of memory, and costs the connection; the loop goes on.
  template <class Work>
  void attempt(Work&& work) noexcept {
    try {
      work();
    } catch (...) {
      closing_ = true;
    }
  }
  bool step(session::want what);
  bool step_aside(session::want what);
  void wake() noexcept;
  void close() noexcept;

  bool wait_for_input();
  void read();
  void fall_asleep();
  void wake_up();
  void watch();
  void look_for_peer();
  void peer_left();
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
  void handled(std::exception_ptr failure);
  void produced(std::exception_ptr failure);
  void push_now(std::string_view piece);
  std::optional<std::string_view> next_piece(waiter& later);
  std::size_t take_content(std::string_view piece, waiter& later);
  void never_ends();
  void go_inside(waiter& inner);
  void cancel_innermost();
  response come_outside(bool cancelled);
  void cancel_tasks();
  void abandon();
  void release_inside();
  void report(std::exception_ptr& failure) noexcept;

  stream_socket socket_;
  std::shared_ptr<loop_context> loop_;
  std::unique_ptr<session> session_;  // null while asleep
  std::list<connection*>::iterator link_;
  std::string peer_;
  std::unique_ptr<trailer_fields> trailers_;  // that a producer has said
  std::uint32_t owners_ = 0;

  std::vector<running*> tasks_;  // from the outermost to the innermost
  std::vector<waiter*> inside_;  // middleware whose `next` is waiting, likewise
  waiter* body_ = nullptr;       // a handler that waits for the body
  waiter* room_ = nullptr;       // a producer that waits for the peer
  std::string beat_;             // see `transport::beat`
  std::chrono::milliseconds beat_period_{};
  std::chrono::steady_clock::time_point last_content_;
  std::chrono::steady_clock::time_point asleep_since_;

  int may_pull_ = 0;        // reads of a body before others have their turn
  std::size_t pushed_ = 0;  // content since they had it

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
  bool abandoned_ = false;  // the session went on while a handler was at work
  bool closing_ = false;
  bool closed_ = false;
};

// ------------------------------------------------------------------------------------------------

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

}  // namespace wend::detail
