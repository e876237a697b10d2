// Every way in which a handler and its pattern can disagree, and the sentence for it.
//
// A router says it in an exception, a table in a static_assert. C++20 asserts with literals only,
// so each sentence stands twice; tests/compile_fail holds the two together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wend::detail {

enum class handler_fault : std::uint8_t {
  none,
  no_signature,
  mutable_state,
  reference,
  by_value,
  no_source,
  captures_left,
  two_styles,
  unknown_name,
  not_optional,
  needs_optional,
  no_converter,
  not_integer,
  not_floating,
  not_text,
  not_text_or_integer,
  not_uuid,
  two_bodies,
  header_name,
  cookie_name,
  unreadable,
  bridge,
  result,
};

constexpr std::string_view sentence(handler_fault f) {
  switch (f) {
    using enum handler_fault;
    case no_signature:
      return "wend: a handler is a function or lambda with written parameter types, not auto";
    case mutable_state:
      return "wend: a handler is shared by all threads: not a mutable lambda, but a reference to "
             "state that is safe to share";
    case reference:
      return "wend: a handler takes request& or request const& by reference, and all other "
             "parameters by value or const&";
    case by_value:
      return "wend: this parameter stays where it is while the handler runs: take it by reference, "
             "as T&";
    case no_source:
      return "wend: nothing supplies this parameter: the pattern has no capture left for it; or "
             "write query<\"name\", T>, header, cookie, form<T>, json<T>, body, request&";
    case captures_left:
      return "wend: the handler takes fewer captures than its pattern has: take all in order, or "
             "those you want by name with path<\"name\", T>";
    case two_styles:
      return "wend: a handler takes its captures in order or by path<\"name\", T>, not both";
    case unknown_name: return "wend: path<\"name\", T>: the pattern has no such capture";
    case not_optional:
      return "wend: this capture stands outside of [ ] and is never absent: take T, not "
             "std::optional<T>";
    case needs_optional:
      return "wend: this capture stands inside [ ] and may be absent: take std::optional<T>";
    case no_converter:
      return "wend: text cannot become this parameter: specialise wend::converter for its type, or "
             "take std::string_view";
    case not_integer: return "wend: {x:int} and {x:uint} are integers, and this parameter is not";
    case not_floating:
      return "wend: {x:number} is a floating point number, and this parameter is not";
    case not_text:
      return "wend: this capture may hold slashes; take it as std::string_view or std::string";
    case not_text_or_integer:
      return "wend: {x:digits} and {x:hex} are taken as an integer or as std::string_view";
    case not_uuid: return "wend: {x:uuid} is taken as wend::uuid or as std::string_view";
    case two_bodies:
      return "wend: two parameters of a handler take the body, and a request has only one";
    case header_name:
      return "wend: header<\"name\", T>: no field can have this name; it is without colon and "
             "spaces";
    case cookie_name:
      return "wend: cookie<\"name\", T>: no cookie can have this name; it is without = and spaces";
    case unreadable:
      return "wend: json<T>: T holds a type that JSON cannot be read into: own what you hold "
             "(std::string, not std::string_view), have a default and public members only, or a "
             "from_json for nlohmann::json";
    case bridge:
      return "wend: what this handler returns has a to_json for nlohmann::json: include "
             "<wend/handler/json.hpp> before the route";
    case result:
      return "wend: a handler cannot return this: return text, a value that JSON can hold, void, "
             "status, response, or specialise wend::responder";
    case none: break;
  }
  return {};
}

/// In an error: the type at fault stands somewhere inside of the type that the handler has.
template <class Part, class Whole>
struct part_of;

/// Says at compile time what is wrong with a handler. The error shows the pattern, the number of
/// the parameter (0 for the result) and its type.
template <handler_fault Fault, auto Pattern, std::size_t Parameter, class Type>
struct explain_handler {
  using enum handler_fault;
  template <handler_fault F>
  static constexpr bool isnt = Fault != F;  // a comparison would be spelt out by Clang 19
  static_assert(isnt<no_signature>,
                "wend: a handler is a function or lambda with written parameter types, not auto");
  static_assert(isnt<mutable_state>,
                "wend: a handler is shared by all threads: not a mutable lambda, but a reference "
                "to state that is safe to share");
  static_assert(isnt<reference>,
                "wend: a handler takes request& or request const& by reference, and all other "
                "parameters by value or const&");
  static_assert(isnt<by_value>,
                "wend: this parameter stays where it is while the handler runs: take it by "
                "reference, as T&");
  static_assert(isnt<no_source>,
                "wend: nothing supplies this parameter: the pattern has no capture left for it; or "
                "write query<\"name\", T>, header, cookie, form<T>, json<T>, body, request&");
  static_assert(isnt<captures_left>,
                "wend: the handler takes fewer captures than its pattern has: take all in order, "
                "or those you want by name with path<\"name\", T>");
  static_assert(isnt<two_styles>,
                "wend: a handler takes its captures in order or by path<\"name\", T>, not both");
  static_assert(isnt<unknown_name>, "wend: path<\"name\", T>: the pattern has no such capture");
  static_assert(
      isnt<not_optional>,
      "wend: this capture stands outside of [ ] and is never absent: take T, not std::optional<T>");
  static_assert(isnt<needs_optional>,
                "wend: this capture stands inside [ ] and may be absent: take std::optional<T>");
  static_assert(isnt<no_converter>,
                "wend: text cannot become this parameter: specialise wend::converter for its type, "
                "or take std::string_view");
  static_assert(isnt<not_integer>,
                "wend: {x:int} and {x:uint} are integers, and this parameter is not");
  static_assert(isnt<not_floating>,
                "wend: {x:number} is a floating point number, and this parameter is not");
  static_assert(isnt<not_text>,
                "wend: this capture may hold slashes; take it as std::string_view or std::string");
  static_assert(isnt<not_text_or_integer>,
                "wend: {x:digits} and {x:hex} are taken as an integer or as std::string_view");
  static_assert(isnt<not_uuid>, "wend: {x:uuid} is taken as wend::uuid or as std::string_view");
  static_assert(isnt<two_bodies>,
                "wend: two parameters of a handler take the body, and a request has only one");
  static_assert(isnt<header_name>,
                "wend: header<\"name\", T>: no field can have this name; it is without colon and "
                "spaces");
  static_assert(isnt<cookie_name>,
                "wend: cookie<\"name\", T>: no cookie can have this name; it is without = and "
                "spaces");
  static_assert(isnt<unreadable>,
                "wend: json<T>: T holds a type that JSON cannot be read into: own what you hold "
                "(std::string, not std::string_view), have a default and public members only, or a "
                "from_json for nlohmann::json");
  static_assert(isnt<bridge>,
                "wend: what this handler returns has a to_json for nlohmann::json: include "
                "<wend/handler/json.hpp> before the route");
  static_assert(isnt<result>,
                "wend: a handler cannot return this: return text, a value that JSON can hold, "
                "void, status, response, or specialise wend::responder");
};
template <auto Pattern, std::size_t Parameter, class Type>
struct explain_handler<handler_fault::none, Pattern, Parameter, Type> {};

}  // namespace wend::detail
