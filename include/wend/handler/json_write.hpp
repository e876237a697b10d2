// Values as JSON text (RFC 8259), straight into a string: no tree in between, no JSON library.
//
//     bool, numbers                  themselves; NaN and infinities are null
//     std::string and the like      a string; what is not UTF-8 becomes U+FFFD
//     enum                           its name as a string, or its number when it has none
//     wend::uuid                     a string
//     time_point of system_clock     a string, "2026-01-02T03:04:05Z"; sys_days: "2026-01-02";
//                                    null outside of the years 0 to 9999
//     chrono::duration               a number of its unit
//     text, range                    what they hold
//     optional, smart pointers       what they hold, or null
//     vector, array, set, span, ...  an array
//     pair, tuple                    an array
//     map, unordered_map             an object; keys are strings, integers, enums or uuids
//     variant                        the alternative that it holds
//     an aggregate                   an object with all its members, by their names, in their order
//     nlohmann::json                 itself
//     what has nlohmann's to_json    what that makes of it (include <wend/handler/json.hpp>)
#pragma once

#include <wend/handler/detail/json_kind.hpp>
#include <wend/handler/json_fault.hpp>
#include <wend/http/problem.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace wend {

namespace detail {

template <class T>
consteval auto find_unwritable();

/// The type that keeps a `T` from being written: itself, or one inside of it; void for none.
template <class T>
using unwritable = typename decltype(find_unwritable<std::remove_cvref_t<T>>())::type;

}  // namespace detail

/// What `write_json` takes, with all that is inside of it.
template <class T>
concept json_writable = std::is_void_v<detail::unwritable<T>>;

/// Appends `value` as JSON text, without white space. An empty optional member is written as null.
/// Throws what a user's to_json throws. Allocates: the text.
template <class T>
void write_json(std::string& out, T const& value);

// ------------------------------------------------------------------------------------------------

namespace detail {

/// Why a `T` is not written, whatever is inside of it.
template <class T>
consteval write_fault write_fault_of() {
  constexpr json_kind kind = kind_of<T>();
  if constexpr (has_to_json<T>)
    return requires { sizeof(nlohmann_bridge<T>); } ? write_fault::none : write_fault::bridge;
  else if constexpr (kind == json_kind::map)
    return is_json_key<typename T::key_type>() ? write_fault::none : write_fault::key;
  else
    return kind == json_kind::none ? write_fault::unknown : write_fault::none;
}

template <class T>
struct look_to_write {
  static constexpr bool unfit = write_fault_of<T>() != write_fault::none;
  static constexpr bool closed = has_to_json<T>;
};

template <class T>
consteval auto find_unwritable() {
  if constexpr (std::is_void_v<T>)
    return unfit<std::nullptr_t>{};  // void is no value
  else
    return find_unfit<look_to_write, T>();
}

template <class T>
void write_number(std::string& out, T value) {
  if (std::isfinite(value))
    detail::append_number(out, value);
  else
    out += "null";
}

template <class T>
void write_string(std::string& out, T const& value) {
  if constexpr (std::is_array_v<T>) {
    std::string_view const all(value, std::extent_v<T>);  // perhaps without a NUL at its end
    append_json_string(out, all.substr(0, all.find('\0')));
  } else if constexpr (std::is_pointer_v<T>) {
    value ? append_json_string(out, value) : void(out += "null");
  } else {
    append_json_string(out, value);
  }
}

template <class T>
void write_time(std::string& out, T const& when) {
  std::string text;
  if constexpr (std::is_same_v<T, std::chrono::year_month_day>)
    text = when.ok() ? format_timestamp(std::chrono::sys_days{when}) : "";
  else
    text = format_timestamp(when);
  text.empty() ? void(out += "null") : append_json_string(out, text);
}

template <class T>
void write_array(std::string& out, T const& values) {
  char separator = '[';
  for (auto const& value : values) {
    out += separator;
    separator = ',';
    wend::write_json<element_of<T>>(out, value);
  }
  out += separator == '[' ? "[]" : "]";
}

template <class T>
void write_map(std::string& out, T const& map) {
  char separator = '{';
  for (auto const& [key, value] : map) {
    out += separator;
    separator = ',';
    std::size_t const start = out.size();
    wend::write_json(out, key);
    if (out[start] != '"') out.insert(start, 1, '"') += '"';  // a number
    out += ':';
    wend::write_json(out, value);
  }
  out += separator == '{' ? "{}" : "}";
}

template <class T>
void write_tuple(std::string& out, T const& tuple) {
  out += '[';
  std::apply(
      [&](auto const&... values) {
        [[maybe_unused]] std::size_t n = 0;
        ((n++ > 0 ? void(out += ',') : void(), wend::write_json(out, values)), ...);
      },
      tuple);
  out += ']';
}

/// What stands before each value of a `T`: {"first": and ,"second": in one text, and where they end.
/// An identifier needs no escape.
template <class T>
inline constexpr auto member_openings = [] {
  constexpr auto total = [] {
    std::size_t n = 0;
    for (auto const name : member_names<T>)
      n += name.size() + 4;
    return n;
  }();
  struct {
    std::array<char, total> text{};
    std::array<std::size_t, member_count<T> + 1> ends{};
    std::string_view operator[](std::size_t i) const noexcept {
      return {text.data() + ends[i], ends[i + 1] - ends[i]};
    }
  } out;
  std::size_t at = 0, i = 0;
  for (auto const name : member_names<T>) {
    out.text[at++] = i == 0 ? '{' : ',';
    out.text[at++] = '"';
    for (char c : name)
      out.text[at++] = c;
    out.text[at++] = '"';
    out.text[at++] = ':';
    out.ends[++i] = at;
  }
  return out;
}();

/// Called with the members of a `T`.
template <class T>
struct object_writer {
  std::string& out;

  template <class... M>
  void operator()(M const&... members) const {
    [[maybe_unused]] std::size_t i = 0;
    ((out += member_openings<T>[i++], wend::write_json(out, members)), ...);
    out += sizeof...(M) > 0 ? "}" : "{}";
  }
};

template <class T>
void write_enum(std::string& out, T value) {
  if (auto const name = wend::enum_name(value); !name.empty())
    append_json_string(out, name);
  else
    detail::append_number(out, +static_cast<std::underlying_type_t<T>>(value));
}

}  // namespace detail

template <class T>
void write_json(std::string& out, T const& value) {
  using detail::json_kind;
  constexpr json_kind kind = detail::kind_of<T>();
  using culprit = detail::unwritable<T>;
  if constexpr (!std::is_void_v<culprit>)
    (void)detail::explain_unwritable<detail::write_fault_of<culprit>(), culprit, T>{};
  else if constexpr (detail::has_to_json<T>)
    detail::nlohmann_bridge<T>::write(out, value);
  else if constexpr (kind == json_kind::any)
    out += value.dump(-1, ' ', false, T::error_handler_t::replace);
  else if constexpr (kind == json_kind::null)
    out += "null";
  else if constexpr (kind == json_kind::boolean)
    out += value ? "true" : "false";
  else if constexpr (kind == json_kind::integer)
    detail::append_number(out, value);
  else if constexpr (kind == json_kind::number)
    detail::write_number(out, value);
  else if constexpr (kind == json_kind::enumeration)
    detail::write_enum(out, value);
  else if constexpr (kind == json_kind::uuid)
    detail::append_json_string(out, value.to_string());
  else if constexpr (kind == json_kind::text || kind == json_kind::range)
    wend::write_json<typename T::value_type>(out, *value);
  else if constexpr (kind == json_kind::string)
    detail::write_string(out, value);
  else if constexpr (kind == json_kind::nullable)
    value ? wend::write_json(out, *value) : void(out += "null");
  else if constexpr (kind == json_kind::time)
    detail::write_time(out, value);
  else if constexpr (kind == json_kind::duration)
    wend::write_json(out, value.count());
  else if constexpr (kind == json_kind::variant)
    std::visit([&](auto const& held) { wend::write_json(out, held); }, value);
  else if constexpr (kind == json_kind::tuple)
    detail::write_tuple(out, value);
  else if constexpr (kind == json_kind::map)
    detail::write_map(out, value);
  else if constexpr (kind == json_kind::array)
    detail::write_array(out, value);
  else
    detail::apply_members<detail::member_count<T>>(value, detail::object_writer<T>{out});
}

}  // namespace wend
