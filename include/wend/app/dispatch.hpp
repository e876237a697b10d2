// Dispatch: from a request to its route, through the middleware around it, and what is answered
// when there is no route.
#pragma once

#include <wend/app/detail/route_set.hpp>
#include <wend/app/layer.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>

#include <string_view>

#if WEND_COMPILED_HERE
#include <wend/app/detail/find_route.hpp>
#endif

namespace wend::detail {

/// Finds the route of a request, sets `in.route` and `in.captures`, and enters the middleware
/// around it; or that of the innermost group which has the path, when no route takes it.
///
/// `stage::body` says what is to become of the body, and the handler is to be called then;
/// `stage::answered` that `out` is the answer: of a middleware, or 308, 400, 404, 405, 501 or that
/// of an OPTIONS. What user's code throws on the way is answered like what a handler throws.
/// Allocates: nothing when a route is found; at most a copy of a path that has escapes in it.
stage find(routing const& r, request& in, response& out, body_policy& body) noexcept;

/// The same for a request whose routing state is blank.
stage find_anew(routing const& r, request& in, response& out, body_policy& body) noexcept;

/// The same for a table or router that is mounted, with the rest of the path that is its own.
void locate(routing const& r, request& in, std::string_view path);

/// Goes on inwards from the middleware that was entered last: `next()` of one that waits does so.
/// For `stage::answered` all layers inside of that one have been left.
stage enter(request& in, response& out, body_policy& body) noexcept;

/// Calls the handler of the route that was found, and leaves the middleware around it. True: `out`
/// can be sent. False: if `out.later` is set, it is to be run first, and then `leave` called; else
/// this is what `leave` has returned. What the handler throws becomes a response: a `problem`
/// itself, anything else a 500 that says nothing, with the exception in `out.failure`.
bool call(request& in, response& out) noexcept;

}  // namespace wend::detail
