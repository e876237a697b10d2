// JSON that is made while it is sent: many values, one at a time, in constant memory.
//
//     json_array(next)   application/json     [1,2,3]
//     json_lines(next)   application/x-ndjson one value a line
//
// All of it is made by plain calls on the thread of the connection: `next` is asked whenever there
// is room, and must not wait. What waits is a stream of net/.
#pragma once

#include <wend/handler/json_write.hpp>
#include <wend/handler/respond.hpp>
#include <wend/http/response.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace wend {

/// How values stand one after the other.
enum class json_form : std::uint8_t { array, lines };

/// Values that become a response while they are made; see `json_array` and `json_lines`.
template <json_form Form, class Values>
struct json_stream {
  Values values;
};

/// A JSON array of what `values` gives: a callable that returns a `std::optional<T>`, empty after
/// the last value, or an input range. `T` is what `write_json` takes.
///
///     return wend::json_array([rows = db.query()]() mutable { return rows.next(); });
///     return wend::json_array(std::views::iota(0, n) | std::views::transform(square));
///
/// Up to 16 KiB are made before the response begins: if that is all, it has a Content-Length. An
/// exception until then is answered like any other of a handler; a later one cuts the connection,
/// so that the client sees that the array is not complete.
///
/// Lifetime: `values` is copied or moved into the response, and used until all of it is sent; what
/// it refers to must live as long. Allocates: about 16 KiB at a time, more for a value that is
/// longer.
template <class Values>
auto json_array(Values&& values);

/// The same as lines (NDJSON, JSON Lines): each value as JSON text, followed by LF. A client can
/// use what has come before all has, and an empty sequence has no content.
///
/// Choice: the media type is application/x-ndjson. Neither it nor application/jsonl is registered;
/// it is the one that the NDJSON specification names, and that log shippers and databases take.
template <class Values>
auto json_lines(Values&& values);

// ------------------------------------------------------------------------------------------------

namespace detail {

template <class T>
inline constexpr bool is_optional_value = false;
template <class T>
inline constexpr bool is_optional_value<std::optional<T>> = true;

/// Something that returns the next value each time, and at last none.
template <class F>
concept value_generator =
    std::invocable<F&> && is_optional_value<std::remove_cvref_t<std::invoke_result_t<F&>>>;

/// A range, perhaps one that can be gone through but once.
template <class R>
concept iterable_once = requires(R& values) {
  { std::begin(values) == std::end(values) } -> std::convertible_to<bool>;
  requires std::input_iterator<decltype(std::begin(values))>;
};

/// What a sequence consists of; nothing when it is none.
template <class Values>
struct json_values {};
template <value_generator F>
struct json_values<F> {
  using type = std::remove_cv_t<typename std::remove_cvref_t<std::invoke_result_t<F&>>::value_type>;
};
template <class R>
  requires(iterable_once<R> && !value_generator<R>)
struct json_values<R> {
  using type = std::iter_value_t<decltype(std::begin(std::declval<R&>()))>;
};
template <class Values>
concept json_sequence = requires { typename json_values<Values>::type; };

/// Says that something is no sequence.
template <bool Sound, class Values>
struct explain_json_stream {
  static_assert(Sound,
                "wend: json_array and json_lines take a callable that returns std::optional<T>, "
                "empty after the last value, or a range of values");
};

template <json_form Form, class Values>
auto make_json_stream(Values&& values) {
  using held = std::decay_t<Values>;
  if constexpr (json_sequence<held>) {
    return json_stream<Form, held>{std::forward<Values>(values)};
  } else {
    (void)explain_json_stream<json_sequence<held>, held>{};
    return response();  // harmless, so that this is the only error
  }
}

/// Writes the values of a callable, one at each call of `next`.
template <class Values>
class json_cursor {
 public:
  explicit json_cursor(Values&& values) : next_(std::move(values)) {}

  /// Calls `write(value)`, and is false when there was none.
  template <class Write>
  bool next(Write&& write) {
    auto&& value = next_();
    if (value) write(*value);
    return value.has_value();
  }

 private:
  Values next_;
};

/// The same for a range.
template <class Values>
  requires(!value_generator<Values>)
class json_cursor<Values> {
 public:
  explicit json_cursor(Values&& values) : values_(std::move(values)) {}

  template <class Write>
  bool next(Write&& write) {
    if (at_)
      ++*at_;  // not after the last value was written: to go on may mean to wait
    else
      at_.emplace(std::begin(values_));  // not before: it points into this very object
    if (*at_ == std::end(values_)) return false;
    write(**at_);
    return true;
  }

 private:
  Values values_;
  std::optional<decltype(std::begin(std::declval<Values&>()))> at_;
};

template <json_form Form, class Values>
class json_source final : public body_source {
 public:
  static constexpr std::size_t piece = 16 * 1024;  // in bytes: enough to be worth a write

  explicit json_source(Values&& values) : values_(std::move(values)) {}

  bool read(std::string& out) override {
    if (!first_.empty()) {
      out.append(first_);
      std::string().swap(first_);
      return true;
    }
    return make(out);
  }

  /// Makes the content of `out`: all of it, or a first piece that is kept for later.
  static void start(Values&& values, response& out) {
    auto source = std::make_unique<json_source>(std::move(values));
    if (!source->make(out.body)) return;
    source->first_.swap(out.body);
    out.source = std::move(source);
  }

 private:
  /// Appends values until a piece is full; false after the last.
  bool make(std::string& out) {
    auto const enough = out.size() + piece;
    while (out.size() < enough)
      if (!add(out)) return false;
    return true;
  }

  bool add(std::string& out) {
    using value = typename json_values<Values>::type;
    bool const more = values_.next([&](value const& v) {
      if (Form == json_form::array) out += any_ ? ',' : '[';
      any_ = true;
      write_json<value>(out, v);
      if (Form == json_form::lines) out += '\n';
    });
    if (Form == json_form::array && !more) out += any_ ? "]" : "[]";
    return more;
  }

  json_cursor<Values> values_;
  std::string first_;
  bool any_ = false;
};

template <json_form Form, class Values>
struct result_parts<json_stream<Form, Values>>
    : decltype(find_unwritable<typename json_values<Values>::type>()) {};

}  // namespace detail

template <json_form Form, class Values>
  requires json_writable<typename detail::json_values<Values>::type>
struct responder<json_stream<Form, Values>> {
  static void respond(json_stream<Form, Values>&& stream, response& out) {
    out.set("Content-Type", Form == json_form::array ? "application/json" : "application/x-ndjson");
    detail::json_source<Form, Values>::start(std::move(stream.values), out);
  }
};

template <class Values>
auto json_array(Values&& values) {
  return detail::make_json_stream<json_form::array>(std::forward<Values>(values));
}

template <class Values>
auto json_lines(Values&& values) {
  return detail::make_json_stream<json_form::lines>(std::forward<Values>(values));
}

}  // namespace wend
