// A router that is replaced while it is served: routes from a configuration that is read again.
#pragma once

#include <wend/app/detail/published.hpp>
#include <wend/app/dispatch.hpp>
#include <wend/app/router.hpp>

#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace wend {

/// Serves the router it holds, which may be replaced at any time, from any thread.
///
///     wend::live_router live{routes_of(read_config())};
///     wend::background_server web{live, {.port = 8080}};
///     live.replace(routes_of(read_config()));            // throws, and goes on with the old one
///
/// A request that has begun ends with the router it began with, which lives until then. Copies
/// share what they serve, so that one may be mounted in a table and another one kept to replace it.
/// Thread safety: all functions may be called by many threads at once. Those that find routes are
/// wait-free: no other thread holds them up, whether it serves or replaces.
class live_router {
 public:
  live_router() : live_router(router{}) {}

  /// Throws what `router::prepare` throws, but for what is to be supplied around it.
  explicit live_router(router first) : shared_(std::make_shared<shared>()) {
    store(std::move(first));
  }

  /// Serves `next` from now on; throws what `router::prepare` throws, and then nothing has changed.
  void replace(router next) {
    std::shared_ptr<router const> old;  // goes when the lock is free, as handlers are the user's
    std::lock_guard const lock(shared_->preparing);
    next.prepare(shared_->supplied);
    old = store(std::move(next));
  }

  /// The router that is served now.
  std::shared_ptr<router const> current() const noexcept { return shared_->current.load(); }

  /// See `router`; holds for each router that replaces this one as well.
  void prepare(std::span<detail::type_id const> supplied = {}) const {
    std::lock_guard const lock(shared_->preparing);
    current()->prepare(supplied);
    shared_->supplied.assign(supplied.begin(), supplied.end());
  }

  /// See `service`.
  stage find(request& in, response& out, body_policy& body) const noexcept {
    in.routing.clear();
    return detail::find_anew(keep(in).routing(), in, out, body);
  }
  /// See `service`.
  bool call(request& in, response& out) const noexcept { return detail::call(in, out); }

  /// Finds the route of a request below a mount; for mounts.
  void locate(request& in, std::string_view path) const { keep(in).locate(in, path); }

 private:
  struct shared {
    detail::published<router const> current;
    std::mutex preparing;
    std::vector<detail::type_id> supplied;
  };

  std::shared_ptr<router const> store(router next) {
    if (!next.compiled_) next.build();
    return shared_->current.exchange(std::make_shared<router const>(std::move(next)));
  }

  /// The router for a request, which keeps it until it is done.
  router const& keep(request& in) const { return *in.routing.values.put(current()); }

  std::shared_ptr<shared> shared_;
};

}  // namespace wend
