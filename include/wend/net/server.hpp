// Servers: on a loop of the user's, on a thread of their own, or as the whole program.
//
// One loop is one thread is one `asio::io_context` without locks. A connection lives and dies on
// the loop that accepted it. The application is shared by all loops and read only.
#pragma once

#include <wend/app/service.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/connection.hpp>
#include <wend/wire/limits.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <concepts>
#include <csignal>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <list>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <sys/socket.h>

namespace wend {

/// Says on standard error what a handler threw: method, target and the exception's text.
void report_error(request const& in, std::exception_ptr failure);

/// Where and how to serve.
struct server_options {
  std::string address = "127.0.0.1";  ///< a name or number; "0.0.0.0" and "::" are all interfaces
  std::uint16_t port = 8080;          ///< 0: any free one, see `server::port`
  unsigned threads = 1;               ///< `serve` only; 0: one for each processor
  wend::limits limits{};
  /// Told of every exception that a handler did not catch, on the thread of the handler; the client
  /// gets a 500 that says nothing. A `problem` is not told.
  std::function<void(request const&, std::exception_ptr)> on_error = report_error;
};

namespace detail {
class server_loop;
}

/// A server on a loop of the user's: it listens from construction on, and serves while `io` runs.
///
/// Throws `std::system_error` that names address and port when it cannot listen. The application
/// and `io` outlive it. Destroying it closes all connections at once. Thread safety: `stop` may be
/// called from any thread, the rest from the thread of the loop.
class server {
 public:
  server(asio::io_context& io, service app, server_options const& options);
  template <application App>
    requires(!std::same_as<App, service>)
  server(asio::io_context&, App const&&, server_options const&) = delete;  // it would be gone
  ~server();
  server(server const&) = delete;
  server& operator=(server const&) = delete;

  /// The port that it listens on.
  std::uint16_t port() const noexcept { return port_; }

  /// Stops listening, lets requests in flight finish, then closes; what is left after
  /// `limits::drain` is cut. The loop runs out of work of ours when it is done.
  void stop();

 private:
  std::shared_ptr<detail::server_loop> loop_;
  std::uint16_t port_;
};

/// A server on a thread of its own, for a `main` that knows no Asio. It serves from construction to
/// destruction, which waits for requests in flight as `server::stop` does.
class background_server {
 public:
  background_server(service app, server_options const& options)
      : server_(io_, app, options), thread_([this] { io_.run(); }) {}
  template <application App>
    requires(!std::same_as<App, service>)
  background_server(App const&&, server_options const&) = delete;  // it would be gone
  ~background_server() { stop(); }

  std::uint16_t port() const noexcept { return server_.port(); }

  /// Stops as `server::stop` does and waits until it is done. Further calls do nothing.
  void stop() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  asio::io_context io_{ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  server server_;
  std::thread thread_;
};

/// Serves until SIGINT or SIGTERM, finishes what is in flight, and returns; a second signal cuts it
/// short. Says on standard output where it listens. Throws as `server` does.
///
///     wend::serve(api, {.port = 8080});
void serve(service app, server_options const& options = {});

// ------------------------------------------------------------------------------------------------

inline void report_error(request const& in, std::exception_ptr failure) {
  std::string what = "something that is no std::exception";
  try {
    std::rethrow_exception(std::move(failure));
  } catch (std::exception const& e) {
    what = e.what();
  } catch (...) {
  }
  std::cerr << "wend: " << in.method.name() << ' ' << in.target.raw << ": " << what << std::endl;
}

namespace detail {

/// Acceptor, connections and tick of one thread. Shared by the server and by the handlers that Asio
/// holds, so that a server may be destroyed before its loop has run them.
class server_loop : public loop_context, public std::enable_shared_from_this<server_loop> {
 public:
  server_loop(asio::io_context& io, service a, server_options const& options)
      : loop_context(a, options.limits),
        io_(io),
        acceptor_(io.get_executor()),
        timer_(io.get_executor()) {
    on_error = options.on_error;
    update_clock();
  }

  /// Opens the acceptor and returns its port; `shared` lets other loops listen on it as well.
  std::uint16_t listen(std::string const& address, std::uint16_t port, bool shared) {
    asio::error_code failed;
    tcp::resolver resolver(io_);
    auto const found =
        resolver.resolve(address, std::to_string(port), tcp::resolver::passive, failed);
    if (!failed) {
      auto const endpoint = found.begin()->endpoint();
      acceptor_.open(endpoint.protocol(), failed);
      if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
      if (!failed && shared) share_port(failed);
      if (!failed) acceptor_.bind(endpoint, failed);
      if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    }
    if (failed)
      throw std::system_error(failed,
                              "wend: cannot listen on " + address + ":" + std::to_string(port));
    return acceptor_.local_endpoint().port();
  }

  void start() {
    accept();
    wait_for_tick();
  }

  /// On the thread of the loop: see `server::stop`. `on_end` is called when all connections are
  /// closed.
  void drain(std::function<void()> on_end = {}) {
    if (stopping_) return;
    stopping_ = true;
    on_end_ = std::move(on_end);
    drained_by_ = clock.now + limits.drain;
    for_each([](connection& c) { c.drain(); });
    auto waiting = accept_waiting();
    close_acceptor();
    for (auto& c : waiting)
      open(std::move(c));
    closed();
  }

  /// On the thread of the loop, or when it does not run: closes everything now.
  void abort() {
    stopping_ = aborted_ = true;
    close_acceptor();
    timer_.cancel();
    for_each([](connection& c) { c.abort(); });
  }

  void closed() override {
    accept();
    if (!is_over()) return;
    timer_.cancel();
    if (auto const end = std::exchange(on_end_, {})) end();
  }

  asio::io_context& io() noexcept { return io_; }

 private:
  /// How often deadlines are looked at, and the Date line is made anew.
  static constexpr auto tick_period = std::chrono::milliseconds(500);

  void update_clock() {
    clock.update(std::chrono::steady_clock::now(),
                 std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  }

  void share_port(asio::error_code& failed) {
    int const on = 1;
    if (::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
      failed.assign(errno, asio::error::get_system_category());
  }

  /// The last connection is closed, and no more can come.
  bool is_over() const { return stopping_ && !accepting_ && connections.empty(); }

  /// The connections that were made before the stop and not accepted yet: their peers may have sent
  /// a request already, and a closed acceptor would reset them.
  std::vector<std::unique_ptr<connection>> accept_waiting() {
    std::vector<std::unique_ptr<connection>> out;
    asio::error_code failed;
    acceptor_.non_blocking(true, failed);
    while (!failed && connections.size() < limits.connections) {
      tcp_socket socket(io_.get_executor());
      acceptor_.accept(socket, failed);
      if (!failed)
        out.push_back(std::make_unique<connection>(std::move(socket), shared_from_this()));
    }
    return out;
  }

  void close_acceptor() {
    asio::error_code ignored;
    acceptor_.close(ignored);
  }

  template <class Visitor>
  void for_each(Visitor&& visit) {
    for (auto const c : connections)
      visit(*c);  // they end later, in handlers of their own
  }

  /// Accepts one connection after the other; pauses at the limit, and for a tick on an error: out
  /// of descriptors, most likely.
  void accept() {
    if (stopping_ || accepting_ || connections.size() >= limits.connections) return;
    accepting_ = true;
    acceptor_.async_accept([self = shared_from_this()](asio::error_code failed, tcp_socket socket) {
      self->accepting_ = false;
      if (!failed && !self->aborted_)
        self->open(std::make_unique<connection>(std::move(socket), self));
      else if (!self->stopping_)
        return;
      self->closed();
    });
  }

  void open(std::unique_ptr<connection> c) {
    if (stopping_)
      connection::start_last(std::move(c));
    else
      connection::start(std::move(c));
  }

  /// One timer for all deadlines of all connections.
  void wait_for_tick() {
    timer_.expires_after(tick_period);
    timer_.async_wait([self = shared_from_this()](asio::error_code cancelled) {
      // a cancel comes too late when the tick is queued already
      if (cancelled || self->is_over()) return;
      self->update_clock();
      bool const late = self->stopping_ && self->clock.now >= self->drained_by_;
      self->for_each([late](connection& c) { late ? c.abort() : c.tick(); });
      self->accept();
      self->wait_for_tick();
    });
  }

  asio::io_context& io_;
  tcp_acceptor acceptor_;
  loop_timer timer_;
  std::function<void()> on_end_;
  std::chrono::steady_clock::time_point drained_by_{};
  bool accepting_ = false;
  bool stopping_ = false;
  bool aborted_ = false;
};

/// The loops of `serve`, one for each thread, and the signals that end them.
class server_group {
 public:
  server_group(service app, server_options const& options) {
    unsigned const wanted =
        options.threads > 0 ? options.threads : std::thread::hardware_concurrency();
    auto const count = wanted > 0 ? wanted : 1;
    auto each = options;
    each.limits.connections = (options.limits.connections + count - 1) / count;
    if (count > 1) probe(options, app);
    for (unsigned i = 0; i < count; ++i) {
      contexts_.push_back(std::make_unique<asio::io_context>(ASIO_CONCURRENCY_HINT_UNSAFE_IO));
      loops_.push_back(std::make_shared<server_loop>(*contexts_[i], app, each));
      port_ = loops_[i]->listen(options.address, i == 0 ? options.port : port_, count > 1);
    }
    open_ = count;
    signals_ = std::make_unique<asio::signal_set>(*contexts_[0], SIGINT, SIGTERM);
    wait_for_signal(false);
  }

  std::uint16_t port() const noexcept { return port_; }

  void run() {
    for (auto const& loop : loops_)
      loop->start();
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < contexts_.size(); ++i)
      threads.emplace_back([&io = *contexts_[i]] { io.run(); });
    contexts_[0]->run();
    for (auto& t : threads)
      t.join();
  }

 private:
  /// Loops that share a port would share it with another program as well. Listening alone for a
  /// moment, which throws if the port is taken, tells them apart.
  static void probe(server_options const& options, service app) {
    asio::io_context io;
    std::make_shared<server_loop>(io, app, options)->listen(options.address, options.port, false);
  }

  void wait_for_signal(bool again) {
    signals_->async_wait([this, again](asio::error_code cancelled, int) {
      if (cancelled) return;
      for (auto const& loop : loops_)
        asio::post(loop->io(), [this, loop, again] {
          if (again)
            loop->abort();
          else
            loop->drain([this] { loop_ended(); });
        });
      wait_for_signal(true);
    });
  }

  /// The last loop to end lets the first one return, which waits for signals still.
  void loop_ended() {
    if (--open_ == 0) asio::post(*contexts_[0], [this] { signals_->cancel(); });
  }

  std::vector<std::unique_ptr<asio::io_context>> contexts_;
  std::vector<std::shared_ptr<server_loop>> loops_;
  std::unique_ptr<asio::signal_set> signals_;
  std::atomic<unsigned> open_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace detail

inline server::server(asio::io_context& io, service app, server_options const& options)
    : loop_(std::make_shared<detail::server_loop>(io, app, options)),
      port_(loop_->listen(options.address, options.port, false)) {
  loop_->start();
}

inline server::~server() {
  loop_->abort();
}

inline void server::stop() {
  asio::post(loop_->io(), [loop = loop_] { loop->drain(); });
}

inline void serve(service app, server_options const& options) {
  detail::server_group group(app, options);
  bool const six = options.address.find(':') != std::string::npos;
  std::cout << "listening on http://" << (six ? "[" : "") << options.address << (six ? "]:" : ":")
            << group.port() << std::endl;
  group.run();
}

}  // namespace wend
