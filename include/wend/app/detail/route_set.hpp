// The routes of a table or router as dispatch sees them: their types erased.
#pragma once

#include <wend/app/detail/realms.hpp>
#include <wend/app/layer.hpp>
#include <wend/handler/bind.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/route/tree.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace wend {

/// What a table may be told about dispatch.
struct routing_options {
  /// A path that only a route with, or without, a slash at its end matches is redirected there
  /// (308) instead of answered 404.
  bool redirect_trailing_slash = false;
  /// A 404 tells of each route why it did not match, in a member "routes" of the problem: for those
  /// who write a client. Choice: not by default, as it tells strangers all routes.
  bool explain_not_found = false;
};

namespace detail {

/// A route as dispatch sees it: its types erased.
struct endpoint : route_info {
  capture_specs captures;
  body_policy body;
  bool may_not_fit = false;
  bool mount = false;       ///< it takes all methods, and all paths below a prefix
  std::uint16_t scope = 0;  ///< whose middleware is around it, from 1; 0 is none
  bool (*fits)(capture_specs, wend::captures const&) = nullptr;
  /// Calls the handler. `self` is the table, or `object`.
  void (*call)(void const* self, capture_specs, request&, response&) = nullptr;
  /// Finds the route in the table or router that is mounted here, if it is one.
  void (*descend)(void const* self, request&, std::string_view path) = nullptr;
  /// Makes that ready to be served, where middleware supplies these types; throws if it is not.
  void (*prepare)(void const* self, std::span<type_id const> supplied) = nullptr;
  void const* object = nullptr;
  std::span<provided_need const> needs{};  ///< what middleware has to supply
};

/// The routes of a table or router. Lifetime: views into it.
struct route_set {
  static constexpr std::size_t max_methods = 64;
  static constexpr std::uint16_t any_method =
      0xFFFE;  ///< the index of routes that take all methods

  detail::tree tree;
  std::span<endpoint const* const> endpoints;  ///< by the route index of the terminals
  std::span<method const> methods;             ///< sorted by name; by the method index of terminals
  bool all_methods = false;                    ///< some take all methods
  std::span<scope const> scopes{};
  std::span<realm const> realms{};  ///< tried before `tree`, in this order
  /// Of each scope, from 1, its realm, from 1, or 0; empty where there are no realms.
  std::span<std::uint16_t const> realm_of_scope{};
};

/// All that dispatch needs of a table or router.
struct routing {
  route_set const& set;
  void const* self;  ///< what the layers of its scopes are reached from; null for a router
  routing_options const& options;
  std::span<frame const> around{};  ///< middleware of all of it, outside of that of its scopes
};

}  // namespace detail

}  // namespace wend
