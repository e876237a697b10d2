// A router from a file: JSON that maps methods and patterns to handlers which the program has under
// names.
//
//     {"routes": [
//       {"path": "/hello/{name}", "call": "greet"},
//       {"methods": ["PUT", "PATCH"], "path": "/notes/{id:int}", "call": "replace"},
//       {"path": "/about", "call": "page", "with": {"text": "hi", "type": "text/html"}},
//       {"path": "/old/{id:int}", "redirect": "/notes/{id:int}", "status": 301},
//       {"path": "/v1/{rest...}", "gone": true}
//     ]}
//
// Each has a path, which is a pattern, and one of these:
//
//     call      the name of a handler; "method" or "methods" are by default GET, "with" its settings
//     redirect  a pattern that all methods are sent to, perhaps on another host; "status" is 301,
//               302, 303, 307 or 308, the default
//     gone      true: 410 for all methods
//
// The order does not matter, as in any router.
#pragma once

// The sentences first: see routes.hpp.
#include <wend/handler/handler_fault.hpp>
#include <wend/handler/json_fault.hpp>
// Then what they are about.
#include <wend/app/route.hpp>
#include <wend/app/router.hpp>
#include <wend/extra/detail/route_reader.hpp>
#include <wend/handler/json.hpp>
#include <wend/handler/judge.hpp>
#include <wend/http/method.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend {

/// The handlers that a file may call, by their names.
///
///     wend::named_handlers known;
///     known.add("greet", [](std::string_view name) { return "hello " + std::string(name); });
///     known.add_with("page", [](page const& p) {  // a struct, from the JSON of "with"
///       return [p] { return wend::response(wend::status::ok, p.type, p.text); };
///     });
///
/// A handler that could fit no pattern does not compile. Throws `std::invalid_argument` for a name
/// that is there already. Thread safety: fill it first; from then on it may be read by many threads.
class named_handlers {
 public:
  /// Adds a handler, which all routes that call it share.
  template <class F>
  named_handlers& add(std::string name,
                      F handler,
                      call_site where = {__builtin_FILE(), __builtin_LINE()});

  /// Adds a function that makes a handler of its settings, for each entry of a file that calls it.
  /// The settings are what `read_json` takes; what the function throws is a fault of them.
  template <class Make>
  named_handlers& add_with(std::string name,
                           Make make,
                           call_site where = {__builtin_FILE(), __builtin_LINE()});

 private:
  friend router configured_router(std::string_view, named_handlers const&, call_site);

  void put(std::string name, detail::named_handler handler);

  detail::handler_names all_;
};

/// The router that a text describes. Throws `std::invalid_argument` with all that is wrong with the
/// text, a line for each fault, and the JSON Pointer before it (RFC 6901):
///
///     /routes/0/call: expected one of greet, page, got gret
///     /routes/3/path: { in a route pattern is never closed; a brace itself is \{ (in "/a/{b" at ...
///
/// That is all but a `provided<T>` that nothing supplies, which is known at start only. Methods are
/// those that IANA lists: of another one, a mistake could not be told.
/// Lifetime: the router shares the handlers, and views into nothing.
router configured_router(std::string_view text,
                         named_handlers const& known,
                         call_site where = {__builtin_FILE(), __builtin_LINE()});

// ------------------------------------------------------------------------------------------------

namespace detail {

/// What a function of `add_with` takes and makes; `sound` when that can be told.
template <class Make>
struct maker_of_handlers {
  static constexpr bool sound = false;
};
template <class Make>
  requires(signature_of<Make>::known && signature_of<Make>::is_const &&
           signature_of<Make>::parameters::size == 1)
struct maker_of_handlers<Make> {
  using parameter = typename nth_parameter<typename signature_of<Make>::parameters, 1>::type;
  using settings = std::remove_cvref_t<parameter>;
  using handler = std::remove_cvref_t<typename signature_of<Make>::result>;
  static constexpr bool sound =
      std::is_convertible_v<settings, parameter> && !std::is_void_v<handler>;
};

/// Says what a function of `add_with` is.
template <bool Sound, class Make>
struct explain_add_with {
  static_assert(Sound,
                "wend: add_with takes a lambda of one parameter, the settings by value or const&, "
                "which makes a handler of them; its type is written, not auto, and it is not "
                "mutable");
};

/// What a router says of any handler whose pattern it does not know yet.
template <class F>
using handler_check = typename route_maker<method::get, "/", "", F>::check;

template <class F>
inline constexpr bool may_handle = judge<F>().fault == handler_fault::none;

}  // namespace detail

template <class F>
named_handlers& named_handlers::add(std::string name, F handler, call_site where) {
  if constexpr (!detail::may_handle<F>)
    (void)detail::handler_check<F>{};
  else
    put(std::move(name),
        {[shared = std::make_shared<F const>(std::move(handler)), where](auto& reader) {
           if (reader.has_settings())
             reader.fail("/with", "this handler takes no settings");
           else
             reader.add(shared, where);
         },
         where});
  return *this;
}

template <class Make>
named_handlers& named_handlers::add_with(std::string name, Make make, call_site where) {
  using made = detail::maker_of_handlers<Make>;
  if constexpr (!made::sound) {
    (void)detail::explain_add_with<false, Make>{};
  } else {
    using settings = typename made::settings;
    using handler = typename made::handler;
    using culprit = detail::unreadable<nlohmann::json, settings>;
    if constexpr (!std::is_void_v<culprit>)
      (void)detail::explain_unreadable<false, culprit, settings>{};
    else if constexpr (!detail::may_handle<handler>)
      (void)detail::handler_check<handler>{};
    else
      put(std::move(name),
          {[shared = std::make_shared<Make const>(std::move(make)), where](auto& reader) {
             settings with{};
             if (!reader.read_settings(with)) return;
             reader.attempt("/with", [&] {
               reader.add(std::make_shared<handler const>((*shared)(std::move(with))), where);
             });
           },
           where});
  }
  return *this;
}

inline void named_handlers::put(std::string name, detail::named_handler handler) {
  auto const [at, added] = all_.try_emplace(std::move(name), std::move(handler));
  if (added) return;
  auto const place = [](call_site const& c) {
    return std::string(c.file) + ":" + std::to_string(c.line);
  };
  throw std::invalid_argument("wend: two handlers have the name " + at->first + " (" +
                              place(at->second.where) + " and " + place(handler.where) + ")");
}

inline router configured_router(std::string_view text,
                                named_handlers const& known,
                                call_site where) {
  return detail::route_reader(text, known.all_, where).read();
}

}  // namespace wend
