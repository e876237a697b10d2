// Responders: what the result of a handler becomes.
//
//     void                        204
//     T that is text              200, text/plain
//     T that JSON can hold        200, application/json
//     std::optional<T>            T, or a 404 problem
//     status                      that status, no content
//     std::pair<status, T>        T with that status; std::tuple<status, T> as well
//     created(url), redirect(url) 201, 303 with Location
//     json_array, json_lines      200, values made while they are sent (json_stream.hpp)
//     file(path)                  200, its bytes, or a 404 or 403 problem (net/file.hpp)
//     problem, result<T>          problem details
//     std::variant<T...>          whichever it holds
//     response                    itself
#pragma once

#include <wend/handler/json_write.hpp>
#include <wend/http/error.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/response.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace wend {

/// How a result of this type becomes a response. Specialise it for a type of your own:
///
///     template <> struct wend::responder<page> {
///       static void respond(page&& value, wend::response& out);   // out is a blank 200
///     };
template <class T>
struct responder;

/// 201 with a Location (RFC 9110 15.3.2), and perhaps what was created:
///
///     return wend::created(wend::url_for<"/notes/{id:int}">(id));
///     return wend::created(wend::url_for<"/notes/{id:int}">(id), draft);
template <class T = void>
struct created {
  created(std::string where, T what) : location(std::move(where)), value(std::move(what)) {}

  std::string location;
  T value;
};
template <>
struct created<void> {
  explicit created(std::string where) : location(std::move(where)) {}

  std::string location;
};
template <class T>
created(std::string, T) -> created<T>;
created(std::string) -> created<void>;

/// Another place to look: 303 for "see there", 307 or 308 for "do it again there" (RFC 9110 15.4).
/// Throws `std::invalid_argument` when the location cannot stand in a field.
inline response redirect(std::string_view location, status how = status::see_other) {
  response out(how);
  out.set("Location", location);
  return out;
}

/// The response that a handler's result becomes: for a handler whose results have different types,
/// or none that could be written down.
///
///     if (fresh) co_return wend::to_response(wend::stream("text/csv", produce));
///     co_return wend::to_response(wend::status::not_modified);
template <class T>
response to_response(T value);

// ------------------------------------------------------------------------------------------------

namespace detail {

template <class T>
concept has_responder = requires(T&& value, response& out) {
  responder<std::remove_cvref_t<T>>::respond(std::move(value), out);
};

template <class T>
concept text_result = std::convertible_to<T const&, std::string_view>;

/// The type that keeps a `T` from being a result: itself, or one inside of it; void for none.
template <class T>
consteval auto find_unfit_result();
template <class T>
using unfit_result = typename decltype(find_unfit_result<T>())::type;

template <class T>
struct result_parts;
template <class T>
struct result_parts<std::optional<T>> : unfit<unfit_result<T>> {};
template <class T>
struct result_parts<result<T>> : unfit<unfit_result<T>> {};
template <class T>
struct result_parts<created<T>> : unfit<unfit_result<T>> {};
template <class T>
struct result_parts<std::pair<status, T>> : unfit<unfit_result<T>> {};
template <class T>
struct result_parts<std::tuple<status, T>> : unfit<unfit_result<T>> {};
template <class... T>
struct result_parts<std::variant<T...>>
    : decltype((unfit<void>{} | ... | unfit<unfit_result<T>>{})) {};

template <class T>
consteval auto find_unfit_result() {
  if constexpr (std::is_void_v<T> || has_responder<T> || std::same_as<T, response> ||
                std::same_as<T, problem> || std::same_as<T, status>)
    return unfit<void>{};
  else if constexpr (requires { typename result_parts<T>::type; })
    return unfit<typename result_parts<T>::type>{};
  else if constexpr (text_result<T>)
    return unfit<void>{};
  else
    return find_unwritable<std::remove_cvref_t<T>>();
}

/// Whether a handler may return a `T`.
template <class T>
constexpr bool respondable() {
  return std::is_void_v<unfit_result<T>>;
}

template <class T>
void respond_text(response& out, T&& text) {
  out.fields.add("Content-Type: text/plain; charset=utf-8\r\n");
  if constexpr (std::same_as<T, std::string>) {
    // what fits is copied: the memory of `out` serves one answer after the other
    if (text.size() > out.body.capacity()) {
      out.body = std::move(text);
      return;
    }
  }
  out.body.append(std::string_view(text));
}

template <class T>
void respond(response& out, T&& value);

template <class T>
void respond(response& out, std::optional<T>&& value) {
  if (value)
    respond(out, std::move(*value));
  else
    problem(status::not_found).write(out);
}

template <class T>
void respond(response& out, result<T>&& value) {
  if (value)
    respond(out, *std::move(value));
  else
    problem(value.error().status, std::string(value.error().detail)).write(out);
}

template <class T>
void respond(response& out, created<T>&& value) {
  if constexpr (!std::is_void_v<T>) respond(out, std::move(value.value));
  out.status = status::created;
  out.set("Location", value.location);
}

template <class... T>
void respond(response& out, std::variant<T...>&& value) {
  std::visit([&](auto&& held) { respond(out, std::move(held)); }, std::move(value));
}

/// The status of a pair holds for what a plain value answers; a 404 of its own stays.
template <class T>
void respond_with_status(response& out, status s, T&& value) {
  respond(out, std::forward<T>(value));
  if (out.status == status::ok) out.status = s;
  if (forbids_content(out.status)) out.body.clear();
}

template <class T>
void respond(response& out, std::pair<status, T>&& value) {
  respond_with_status(out, value.first, std::move(value.second));
}

template <class T>
void respond(response& out, std::tuple<status, T>&& value) {
  respond_with_status(out, std::get<0>(value), std::get<1>(std::move(value)));
}

/// Everything that is not one of the above. `out` is a blank 200.
template <class T>
void respond(response& out, T&& value) {
  using plain = std::remove_cvref_t<T>;
  if constexpr (has_responder<plain>) {
    responder<plain>::respond(std::move(value), out);
  } else if constexpr (std::same_as<plain, response>) {
    out = std::move(value);
  } else if constexpr (std::same_as<plain, problem>) {
    value.write(out);
  } else if constexpr (std::same_as<plain, status>) {
    out.status = value;
  } else if constexpr (text_result<plain>) {
    respond_text(out, std::forward<T>(value));
  } else {
    out.fields.add("Content-Type: application/json\r\n");
    write_json(out.body, value);
  }
}

}  // namespace detail

template <class T>
response to_response(T value) {
  response out;
  detail::respond(out, std::move(value));
  return out;
}

}  // namespace wend
