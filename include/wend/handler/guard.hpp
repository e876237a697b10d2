// The catch around what users write: handlers, middleware, converters. There is no other.
#pragma once

#include <wend/http/detail/compiled.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/response.hpp>
#include <wend/http/status.hpp>

#include <exception>

namespace wend::detail {

/// Makes `out` the response for the exception that is being handled: a `problem` is its own, any
/// other becomes a 500 that says nothing, with the exception in `out.failure`.
WEND_INLINE void answer_exception(response& out);

#if WEND_COMPILED_HERE

WEND_INLINE void answer_exception(response& out) {
  try {
    throw;
  } catch (problem const& p) {
    p.write(out);
  } catch (...) {
    problem(status::internal_server_error).write(out);
    out.failure = std::current_exception();
  }
}

#endif

/// Runs what may throw; what it throws becomes the response.
template <class Run>
void guard(response& out, Run&& run) noexcept {
  try {
    run();
  } catch (...) {
    answer_exception(out);
  }
}

}  // namespace wend::detail
