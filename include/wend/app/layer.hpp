// Layers: middleware as dispatch sees it, its types erased, and how a request goes in and comes
// out.
//
// On the way in each `before` is called, outermost first; on the way out each `after`, for exactly
// those layers that were entered. The way may stop in the middle, at a middleware that waits, and
// is gone on with by whoever runs its coroutine; so where a request is on it stands in the request.
#pragma once

#include <wend/handler/guard.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/route/pattern.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace wend {

/// What is to be done next with a request.
enum class stage : std::uint8_t {
  body,      ///< the body policy is to be applied, then the handler to be called
  answered,  ///< the response is complete
  waiting,   ///< a middleware waits: `response::later` is to be run, and goes on by itself
};

namespace detail {

/// A middleware, its type erased. `self` is what it is reached from: the table it stands in.
struct layer {
  /// False when the response is the answer already.
  bool (*before)(void const* self, frame& at, request& in, response& out) = nullptr;
  void (*after)(void const* self, frame& at, request const& in, response& out) = nullptr;
  /// Starts a middleware that waits: sets `response::later`. It has none of the others.
  void (*wait)(void const* self, request& in, response& out) = nullptr;
  type_id provides{};                ///< the type of the value that `before` supplies
  std::span<type_id const> needs{};  ///< those that it takes from the layers outside of it
};

/// What a request has to be for the routes of a scope to be looked at.
struct condition {
  enum class kind : std::uint8_t { none, host, predicate };

  condition::kind is = kind::none;
  /// `host` is that of the request as a `host_path` has it.
  bool (*holds)(void const* self, request const& in, std::string_view host) = nullptr;
  parsed_pattern const* host = nullptr;  ///< the pattern that a host has to match
  std::string_view text{};               ///< of that pattern
};

/// The routes that share a list of middleware, or a condition.
struct scope {
  std::string_view prefix;  ///< of their paths, decoded; NUL is an encoded slash
  std::span<layer const> layers;
  std::uint16_t outer = 0;     ///< the scope around this one, from 1; 0 is none
  bool owner = false;          ///< it has the paths below its prefix that no route takes
  void const* self = nullptr;  ///< of the layers; null: the table itself
  condition only_if{};
};

/// Adds the layers of a scope, from 1, and of those around it to those a request has to pass.
void push_scope(std::span<scope const> all,
                std::size_t index,
                void const* app,
                routing_state& state);

/// Goes on outwards: calls every `after` of the layers that were entered. True: the response can be
/// sent. False: it is what `next()` returns in the middleware that waits for it; when that has made
/// its own response, in `out`, `leave` is to be called again.
///
/// What an `after` throws becomes the response that the layers outside of it see.
bool leave(request& in, response& out) noexcept;

// ------------------------------------------------------------------------------------------------

#if WEND_COMPILED_HERE

WEND_INLINE void push_scope(std::span<scope const> all,
                            std::size_t index,
                            void const* app,
                            routing_state& state) {
  if (index == 0) return;
  scope const& s = all[index - 1];
  push_scope(all, s.outer, app, state);
  for (auto const& l : s.layers)
    state.frames.push_back({s.self != nullptr ? s.self : app, &l});
}

WEND_INLINE bool leave(request& in, response& out) noexcept {
  auto& state = in.routing;
  while (state.entered > 0) {
    auto& f = state.frames[state.entered - 1];
    if (f.open) return f.open = false;
    --state.entered;
    if (f.what->after != nullptr) guard(out, [&] { f.what->after(f.self, f, in, out); });
  }
  return true;
}

#endif

}  // namespace detail

}  // namespace wend
