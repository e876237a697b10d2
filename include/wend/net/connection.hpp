// One connection: a socket that does what its session says.
#pragma once

#include <wend/app/service.hpp>
#include <wend/net/asio.hpp>
#include <wend/wire/session.hpp>

#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>

namespace wend::detail {

class connection;

/// What the connections of a loop have in common. Lifetime: each connection shares it.
struct loop_context {
  loop_context(service a, wend::limits const& l) : app(a), limits(l) {}
  virtual ~loop_context() = default;

  /// Called by a connection that was closed, just before it goes.
  virtual void closed() = 0;

  service app;
  wend::limits limits;
  coarse_clock clock;
  std::function<void(request const&, std::exception_ptr)> on_error;
  std::list<connection*> connections;  ///< all that are open; a connection removes itself
};

/// A connection. It is owned by the one operation that it waits for, so that it goes with the last
/// of its handlers, or with the `io_context` if that goes first.
///
/// Thread safety: none, it belongs to its loop. Allocates: the address of the peer, and what the
/// session does; nothing for a request.
class connection {
 public:
  connection(tcp_socket socket, std::shared_ptr<loop_context> loop)
      : socket_(std::move(socket)),
        loop_(std::move(loop)),
        session_(loop_->limits, loop_->clock),
        link_(loop_->connections.insert(loop_->connections.end(), this)) {}
  connection(connection const&) = delete;
  connection& operator=(connection const&) = delete;
  ~connection() { loop_->connections.erase(link_); }

  /// Begins to serve.
  static void start(std::unique_ptr<connection> self) {
    self->prepare();
    go(std::move(self));
  }

  /// Serves what the peer has sent already, and no more: it came while the server was to stop.
  static void start_last(std::unique_ptr<connection> self) {
    auto& c = *self;
    c.prepare();
    if (c.session_.next() == session::want::input) {
      auto const room = c.session_.room();
      asio::error_code failed;
      c.session_.received(c.socket_.read_some(asio::buffer(room.data(), room.size()), failed));
    }
    c.session_.drain();
    go(std::move(self));
  }

  /// Compares the clock with the deadline of the session.
  void tick() {
    if (session_.tick()) wake();
  }

  /// No more requests after the one at hand.
  void drain() {
    session_.drain();
    if (session_.idle()) wake();
  }

  /// Closes at once, whatever is under way.
  void abort() {
    closing_ = true;
    wake();
  }

  /// "127.0.0.1:49152", "[::1]:49152".
  static std::string to_text(tcp::endpoint const& peer) {
    bool const six = peer.address().is_v6();
    return (six ? "[" : "") + peer.address().to_string() + (six ? "]:" : ":") +
           std::to_string(peer.port());
  }

 private:
  using owner = std::unique_ptr<connection>;

  void prepare() {
    asio::error_code failed;
    socket_.non_blocking(true, failed);
    socket_.set_option(tcp::no_delay(true), failed);
    auto const peer = socket_.remote_endpoint(failed);
    if (!failed) peer_ = to_text(peer);
    session_.request().peer = peer_;
  }

  /// Lets the session decide again: the operation under way ends, and `go` follows.
  void wake() {
    asio::error_code ignored;
    socket_.cancel(ignored);
  }

  /// Does what the session wants until it has to wait for the peer.
  static void go(owner self) {
    auto& c = *self;
    while (!c.closing_) {
      switch (c.session_.next()) {
        case session::want::input: return read(std::move(self));
        case session::want::route: c.route(); break;
        case session::want::call: c.call(); break;
        case session::want::output:
          if (!c.write()) return wait_to_write(std::move(self));
          break;
        case session::want::finish: c.finish(); break;
        case session::want::close: c.closing_ = true; break;
      }
    }
    c.close();
    auto const loop = c.loop_;
    self.reset();
    loop->closed();
  }

  void route() {
    body_policy body;
    if (loop_->app.find(session_.request(), session_.response(), body) == stage::body)
      return session_.expect(body);
    report();
    session_.respond();
  }

  void call() {
    loop_->app.call(session_.request(), session_.response());
    report();
    session_.respond();
  }

  /// Tells the hook what a handler threw. What the hook itself throws has nobody left to tell.
  void report() noexcept {
    auto const& failure = session_.response().failure;
    if (!failure || !loop_->on_error) return;
    try {
      loop_->on_error(session_.request(), failure);
    } catch (...) {
    }
  }

  static void read(owner self) {
    auto& c = *self;
    auto const room = c.session_.room();
    c.socket_.async_read_some(
        asio::buffer(room.data(), room.size()),
        [self = std::move(self)](asio::error_code failed, std::size_t n) mutable {
          if (n > 0)
            self->session_.received(n);
          else if (failed == asio::error::eof)
            self->session_.received_end();
          else
            self->failed(failed);
          go(std::move(self));
        });
  }

  /// Writes what the socket takes; false when that is not all.
  bool write() {
    auto const bytes = session_.output();
    asio::error_code why;
    auto const n = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), why);
    session_.sent(n);
    if (!why) return true;
    if (why == asio::error::would_block || why == asio::error::try_again) return false;
    failed(why);
    return true;
  }

  static void wait_to_write(owner self) {
    auto& c = *self;
    c.socket_.async_wait(tcp_socket::wait_write,
                         [self = std::move(self)](asio::error_code failed) mutable {
                           if (failed) self->failed(failed);
                           go(std::move(self));
                         });
  }

  /// An operation that was cancelled is one that `wake` ended.
  void failed(asio::error_code why) {
    if (why != asio::error::operation_aborted) closing_ = true;
  }

  void finish() {
    asio::error_code ignored;
    socket_.shutdown(tcp_socket::shutdown_send, ignored);
  }

  void close() {
    asio::error_code ignored;
    if (session_.aborted()) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  tcp_socket socket_;
  std::shared_ptr<loop_context> loop_;
  session session_;
  std::list<connection*>::iterator link_;
  std::string peer_;
  bool closing_ = false;
};

}  // namespace wend::detail
