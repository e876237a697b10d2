// Where and how a server serves.
#pragma once

#include <wend/http/request.hpp>
#include <wend/wire/limits.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <utility>

namespace wend {

/// Whether a server takes new connections: for a route that tells a load balancer.
///
///     wend::readiness ready;
///     auto api = wend::routes(wend::get<"/ready">(
///         [&] { return ready ? wend::status::ok : wend::status::service_unavailable; }));
///     wend::serve(api, {.ready = &ready});
///
/// Thread safety: all of it.
class readiness {
 public:
  explicit operator bool() const noexcept { return ready_.load(std::memory_order_relaxed); }
  void set(bool on) noexcept { ready_.store(on, std::memory_order_relaxed); }

 private:
  std::atomic<bool> ready_ = false;
};

/// Says on standard error what a handler threw: method, target and the exception's text.
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

/// Where and how to serve.
struct server_options {
  /// A name or number; "0.0.0.0" and "::" are all interfaces. Or "unix:/run/app.sock", a socket in
  /// the file system; "fd:3", a socket that listens already and was inherited; "systemd", the first
  /// one of a socket unit. `port` has no meaning for these.
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;      ///< 0: any free one, see `server::port`
  unsigned threads = 1;           ///< `serve` only; 0: one for each processor
  unsigned blocking_threads = 0;  ///< for `blocking` handlers; 0: two for each processor
  wend::limits limits{};

  /// A client that sends no more is taken to have left while an awaitable handler works for it,
  /// which is cancelled. True: it may have closed its sending side only, and waits for the answer.
  bool half_close = false;

  /// Every connection begins with a PROXY header, version 1 or 2, that names the client: only where
  /// nobody but the proxy can connect, as anybody could claim to be anybody.
  bool proxy_protocol = false;

  readiness* ready = nullptr;  ///< set while connections are taken; it outlives the server

  /// Told of every exception that a handler did not catch, on the thread of the loop; the client
  /// gets a 500 that says nothing. A `problem` is not told.
  std::function<void(request const&, std::exception_ptr)> on_error = report_error;
};

}  // namespace wend
