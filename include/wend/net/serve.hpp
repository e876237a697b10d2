// Serving, without Asio: what most programs need of a server.
//
// By default wend is header-only, and <wend/wend.hpp> brings the server itself along with this. A
// program of many source files may define WEND_SEPARATE_COMPILATION for all of them: then only the
// one that includes <wend/source.hpp> compiles the server and what else is no template, and
// <wend/wend.hpp> brings neither Asio nor nlohmann_json. What needs them is included by its name
// there: <wend/handler/json.hpp> to take `json<T>`, <wend/net/awaitable.hpp> and its neighbours to
// wait, <wend/net/server.hpp> for a loop of one's own.
#pragma once

#include <wend/app/service.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/net/server_options.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>

namespace wend {

/// Serves until SIGINT or SIGTERM, drains as `server::drain` does for `limits::drain`, and returns;
/// a second signal cuts it short. Says on standard output where it listens. Throws
/// `std::system_error` that names the address when it cannot listen. The application outlives it.
///
///     wend::serve(api, {.port = 8080});
WEND_INLINE void serve(service app, server_options const& options = {});

namespace detail {
class server_thread;
}

/// A server on a thread of its own, for a `main` that knows no Asio. It serves from construction to
/// destruction, which waits for requests in flight as `server::stop` does. Throws as `serve` does.
class background_server {
 public:
  WEND_INLINE background_server(service app, server_options const& options);
  template <application App>
    requires(!std::same_as<App, service>)
  background_server(App const&&, server_options const&) = delete;  // it would be gone
  background_server(background_server const&) = delete;
  WEND_INLINE ~background_server();

  /// The port that it listens on; 0 for an address that has none.
  WEND_INLINE std::uint16_t port() const noexcept;

  /// Stops as `server::stop` does and waits until it is done. Further calls do nothing.
  WEND_INLINE void stop();

  /// Drains as `server::drain` does and waits until it is done.
  WEND_INLINE void drain(std::chrono::milliseconds deadline);

 private:
  std::unique_ptr<detail::server_thread> thread_;
};

}  // namespace wend
