// Servers: on a loop of the user's, on a thread of their own, or as the whole program.
//
// One loop is one thread is one `asio::io_context` without locks. A connection lives and dies on
// the loop that accepted it. The application is shared by all loops and read only.
#pragma once

#include <wend/app/service.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/awaitable.hpp>
#include <wend/net/serve.hpp>
#include <wend/net/server_loop.hpp>
#include <wend/net/server_options.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <iostream>
#include <memory>
#include <thread>

namespace wend {

/// A server on a loop of the user's: it listens from construction on, and serves while `io` runs.
///
/// Throws `std::system_error` that names the address when it cannot listen. The application and
/// `io` outlive it. Destroying it closes all connections at once, and waits for `blocking`
/// handlers. Where there is no memory `io.run()` may throw `std::bad_alloc`, at the cost of one
/// connection: call it again. Thread safety: `stop` and `drain` may be called from any thread, the rest from that of
/// the loop.
class server {
 public:
  server(asio::io_context& io, service app, server_options const& options);
  template <application App>
    requires(!std::same_as<App, service>)
  server(asio::io_context&, App const&&, server_options const&) = delete;  // it would be gone
  ~server();
  server(server const&) = delete;
  server& operator=(server const&) = delete;

  /// The port that it listens on; 0 for an address that has none.
  std::uint16_t port() const noexcept { return port_; }

  /// Stops listening, closes idle connections, lets requests in flight finish; what is left after
  /// `limits::drain` is cut. The loop runs out of work of ours when it is done.
  void stop();

  /// The same with a deadline of its own, and without a refused request: responses say "Connection:
  /// close" from now on, and connections without a request are kept for a second, or half the
  /// deadline if that is less. Coroutines that still run at the deadline are cancelled.
  void drain(std::chrono::milliseconds deadline);

 private:
  friend class detail::server_thread;

  std::shared_ptr<detail::blocking_pool> pool_;
  std::shared_ptr<detail::server_loop> loop_;
  std::uint16_t port_;
};

// ------------------------------------------------------------------------------------------------

inline server::server(asio::io_context& io, service app, server_options const& options)
    : pool_(detail::make_pool(options)),
      loop_(std::make_shared<detail::server_loop>(io, app, options)),
      port_(loop_->listen(options.address, options.port, false)) {
  loop_->pool = pool_;
  loop_->start();
}

inline server::~server() {
  loop_->abort();
  pool_->end();
}

inline void server::stop() {
  asio::post(loop_->io(), [loop = loop_] { loop->drain(loop->limits.drain, {}); });
}

inline void server::drain(std::chrono::milliseconds deadline) {
  asio::post(loop_->io(), [loop = loop_, deadline] {
    loop->drain(deadline, detail::server_loop::idle_grace(deadline));
  });
}

// --- see serve.hpp, which says whether these are inline

#if WEND_COMPILED_HERE

namespace detail {

/// A loop, the server on it and the thread that runs it.
class server_thread {
 public:
  server_thread(service app, server_options const& options) : server_(io_, app, options) {
    server_.loop_->owns_loop = true;
    thread_ = std::thread([this] { run(io_); });
  }

  wend::server& server() noexcept { return server_; }
  void wait() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  asio::io_context io_{ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  wend::server server_;
  std::thread thread_;
};

}  // namespace detail

background_server::background_server(service app, server_options const& options)
    : thread_(std::make_unique<detail::server_thread>(app, options)) {}

background_server::~background_server() {
  stop();
}

std::uint16_t background_server::port() const noexcept {
  return thread_->server().port();
}

void background_server::stop() {
  thread_->server().stop();
  thread_->wait();
}

void background_server::drain(std::chrono::milliseconds deadline) {
  thread_->server().drain(deadline);
  thread_->wait();
}

void serve(service app, server_options const& options) {
  detail::server_group group(app, options);
  std::cout << "listening on " << detail::address_text(options.address, group.port()) << std::endl;
  group.run();
}

#endif

}  // namespace wend
