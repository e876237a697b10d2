// What can be wrong with a table as a whole, as the compiler says it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wend::detail {

template <auto...>
inline constexpr bool never = false;
template <class>
inline constexpr bool never_type = false;

/// Says that no request could reach a route of a table; the error shows it and the one before it.
template <bool Hidden, auto Method, auto PatternA, auto PatternB>
struct explain_conflict {
  static_assert(Hidden,
                "wend: two routes of a table match the same paths with the same method, and "
                "neither is more precise");
  static_assert(!Hidden,
                "wend: a route of a table matches, with the same method and before it, all that "
                "another one matches, so that no request could reach the other");
};

template <auto Count>
struct explain_methods {
  static_assert(never<Count>, "wend: a table has routes for at most 64 different methods");
};

template <auto PatternA, auto PatternB>
struct explain_same_name {
  static_assert(never<PatternA, PatternB>, "wend: two routes of a table have the same name");
};

template <auto Name>
struct explain_no_name {
  static_assert(never<Name>, "wend: url_for: no route of this table has this name");
};

enum class middleware_fault : std::uint8_t { none, shape, before, after };

template <middleware_fault Fault, class Middleware>
struct explain_middleware {
  template <middleware_fault F>
  static constexpr bool isnt = Fault != F;
  static_assert(isnt<middleware_fault::shape>,
                "wend: a middleware is a type with before(request&), after(request const&, "
                "response&), or both");
  static_assert(isnt<middleware_fault::before>,
                "wend: before of a middleware takes request&, and after that nothing but "
                "provided<T>");
  static_assert(isnt<middleware_fault::after>,
                "wend: after of a middleware takes request const&, response&, and perhaps what its "
                "before supplies");
};
template <class Middleware>
struct explain_middleware<middleware_fault::none, Middleware> {};

template <auto Position>
struct explain_use {
  static_assert(never<Position>,
                "wend: use(...) stands once in a routes(...) or group(...), as the first entry");
};

template <bool Sound>
struct explain_options {
  static_assert(Sound,
                "wend: behind the pattern of a route come its name and its options: max_body<...>, "
                "summary<...>, description<...>, tag<...>, may_answer<...>, deprecated, "
                "undocumented");
};

template <bool Sound>
struct explain_group_options {
  static_assert(Sound,
                "wend: behind the prefix of a group, or a host, stand options of its routes: "
                "max_body<...>, summary<...>, description<...>, tag<...>, may_answer<...>, "
                "names<...>, deprecated, undocumented");
};

/// The error shows both patterns.
template <auto From, auto To>
struct explain_redirect {
  static_assert(
      never<From, To>,
      "wend: redirect<From, To>: each capture of the target has the name and the type of a "
      "capture of the source, and is optional if that one is");
};

template <auto Pattern>
struct explain_host {
  static_assert(never<Pattern>,
                "wend: a host is a name like {tenant}.example.com, in ASCII: without scheme, port "
                "and /, and with no *, [ ] or {x...} in it");
};

/// The error shows both patterns.
template <auto PatternA, auto PatternB>
struct explain_hosts {
  static_assert(never<PatternA, PatternB>,
                "wend: two hosts of a table match the same names: write them in the same way, and "
                "their routes are one set");
};

template <class Predicate>
struct explain_when {
  static_assert(
      never_type<Predicate>,
      "wend: when: a predicate is callable, when const, with a request const& and returns "
      "bool");
};

enum class resource_fault : std::uint8_t { none, name, inner, nothing, fixed, member, ids };

/// The error shows the name and the class.
template <resource_fault Fault, auto Name, class T>
struct explain_resource {
  template <resource_fault F>
  static constexpr bool isnt = Fault != F;
  static_assert(isnt<resource_fault::name>,
                "wend: resource<...>: its name is one segment of a path, as in notes, perhaps with "
                "what a member of it is found by, as in notes/{slug:slug}");
  static_assert(isnt<resource_fault::inner>,
                "wend: resource<...>: behind its object stand the resources below its members, and "
                "nothing else");
  static_assert(
      isnt<resource_fault::nothing>,
      "wend: resource<...>: this is no class with one of the members index, create, show, "
      "replace, update, remove");
  static_assert(isnt<resource_fault::member>,
                "wend: resource<...>: index, create, show, replace, update and remove are public "
                "functions, const or static, no templates, and one of each name: all threads call "
                "them");
  static_assert(
      isnt<resource_fault::fixed>,
      "wend: resource<...>: its object cannot be moved into the table: what is fixed, as a "
      "mutex is, it may have by reference");
  static_assert(isnt<resource_fault::ids>,
                "wend: resource<...>: its members take their id as different types; its name may "
                "say what it is, as in notes/{id:int}");
};
template <auto Name, class T>
struct explain_resource<resource_fault::none, Name, T> {};

template <auto Prefix>
struct explain_prefix {
  static_assert(never<Prefix>,
                "wend: a prefix begins with / and does not end with it, and has no { }, [ ] in it: "
                "these belong into the routes below it");
};

template <auto Prefix, class Service>
struct explain_mount {
  static_assert(never_type<Service>,
                "wend: mount: what hangs below a prefix is a table, a router, or callable with a "
                "request&");
};

/// The error shows the route and the number of its parameter.
template <bool OfHost, auto Method, auto Pattern, std::size_t Parameter>
struct explain_provided {
  static_assert(OfHost,
                "wend: a handler takes provided<T>, and no use(...) around its route has a "
                "middleware that supplies a T");
  static_assert(
      !OfHost,
      "wend: a handler takes a host_part, and no host<...> around its route has a capture "
      "of this name");
};

template <class Middleware>
struct explain_provided_to_middleware {
  static_assert(never_type<Middleware>,
                "wend: a middleware takes provided<T> or a host_part, and none of the use(...) and "
                "host<...> outside of it supplies that");
};

}  // namespace wend::detail
