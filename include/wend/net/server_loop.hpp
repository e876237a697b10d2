// The loop of a server: acceptor, connections and clock of one thread; and the loops of a program.
#pragma once

#include <wend/net/connection.hpp>
#include <wend/net/detail/connection_requests.hpp>
#include <wend/net/detail/connection_socket.hpp>
#include <wend/net/detail/reserved_memory.hpp>
#include <wend/net/listen.hpp>
#include <wend/net/server_options.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace wend::detail {

/// Acceptor, connections and tick of one thread. Shared by the server and by the handlers that Asio
/// holds, so that a server may be destroyed before its loop has run them.
class server_loop : public loop_context, public std::enable_shared_from_this<server_loop> {
 public:
  server_loop(asio::io_context& io, service a, server_options const& options)
      : loop_context(a, options.limits),
        io_(io),
        acceptor_(io.get_executor()),
        timer_(io.get_executor()),
        ready_(options.ready) {
    on_error = options.on_error;
    half_close = options.half_close;
    proxy_protocol = options.proxy_protocol;
    update_clock();
  }

  /// Listens where `address` says and returns the port; `shared` lets other loops do the same.
  std::uint16_t listen(std::string const& address, std::uint16_t port, bool shared) {
    auto const got = detail::listen(acceptor_, address, port, shared);
    path_ = unix_path(address);
    struct ::stat file{};
    if (!path_.empty() && ::stat(path_.c_str(), &file) == 0) inode_ = file.st_ino;
    return got;
  }

  /// Listens on the socket of another loop.
  void listen_with(server_loop& first) {
    detail::listen(acceptor_, "fd:" + std::to_string(first.acceptor_.native_handle()), 0, false);
  }

  void start() {
    if (ready_) ready_->set(true);
    accept();
    wait_for_tick();
  }

  /// On the thread of the loop: see `server::drain`. Idle connections are closed after `grace`;
  /// `on_end` is called when all connections are closed.
  void drain(std::chrono::milliseconds deadline,
             std::chrono::milliseconds grace,
             std::function<void()> on_end = {}) {
    if (stopping_) return;
    if (ready_) ready_->set(false);
    stopping_ = true;
    on_end_ = std::move(on_end);
    auto const now = std::chrono::steady_clock::now();
    drained_by_ = now + deadline;
    idle_until_ = now + grace;
    let_go(grace.count() == 0);
    auto waiting = accept_waiting();
    close_acceptor();
    for (auto& socket : waiting)
      open(std::move(socket));
    closed();
  }

  /// On the thread of the loop, or when it does not run: closes everything now. A coroutine that
  /// does not end when it is cancelled keeps its connection, and the loop; one that is ours is
  /// stopped.
  void abort() {
    if (ready_) ready_->set(false);
    stopping_ = aborted_ = true;
    close_acceptor();
    for_each([](connection& c) { c.abort(); });
    timer_.cancel();
    if (!owns_loop || connections.empty()) return;
    wait(last_grace, [self = shared_from_this()](asio::error_code cancelled) {
      if (cancelled || self->is_over()) return;
      if (auto const end = std::exchange(self->on_end_, {})) end();
      self->io_.stop();
    });
  }

  void closed() override {
    accept();
    if (!is_over()) return;
    timer_.cancel();
    if (auto const end = std::exchange(on_end_, {})) end();
  }

  asio::io_context& io() noexcept { return io_; }

  bool owns_loop = false;  ///< nobody else uses it

  /// How long idle connections are kept when a server drains: a request that is on its way meets a
  /// server that still answers, and says that it is the last.
  static std::chrono::milliseconds idle_grace(std::chrono::milliseconds deadline) {
    return std::min<std::chrono::milliseconds>(deadline / 2, std::chrono::seconds(1));
  }

 private:
  /// How often deadlines are looked at, and the Date line is made anew.
  static constexpr auto tick_period = std::chrono::milliseconds(500);
  /// How long what was cancelled has to end.
  static constexpr auto last_grace = std::chrono::seconds(2);

  void update_clock() {
    clock.update(std::chrono::steady_clock::now(),
                 std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  }

  /// The last connection is closed, and no more can come.
  bool is_over() const { return stopping_ && !accepting_ && connections.empty(); }

  /// The connections that were made before the stop and not accepted yet: their peers may have sent
  /// a request already, and a closed acceptor would reset them.
  std::vector<stream_socket> accept_waiting() {
    std::vector<stream_socket> out;
    asio::error_code failed;
    acceptor_.non_blocking(true, failed);
    try {
      while (!failed && connections.size() + out.size() < limits.connections) {
        stream_socket socket(io_.get_executor());
        acceptor_.accept(socket, failed);
        if (!failed) out.push_back(std::move(socket));
      }
    } catch (std::bad_alloc const&) {
    }
    return out;
  }

  void close_acceptor() {
    asio::error_code ignored;
    acceptor_.close(ignored);
    struct ::stat file{};
    // another process may listen there by now
    if (!path_.empty() && ::stat(path_.c_str(), &file) == 0 && file.st_ino == inode_)
      ::unlink(path_.c_str());
    path_.clear();
  }

  /// Asks the connections to end: after the next response, or the idle ones at once.
  void let_go(bool idle_too) {
    for_each([idle_too](connection& c) { c.drain(idle_too); });
  }

  template <class Visitor>
  void for_each(Visitor&& visit) {
    for (auto at = connections.begin(); at != connections.end();) {
      connection_owner const held(**at++);  // it may end meanwhile
      visit(*held.operator->());
    }
  }

  /// True for as long as an operation accepts. It ends without a word when there is no memory for
  /// the socket that it accepted.
  class accepting {
   public:
    explicit accepting(std::shared_ptr<server_loop> loop) noexcept : loop_(std::move(loop)) {
      loop_->accepting_ = true;
    }
    accepting(accepting&&) noexcept = default;
    accepting& operator=(accepting&&) = delete;
    ~accepting() {
      if (loop_) loop_->accepting_ = false;
    }

    std::shared_ptr<server_loop> end() noexcept {
      loop_->accepting_ = false;
      return std::move(loop_);
    }

   private:
    std::shared_ptr<server_loop> loop_;
  };

  /// Accepts one connection after the other; pauses at the limit, and for a tick on an error: out
  /// of descriptors or of memory, most likely.
  void accept() noexcept {
    if (stopping_ || accepting_ || connections.size() >= limits.connections) return;
    try {
      acceptor_.async_accept([turn = accepting(shared_from_this())](asio::error_code failed,
                                                                    stream_socket socket) mutable {
        auto const self = turn.end();
        if (!failed && !self->aborted_)
          self->open(std::move(socket));
        else if (!self->stopping_)
          return;
        self->closed();
      });
    } catch (std::bad_alloc const&) {
    }
  }

  /// A peer for which there is no memory is turned away; the next one may find some.
  void open(stream_socket socket) noexcept {
    try {
      if (stopping_)
        connection::start_last(std::move(socket), shared_from_this());
      else
        connection::start(std::move(socket), shared_from_this());
    } catch (std::bad_alloc const&) {
    }
  }

  /// One timer for all deadlines of all connections.
  void wait_for_tick() {
    wait(tick_period, [self = shared_from_this()](asio::error_code cancelled) {
      // a cancel comes too late when the tick is queued already
      if (cancelled) return;
      if (self->is_over()) return self->closed();
      self->update_clock();
      self->tick();
      if (self->aborted_) return;
      self->accept();
      self->wait_for_tick();
    });
  }

  /// Needs no memory.
  template <class Handler>
  void wait(std::chrono::milliseconds time, Handler handler) {
    timer_.expires_after(time);
    timer_.async_wait(
        asio::bind_allocator(reserved_allocator<void>(timer_memory_), std::move(handler)));
  }

  void tick() {
    if (stopping_ && clock.now >= drained_by_) return abort();
    if (stopping_ && clock.now >= idle_until_) let_go(true);
    for_each([](connection& c) { c.tick(); });
  }

  asio::io_context& io_;
  stream_acceptor acceptor_;
  reserved_memory timer_memory_;
  loop_timer timer_;
  readiness* ready_;
  std::string path_;  // of a socket in the file system, ours while it has the inode
  ::ino_t inode_ = 0;
  std::function<void()> on_end_;
  std::chrono::steady_clock::time_point idle_until_{};
  std::chrono::steady_clock::time_point drained_by_{};
  bool accepting_ = false;
  bool stopping_ = false;
  bool aborted_ = false;
};

/// Runs a loop to its end. For what Asio had no memory, others may have some.
inline void run(asio::io_context& io) {
  while (true) {
    try {
      io.run();
      return;
    } catch (std::bad_alloc const&) {
    }
  }
}

/// The threads for what blocks, as many as the options say.
inline std::shared_ptr<blocking_pool> make_pool(server_options const& options) {
  auto const wanted = options.blocking_threads > 0
                          ? options.blocking_threads
                          : std::max(4u, 2 * std::thread::hardware_concurrency());
  return std::make_shared<blocking_pool>(wanted);
}

/// The loops of `serve`, one for each thread, and the signals that end them.
class server_group {
 public:
  server_group(service app, server_options const& options)
      : pool_(make_pool(options)), drain_(options.limits.drain) {
    unsigned const wanted =
        options.threads > 0 ? options.threads : std::thread::hardware_concurrency();
    auto const count = std::max(1u, wanted);
    auto each = options;
    each.limits.connections = (options.limits.connections + count - 1) / count;
    bool const shared = count > 1 && takes_port(options.address);
    if (shared) probe(options);
    for (unsigned i = 0; i < count; ++i) {
      contexts_.push_back(std::make_unique<asio::io_context>(ASIO_CONCURRENCY_HINT_UNSAFE_IO));
      loops_.push_back(std::make_shared<server_loop>(*contexts_[i], app, each));
      loops_[i]->pool = pool_;
      loops_[i]->owns_loop = true;
      if (i == 0 || shared)
        port_ = loops_[i]->listen(options.address, i == 0 ? options.port : port_, shared);
      else
        loops_[i]->listen_with(*loops_[0]);
    }
    open_ = count;
    signals_ = std::make_unique<signal_set>(contexts_[0]->get_executor(), SIGINT, SIGTERM);
    wait_for_signal(false);
  }
  ~server_group() { pool_->end(); }

  std::uint16_t port() const noexcept { return port_; }

  void run() {
    for (auto const& loop : loops_)
      loop->start();
    std::vector<std::thread> threads;
    try {
      for (std::size_t i = 1; i < contexts_.size(); ++i)
        threads.emplace_back([&io = *contexts_[i]] { detail::run(io); });
      detail::run(*contexts_[0]);
    } catch (...) {
      for (auto const& io : contexts_)
        io->stop();
      join(threads);
      throw;
    }
    join(threads);
  }

 private:
  static void join(std::vector<std::thread>& threads) {
    for (auto& t : threads)
      t.join();
  }

  /// Loops that share a port would share it with another program as well. Listening alone for a
  /// moment, which throws if the port is taken, tells them apart.
  static void probe(server_options const& options) {
    asio::io_context io;
    stream_acceptor alone(io.get_executor());
    detail::listen(alone, options.address, options.port, false);
  }

  void wait_for_signal(bool again) {
    signals_->async_wait([this, again](asio::error_code cancelled, int) {
      if (cancelled) return;
      for (auto const& loop : loops_)
        asio::post(loop->io(), [this, loop, again] {
          if (again)
            loop->abort();
          else
            loop->drain(drain_, server_loop::idle_grace(drain_), [this] { loop_ended(); });
        });
      wait_for_signal(true);
    });
  }

  /// The last loop to end lets the first one return, which waits for signals still.
  void loop_ended() noexcept {
    if (--open_ > 0) return;
    try {
      asio::post(*contexts_[0], [this] { signals_->cancel(); });
    } catch (std::bad_alloc const&) {
      contexts_[0]->stop();
    }
  }

  std::shared_ptr<blocking_pool> pool_;
  std::chrono::milliseconds drain_;
  std::vector<std::unique_ptr<asio::io_context>> contexts_;
  std::vector<std::shared_ptr<server_loop>> loops_;
  std::unique_ptr<signal_set> signals_;
  std::atomic<unsigned> open_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace wend::detail
