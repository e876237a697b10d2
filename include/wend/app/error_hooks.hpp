// Middleware for errors: one place to hear of exceptions, one place to say what problems look like.
#pragma once

#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>

#include <concepts>
#include <exception>
#include <utility>

namespace wend {

/// Calls `f(request const&, std::exception_ptr, response&)` when a handler, or middleware inside of
/// this one, has thrown something that is no `problem`. The response is the 500 for it, and `f` may
/// replace it. What `f` throws is answered in its place.
template <std::invocable<request const&, std::exception_ptr, response&> F>
class on_exception {
 public:
  explicit on_exception(F f) : f_(std::move(f)) {}

  void after(request const& in, response& out) {
    if (auto const failure = out.failure) f_(in, failure, out);
  }

 private:
  F f_;
};

/// Calls `f(problem const&, request const&, response&)` for each response that was rendered from a
/// problem, so that it can be rendered otherwise: an error page, or another format of errors. The
/// response is the application/problem+json for it.
template <std::invocable<problem const&, request const&, response&> F>
class error_format {
 public:
  explicit error_format(F f) : f_(std::move(f)) {}

  void after(request const& in, response& out) {
    if (auto const cause = out.cause) f_(*cause, in, out);
  }

 private:
  F f_;
};

}  // namespace wend
