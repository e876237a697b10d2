// The catch around what users write: handlers, middleware, converters. There is no other.
#pragma once

#include <wend/http/detail/compiled.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/response.hpp>
#include <wend/http/status.hpp>

#include <exception>

namespace wend::detail {

/// Makes `out` the response for the exception that is being handled: a `problem` is its own, any
/// other becomes a 500 that says nothing, with the exception in `out.failure`. Where there is no
/// memory for that the 500 has no content either.
WEND_INLINE void answer_exception(response& out) noexcept;

#if WEND_COMPILED_HERE

WEND_INLINE void answer_exception(response& out) noexcept {
  auto const failure = std::current_exception();
  try {
    try {
      throw;
    } catch (problem const& p) {
      return p.write(out);
    } catch (...) {
      problem(status::internal_server_error).write(out);
    }
  } catch (...) {
    out.reset();
    out.status = status::internal_server_error;
  }
  out.failure = failure;
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
