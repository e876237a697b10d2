// A tree of nlohmann's into a C++ value, with all that does not fit. The rules stand in json.hpp.
//
// `Json` is nlohmann::json throughout; this header does not include it. Here are the errors and the
// values that stand alone; json_reader_compound.hpp has those that are made of others.
#pragma once

#include <wend/handler/detail/json_kind.hpp>
#include <wend/handler/detail/json_tree.hpp>
#include <wend/http/problem.hpp>

#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace wend {

/// How strict and how patient the reading of JSON is.
struct json_options {
  bool refuse_unknown = false;   ///< members that the struct does not have are errors
  std::size_t max_depth = 64;    ///< of objects and arrays within each other
  std::size_t max_errors = 100;  ///< reported; reading ends there
};

namespace detail {

/// Reads one body. Errors are collected, each with the path at which it was met.
class json_reader {
 public:
  json_reader(std::vector<problem::field_error> errors, std::size_t text_size, json_options options)
      : errors_(std::move(errors)), options_(options), patience_(1000 + 64 * text_size) {}

  /// False when something did not fit.
  template <class Json, class T>
  bool read(Json const& from, T& out);

  std::vector<problem::field_error> const& errors() const& noexcept { return errors_; }
  std::vector<problem::field_error> errors() && noexcept { return std::move(errors_); }

 private:
  bool fail(std::string detail);
  bool fail_type(std::string_view expected, std::string_view got);
  bool fail_size(std::size_t expected, std::size_t got);
  bool full() const noexcept { return !errors_.empty() && errors_.size() >= options_.max_errors; }
  template <class Read>
  bool below(std::string_view token, Read read);

  template <class Json, class T>
  bool read_foreign(Json const& from, T& out);
  template <class T, class Json, class Use>
  bool with_integer(Json const& from, Use use);
  template <class Json, class T>
  bool read_integer(Json const& from, T& out);
  template <class Json, class T>
  bool read_number(Json const& from, T& out);
  template <class Json, class T>
  bool read_range(Json const& from, T& out);
  template <class Json, class T>
  bool read_string(Json const& from, T& out);
  template <class Json, class T>
  bool read_enum(Json const& from, T& out);
  template <class Json, class T>
  bool read_nullable(Json const& from, T& out);
  template <class Json, class T>
  bool read_array(Json const& from, T& out);
  template <class Json, class T>
  bool read_key(std::string const& name, T& out);
  template <class Json, class T>
  bool read_map(Json const& from, T& out);
  template <class Json, class T>
  bool read_tuple(Json const& from, T& out);
  template <class Json, class T>
  bool read_variant(Json const& from, T& out);
  template <std::size_t I, class Json, class T>
  bool try_alternative(Json const& from, T& out, std::string& tried);
  template <class Json, class T>
  bool read_object(Json const& from, T& out);

  std::vector<problem::field_error> errors_;
  json_options options_;
  std::string path_;
  // Alternatives within alternatives are read again and again: a bound on all of it together.
  std::size_t patience_;
};

// ------------------------------------------------------------------------------------------------

template <class T>
concept fixed_size = std::is_array_v<T> || requires { std::tuple_size<T>::value; };

template <class T>
concept growing = requires(T& out, element_of<T> value) {
  out.clear();
  out.insert(out.end(), std::move(value));
};

template <class Json, class T>
concept has_from_json =
    user_type<T> && requires(Json const& from, T& out) { from_json(from, out); };

/// Whether `read` takes a `T`, as far as `T` itself is concerned.
template <class Json, class T>
consteval bool is_readable() {
  constexpr json_kind kind = kind_of<T>();
  if constexpr (!std::default_initializable<T>)
    return false;
  else if constexpr (has_from_json<Json, T>)
    return true;
  else if constexpr (kind == json_kind::string)
    return std::is_constructible_v<T, std::string const&> && !is_any_of<T, std::string_view>;
  else if constexpr (kind == json_kind::array)
    return fixed_size<T> || growing<T>;
  else if constexpr (kind == json_kind::map)
    return is_json_key<typename T::key_type>();
  else
    return kind != json_kind::none;
}

template <class Json>
struct reading {
  template <class T>
  struct look {
    static constexpr bool unfit = !is_readable<Json, T>();
    static constexpr bool closed = has_from_json<Json, T>;
  };
};

/// The type that keeps a `T` from being read: itself, or one inside of it; void for none.
template <class Json, class T>
using unreadable = typename decltype(find_unfit<reading<Json>::template look, T>())::type;

/// What the client sent, no longer than a message bears.
inline std::string shorten(std::string_view text, std::size_t most = 40) {
  if (text.size() <= most) return std::string(text);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return std::string(text.substr(0, end)) + "...";
}

template <class N>
std::string number_text(N value) {
  std::string out;
  append_number(out, value);
  return out;
}

inline bool json_reader::fail(std::string detail) {
  if (!full()) errors_.push_back({"body", path_, std::move(detail)});
  return false;
}

inline bool json_reader::fail_type(std::string_view expected, std::string_view got) {
  return fail("expected " + std::string(expected) + ", got " + std::string(got));
}

inline bool json_reader::fail_size(std::size_t expected, std::size_t got) {
  return fail("expected " + number_text(expected) + (expected == 1 ? " element" : " elements") +
              ", got " + number_text(got));
}

template <class Read>
bool json_reader::below(std::string_view token, Read read) {
  std::size_t const size = path_.size();
  append_pointer_token(path_, token);
  bool const ok = read();
  path_.resize(size);
  return ok;
}

template <class Json, class T>
bool json_reader::read(Json const& from, T& out) {
  constexpr json_kind kind = kind_of<T>();
  if (full()) return false;
  if (patience_ == 0) return fail("too many alternatives were tried");
  --patience_;
  if constexpr (has_from_json<Json, T>) {
    return read_foreign(from, out);
  } else if constexpr (kind == json_kind::any) {
    out = from;
    return true;
  } else if constexpr (kind == json_kind::null) {
    return from.is_null() || fail_type("null", from.type_name());
  } else if constexpr (kind == json_kind::boolean) {
    if (!from.is_boolean()) return fail_type("boolean", from.type_name());
    out = from.template get<bool>();
    return true;
  } else if constexpr (kind == json_kind::integer) {
    return read_integer(from, out);
  } else if constexpr (kind == json_kind::number) {
    return read_number(from, out);
  } else if constexpr (kind == json_kind::range) {
    return read_range(from, out);
  } else if constexpr (kind == json_kind::enumeration) {
    return read_enum(from, out);
  } else if constexpr (kind == json_kind::uuid || kind == json_kind::text ||
                       kind == json_kind::string || kind == json_kind::time) {
    return read_string(from, out);
  } else if constexpr (kind == json_kind::nullable) {
    return read_nullable(from, out);
  } else if constexpr (kind == json_kind::duration) {
    typename T::rep count{};
    if (!read(from, count)) return false;
    out = T{count};
    return true;
  } else if constexpr (kind == json_kind::variant) {
    return read_variant(from, out);
  } else if constexpr (kind == json_kind::tuple) {
    return read_tuple(from, out);
  } else if constexpr (kind == json_kind::map) {
    return read_map(from, out);
  } else if constexpr (kind == json_kind::array) {
    return read_array(from, out);
  } else {
    return read_object(from, out);
  }
}

template <class Json, class T>
bool json_reader::read_foreign(Json const& from, T& out) {
  try {
    from_json(from, out);
    return true;
  } catch (std::bad_alloc const&) {
    throw;  // not the fault of the text
  } catch (std::exception const& e) {
    std::string_view reason = e.what();
    if (reason.starts_with("[json.exception.")) reason.remove_prefix(reason.find("] ") + 2);
    return fail(std::string(reason));
  } catch (...) {
    return fail("was refused");
  }
}

/// Calls `use` with the integer that `from` is, in the signed or unsigned type that holds it.
template <class T, class Json, class Use>
bool json_reader::with_integer(Json const& from, Use use) {
  if (from.is_number_unsigned()) return use(from.template get<std::uint64_t>());
  if (from.is_number_integer()) return use(from.template get<std::int64_t>());
  if (!from.is_number()) return fail_type("integer", from.type_name());
  double const value = from.template get<double>();
  constexpr double exact = 9007199254740992;  // 2^53: beyond it a double skips integers
  if (std::trunc(value) != value || std::abs(value) > exact)
    return fail_type("integer", number_text(value));
  return use(static_cast<std::int64_t>(value));
}

template <class Json, class T>
bool json_reader::read_integer(Json const& from, T& out) {
  return with_integer<T>(from, [&](auto value) {
    using numbers = std::numeric_limits<T>;
    if (!std::in_range<T>(value))
      return fail("expected an integer from " + number_text(+numbers::min()) + " to " +
                  number_text(+numbers::max()) + ", got " + number_text(value));
    out = static_cast<T>(value);
    return true;
  });
}

template <class Json, class T>
bool json_reader::read_number(Json const& from, T& out) {
  if (!from.is_number()) return fail_type("number", from.type_name());
  double const value = from.template get<double>();
  if (std::abs(value) > static_cast<double>(std::numeric_limits<T>::max()))
    return fail("expected a number that fits " + number_text(std::numeric_limits<T>::max()) +
                ", got " + number_text(value));
  out = static_cast<T>(value);
  return true;
}

template <class Json, class T>
bool json_reader::read_range(Json const& from, T& out) {
  auto const use = [&](auto value) {
    if (auto why = T::check(value)) return fail(std::move(*why));
    out = value;
    return true;
  };
  if constexpr (std::is_integral_v<typename T::value_type>) {
    return with_integer<T>(from, use);
  } else {
    if (!from.is_number()) return fail_type("number", from.type_name());
    return use(from.template get<double>());
  }
}

template <class Json, class T>
bool json_reader::read_string(Json const& from, T& out) {
  if (!from.is_string()) return fail_type("string", from.type_name());
  auto const& text = from.template get_ref<std::string const&>();
  if constexpr (is_text<T>) {
    if (auto why = T::check(text)) return fail(std::move(*why));
    out = text;
  } else if constexpr (std::is_same_v<T, uuid>) {
    auto const value = uuid::parse(text);
    if (!value) return fail("expected a UUID, got " + shorten(text));
    out = *value;
  } else if constexpr (is_time<T>) {
    constexpr bool is_date = std::is_convertible_v<T, std::chrono::sys_days>;
    using duration = typename std::conditional_t<is_date, std::chrono::sys_days, T>::duration;
    auto const value = parse_timestamp<duration>(text);
    if (!value)
      return fail((is_date ? "expected a date such as 2026-01-31, got "
                           : "expected a time such as 2026-01-31T12:00:00Z, got ") +
                  shorten(text));
    out = T(*value);
  } else {
    out = T(text);
  }
  return true;
}

template <class Json, class T>
bool json_reader::read_enum(Json const& from, T& out) {
  if constexpr (enum_names<T>.empty()) {
    std::underlying_type_t<T> number{};
    if (!read(from, number)) return false;
    out = static_cast<T>(number);
    return true;
  } else {
    if (!from.is_string()) return fail_type("string", from.type_name());
    auto const& name = from.template get_ref<std::string const&>();
    if (auto const value = enum_from_name<T>(name)) {
      out = *value;
      return true;
    }
    std::string why = "expected one of ";
    for (auto known : enum_names<T>)
      (why += known) += ", ";
    return fail(why + "got " + shorten(name));
  }
}

}  // namespace detail

}  // namespace wend
