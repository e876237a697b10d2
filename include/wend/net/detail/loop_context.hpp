// What the connections of a loop have in common.
#pragma once

#include <wend/app/service.hpp>
#include <wend/http/request.hpp>
#include <wend/net/transport.hpp>
#include <wend/wire/clock.hpp>
#include <wend/wire/limits.hpp>

#include <exception>
#include <functional>
#include <list>
#include <memory>

namespace wend::detail {

class connection;

/// What the connections of a loop have in common. Lifetime: each connection shares it.
struct loop_context {
  loop_context(service a, wend::limits const& l) : app(a), limits(l) {}
  virtual ~loop_context() = default;

  /// Called when a connection was closed and is gone.
  virtual void closed() = 0;

  service app;
  wend::limits limits;
  coarse_clock clock;
  std::function<void(request const&, std::exception_ptr)> on_error;
  std::shared_ptr<blocking_pool> pool;
  bool half_close = false;  ///< these two: see `server_options`
  bool proxy_protocol = false;
  std::list<connection*> connections;  ///< all that are open; a connection removes itself
};

}  // namespace wend::detail
