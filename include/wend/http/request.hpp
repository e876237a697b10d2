// A request as handlers and middleware see it.
#pragma once

#include <wend/http/detail/routing_state.hpp>
#include <wend/http/fields.hpp>
#include <wend/http/method.hpp>
#include <wend/http/target.hpp>

#include <array>
#include <cstddef>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace wend {

class transport;  // what net/ gives a handler that waits

/// The captures of the route that matched, decoded, in the order of the pattern.
///
/// A capture inside `[ ]` that the path does not have is a view whose `data()` is null.
class captures {
 public:
  static constexpr std::size_t max = 16;  ///< a pattern with more does not compile

  constexpr std::string_view operator[](std::size_t i) const noexcept { return values_[i]; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr void resize(std::size_t n) noexcept { size_ = n; }
  constexpr void set(std::size_t i, std::string_view value) noexcept { values_[i] = value; }

 private:
  std::array<std::string_view, max> values_{};
  std::size_t size_ = 0;
};

/// What is known of a route before any request: the label for logs, metrics and explanations.
struct route_info {
  wend::method method;
  std::string_view pattern;  ///< "/notes/{id:int}"
  std::string_view name;     ///< "note", or empty
};

/// A request. Not copyable.
///
/// Lifetime: all views point into the buffers of the connection and hold until the response to this
/// request is complete, across every suspension of the handler. To keep more, copy to a string.
struct request {
  request() = default;
  request(request const&) = delete;
  request& operator=(request const&) = delete;

  wend::method method;
  wend::target target;      ///< as it came, nothing decoded
  int version_minor = 1;    ///< HTTP/1.x
  fields_view fields;       ///< in the order they came
  fields_view trailers;     ///< fields after a chunked body; none until the body is complete
  std::string_view body;    ///< complete when a handler that takes the body is called
  std::string_view peer;    ///< "127.0.0.1:49152": the other end of the connection
  wend::captures captures;  ///< of `route`
  route_info const* route = nullptr;  ///< null until one matched
  transport* connection = nullptr;    ///< set by whoever serves; for coroutines

  /// The path as routes see it, decoded: all of it, or below a `mount` what comes after the prefix;
  /// it begins with "/". Empty before the route was looked for, and when there is no path.
  std::string_view mount_path;
  std::string_view mount_prefix;  ///< what comes before: "/assets"; empty without a mount

  /// The value of the first field called `name`, in any case.
  std::optional<std::string_view> field(std::string_view name) const noexcept {
    return fields.get(name);
  }

  /// The host the client wanted: the authority of an absolute target, else the Host field
  /// (RFC 9112 3.2.2). Empty in an HTTP/1.0 request without one.
  std::string_view host() const noexcept {
    if (!target.authority.empty()) return target.authority;
    return fields.get("Host").value_or(std::string_view{});
  }

  /// Keeps a text until the request is done and returns a view of it: what extractors decode and
  /// hand on as a `std::string_view`. Allocates: one node of a list.
  std::string_view keep(std::string text) { return kept_.emplace_front(std::move(text)); }

  /// Where the decoded path lives when decoding changed it; for the router, not for handlers.
  std::string path_scratch;

  /// What dispatch keeps with a request; not for handlers.
  detail::routing_state routing;

  /// Makes this the blank request that a connection reuses; keeps what was allocated.
  void reset() noexcept {
    method = {};
    target = {};
    version_minor = 1;
    fields = trailers = {};
    body = {};
    captures.resize(0);
    route = nullptr;
    mount_path = mount_prefix = {};
    routing.clear();
    kept_.clear();
  }

 private:
  std::forward_list<std::string> kept_;
};

}  // namespace wend
