// Extractors: parameter types of handlers that say what a request must bring.
//
// A parameter that is not an extractor takes the next capture of the route. What does not fit is
// collected in a `rejection`, all of it, and answered before the handler would run.
#pragma once

#include <wend/handler/converters.hpp>
#include <wend/handler/handler_fault.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/field_value.hpp>
#include <wend/http/percent.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/route/convert.hpp>
#include <wend/route/fixed_string.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace wend {

/// What is wrong with a request, as far as the extractors of its handler have found.
class rejection {
 public:
  /// More are not told: a small request must not be answered with a large list.
  static constexpr std::size_t max_errors = 100;

  /// Notes a part of the request that does not fit. `in` and `where` as in `problem::field_error`;
  /// a part of the body makes the answer a 422, any other a 400.
  void add(std::string in, std::string where, std::string detail);

  /// Notes that the request cannot be read at all: 415, or JSON that is none. The first one counts.
  void refuse(problem why);

  bool empty() const noexcept { return !problem_; }
  problem const& answer() const noexcept { return *problem_; }

 private:
  std::unique_ptr<problem> problem_;  // nearly always null, and then this costs nothing
};

/// How a parameter of this type is made from a request. Specialise it for a type of your own:
///
///     template <> struct wend::extractor<locale> {
///       static std::optional<locale> extract(wend::request& in, wend::rejection& why);
///     };
///
/// `extract` returns nothing after it has noted in `why` what is wrong. `static constexpr bool
/// takes_body = true;` says that the body must have been read; one parameter of a handler may. With
/// `static constexpr body_mode mode = body_mode::pieces;` besides, the handler is called at once.
///
/// One that reads a part of the request which has an extractor here may say so: `using reads =
/// wend::header<"Accept-Language", std::string>;`. Documents tell it then, and clients send it.
///
/// What stays where it is while the handler runs says `static constexpr bool by_reference = true;`:
/// its `extract` returns a pointer, null after it has noted what is wrong, and the parameter is a
/// `T&`.
template <class T>
struct extractor;

/// The default of an extractor that has none: the part must be there.
struct required {
  friend bool operator==(required, required) = default;
};

/// A parameter of the query: `query<"limit", int>` must be there,
/// `query<"limit", std::optional<int>>` may be, `query<"limit", int, 20>` is 20 when it is not, and
/// `query<"tag", std::vector<std::string>>` takes all that there are. Names and values are
/// form-decoded: "+" is a space.
template <fixed_string Name, class T, auto Default = required{}>
class query;

/// A header field, by its name in any case; required, optional or with a default like `query`.
template <fixed_string Name, class T, auto Default = required{}>
class header;

/// A cookie (RFC 6265); required, optional or with a default like `query`. Values are not decoded.
template <fixed_string Name, class T, auto Default = required{}>
class cookie;

/// A capture by its name, for handlers that do not take captures in order: `path<"id", int>`.
template <fixed_string Name, class T>
class path;

/// The bytes of the body, whatever they are.
/// Lifetime: a view into the request.
struct body {
  std::string_view bytes;

  constexpr operator std::string_view() const noexcept { return bytes; }
  constexpr std::string_view operator*() const noexcept { return bytes; }
};

/// True when a parameter of this type is an extractor and not a capture.
template <class T>
concept extractable = requires(request& in, rejection& why) {
  { extractor<T>::extract(in, why) } -> std::same_as<std::optional<T>>;
} || (extractor<T>::by_reference && requires(request& in, rejection& why) {
                        { *extractor<T>::extract(in, why) } -> std::same_as<T&>;
                      });

// ------------------------------------------------------------------------------------------------

#if WEND_COMPILED_HERE

WEND_INLINE void rejection::add(std::string in, std::string where, std::string detail) {
  auto const weight = in == "body" ? status::unprocessable_content : status::bad_request;
  if (!problem_) problem_ = std::make_unique<problem>(weight);
  if (problem_->errors.size() >= max_errors) return;
  if (problem_->status == status::unprocessable_content) problem_->status = weight;
  problem_->errors.push_back({std::move(in), std::move(where), std::move(detail)});
}

WEND_INLINE void rejection::refuse(problem why) {
  if (problem_ && problem_->errors.empty()) return;
  auto errors = problem_ ? std::move(problem_->errors) : std::vector<problem::field_error>{};
  problem_ = std::make_unique<problem>(std::move(why));
  problem_->errors.insert(problem_->errors.begin(), errors.begin(), errors.end());
}

#endif

namespace detail {

/// What `query`, `header`, `cookie` and `path` share: a value, read like a pointer.
template <class T>
class extracted {
 public:
  using value_type = T;
  explicit extracted(T value) : value_(std::move(value)) {}

  T& operator*() noexcept { return value_; }
  T const& operator*() const noexcept { return value_; }
  T* operator->() noexcept { return &value_; }
  T const* operator->() const noexcept { return &value_; }

 private:
  T value_;
};

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

/// One value from text; notes what is wrong with it.
template <class T>
std::optional<T> convert_part(std::string_view in,
                              std::string_view name,
                              std::string_view text,
                              rejection& why) {
  auto value = converter<T>::from_text(text);
  if (!value) why.add(std::string(in), std::string(name), why_not<T>(text));
  return value;
}

/// A part of a request that may be missing: converts it, or takes the default, or notes the lack.
template <class T, auto Default>
std::optional<T> convert_or_default(std::string_view in,
                                    std::string_view name,
                                    std::optional<std::string_view> text,
                                    rejection& why) {
  if constexpr (is_optional<T>) {
    if (!text) return std::optional<T>(std::in_place);
    if (auto value = convert_part<typename T::value_type>(in, name, *text, why)) return T{*value};
    return std::nullopt;
  } else {
    if (text) return convert_part<T>(in, name, *text, why);
    if constexpr (std::same_as<std::remove_const_t<decltype(Default)>, required>) {
      why.add(std::string(in), std::string(name), "is required");
      return std::nullopt;
    } else {
      return T{Default};
    }
  }
}

/// The 415 for a body that is not of the one type that a handler takes (RFC 9110 15.5.16).
inline problem wrong_content_type(std::string_view wanted) {
  problem out(status::unsupported_media_type, "the Content-Type has to be " + std::string(wanted));
  out.fields.add("Accept", wanted);
  return out;
}

/// Calls `visit(value)` for each undecoded value of a parameter in form-encoded text until it
/// returns false.
template <class Visitor>
void for_each_form_value(std::string_view text, std::string_view name, Visitor&& visit) {
  while (!text.empty()) {
    auto const end = text.find('&');
    auto const pair = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    auto const equals = pair.find('=');
    auto const key = pair.substr(0, equals);
    bool const escaped = key.find_first_of("%+") != key.npos;
    if (escaped ? percent_decode(key, true) != name : key != name) continue;
    if (!visit(equals == pair.npos ? std::string_view{} : pair.substr(equals + 1))) return;
  }
}

/// A form value, decoded; the text is kept in the request when it had to be changed.
inline std::optional<std::string_view> decode_form_value(request& in, std::string_view raw) {
  if (raw.find_first_of("%+") == raw.npos) return raw;
  auto text = percent_decode(raw, true);
  if (!text) return std::nullopt;
  return in.keep(std::move(*text));
}

/// A named parameter of form-encoded text: of the query, or of a body.
template <class T, auto Default>
std::optional<T> extract_form_value(request& in,
                                    std::string_view text,
                                    std::string_view place,
                                    std::string_view name,
                                    rejection& why) {
  bool malformed = false;
  auto const decoded = [&](std::string_view raw) {
    auto value = decode_form_value(in, raw);
    if (!value) why.add(std::string(place), std::string(name), "holds a malformed escape");
    malformed = malformed || !value;
    return value;
  };
  if constexpr (is_vector<T>) {
    T all;
    for_each_form_value(text, name, [&](std::string_view raw) {
      if (auto const value = decoded(raw))
        if (auto item = convert_part<typename T::value_type>(place, name, *value, why))
          all.push_back(std::move(*item));
      return true;
    });
    return all;
  } else {
    std::optional<std::string_view> first;
    for_each_form_value(text, name, [&](std::string_view raw) {
      first = decoded(raw);
      return false;
    });
    if (malformed) return std::nullopt;
    return convert_or_default<T, Default>(place, name, first, why);
  }
}

/// What a part of a request is made of: one value, an optional one, or perhaps any number.
template <class T>
struct value_of : unwrap_optional<T> {};
template <class T>
struct value_of<std::vector<T>> {
  using type = T;
};

/// What is wrong with the parameter itself, for `handler_judge`.
template <class T>
constexpr handler_fault part_fault(handler_fault of_name = handler_fault::none) {
  if (of_name != handler_fault::none) return of_name;
  return convertible_text<T> ? handler_fault::none : handler_fault::no_converter;
}

template <class T, template <fixed_string, class, auto> class Part, fixed_string Name, auto Default>
std::optional<Part<Name, T, Default>> wrap(std::optional<T> value) {
  if (!value) return std::nullopt;
  return Part<Name, T, Default>(std::move(*value));
}

}  // namespace detail

template <fixed_string Name, class T, auto Default>
class query : public detail::extracted<T> {
 public:
  using detail::extracted<T>::extracted;
};

template <fixed_string Name, class T, auto Default>
class header : public detail::extracted<T> {
 public:
  using detail::extracted<T>::extracted;
};

template <fixed_string Name, class T, auto Default>
class cookie : public detail::extracted<T> {
 public:
  using detail::extracted<T>::extracted;
};

template <fixed_string Name, class T>
class path : public detail::extracted<T> {
 public:
  using detail::extracted<T>::extracted;
};

template <fixed_string Name, class T, auto Default>
struct extractor<query<Name, T, Default>> {
  static constexpr auto fault = detail::part_fault<typename detail::value_of<T>::type>();
  static std::optional<query<Name, T, Default>> extract(request& in, rejection& why) {
    return detail::wrap<T, query, Name, Default>(
        detail::extract_form_value<T, Default>(in, in.target.query, "query", Name.view(), why));
  }
};

template <fixed_string Name, class T, auto Default>
struct extractor<header<Name, T, Default>> {
  static constexpr auto fault = detail::part_fault<typename detail::unwrap_optional<T>::type>(
      is_token(Name.view()) ? detail::handler_fault::none : detail::handler_fault::header_name);
  static std::optional<header<Name, T, Default>> extract(request& in, rejection& why) {
    return detail::wrap<T, header, Name, Default>(detail::convert_or_default<T, Default>(
        "header", Name.view(), in.fields.get(Name.view()), why));
  }
};

template <fixed_string Name, class T, auto Default>
struct extractor<cookie<Name, T, Default>> {
  static constexpr auto fault = detail::part_fault<typename detail::unwrap_optional<T>::type>(
      is_token(Name.view()) ? detail::handler_fault::none : detail::handler_fault::cookie_name);
  static std::optional<cookie<Name, T, Default>> extract(request& in, rejection& why) {
    std::optional<std::string_view> value;
    for (auto const& f : in.fields)
      if (!value && iequals(f.name, "Cookie")) value = cookie_value(f.value, Name.view());
    return detail::wrap<T, cookie, Name, Default>(
        detail::convert_or_default<T, Default>("cookie", Name.view(), value, why));
  }
};

template <>
struct extractor<body> {
  static constexpr bool takes_body = true;
  static std::optional<body> extract(request& in, rejection&) { return body{in.body}; }
};

}  // namespace wend
