// The URL of a route: a pattern read backwards.
#pragma once

#include <wend/http/detail/compiled.hpp>
#include <wend/http/percent.hpp>
#include <wend/http/request.hpp>
#include <wend/http/target.hpp>
#include <wend/route/build_tree.hpp>
#include <wend/route/convert.hpp>
#include <wend/route/lookup.hpp>
#include <wend/route/pattern.hpp>
#include <wend/route/url_pattern.hpp>

#include <array>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend {

/// The path of a pattern with its captures filled in, in order:
///
///     url_for<"/notes/{id:int}">(42)                    // "/notes/42"
///     url_for<"/files/{name}">("a/b c")                 // "/files/a%2Fb%20c"
///     url_for<"/logs[/{day}]">(std::nullopt)            // "/logs"
///
/// A wrong count or type of arguments does not compile. A capture inside [ ] takes a value, a
/// `std::optional` or `std::nullopt`; a bracket without captures is left out.
///
/// Behind the captures come parameters of the query: see `arg`.
///
/// A pattern with scheme and host makes a link to somewhere else. A plain capture in the host is one
/// label; a value there that a host cannot have is refused.
///
///     url_for<"https://{shard}.cdn.example.com/{file...}">("a", "x/y.js")
///
/// All but unreserved characters are percent-encoded; {x:any} and {x...} keep their slashes, but for
/// one at the beginning of the path, as "//x" is another host.
/// Throws `std::invalid_argument` for values that the pattern itself would not read back as they
/// are: "x" for a slug of digits, ".." for a segment, "a.b" for the name of "/{name}.{type}".
/// Allocates: the result.
template <fixed_string Pattern, class... Values>
std::string url_for(Values const&... values);

/// The same below the prefix that `in` came through: for what is mounted and links to itself.
template <fixed_string Pattern, class... Values>
std::string url_for(request const& in, Values const&... values);

/// A parameter of the query, made by `arg`.
template <fixed_string Name, class T>
struct query_argument {
  T value;
};

/// A parameter of the query for `url_for`, of a value that has a `converter`: left out for an
/// optional without one, repeated for a vector.
///
///     url_for<"/notes">(arg<"limit">(20), arg<"tag">("a b"))   // "/notes?limit=20&tag=a%20b"
template <fixed_string Name, class T>
query_argument<Name, T> arg(T value);

// ------------------------------------------------------------------------------------------------

namespace detail {

/// The values of a URL as text; nothing for an optional part that is left out.
using url_values = std::span<std::optional<std::string> const>;

/// Where the bracket that opens at `open` closes.
constexpr std::size_t closing_bracket(parsed_pattern const& p, std::size_t open) {
  std::size_t depth = 0;
  for (auto i = open; i < p.size; ++i) {
    depth += p.symbols[i] == open_symbol;
    if (p.symbols[i] == close_symbol && --depth == 0) return i;
  }
  return p.size;
}

/// What a path has beside letters and digits without being encoded (pchar and "/", RFC 3986 3.3).
inline constexpr std::string_view path_bytes = "/!$&'()*+,;=:@";

/// The path of a pattern with these values. Throws when they are not read back.
std::string checked_url(parsed_pattern const& p,
                        std::string_view pattern_text,
                        tree const& t,
                        url_values values);

#if WEND_COMPILED_HERE

/// True when a bracket holds captures of its own and all have values.
inline bool is_filled(parsed_pattern const& p, url_values values, std::size_t i, std::size_t end) {
  bool any = false;
  for (++i; i < end; ++i) {
    if (p.symbols[i] == open_symbol) {
      auto const inner_end = closing_bracket(p, i);
      any = any || is_filled(p, values, i, inner_end);
      i = inner_end;
    } else if (p.symbols[i] >= capture_symbol) {
      if (!values[p.symbols[i] - capture_symbol]) return false;
      any = true;
    }
  }
  return any;
}

/// Whether slashes in the value of a capture are slashes of the path.
inline bool takes_slash(capture_spec const& c) {
  if (c.type != capture_type::regex) return c.type >= capture_type::any;
  auto const compiled = parse_regex(c.regex);
  for (std::size_t i = 0; i < compiled.size; ++i)
    if (compiled.positions[i].bytes('/')) return true;
  return false;
}

inline std::string build_url(parsed_pattern const& p, url_values values) {
  std::string out;
  for (std::size_t i = 0; i < p.size; ++i) {
    symbol const s = p.symbols[i];
    if (s == open_symbol) {
      auto const end = closing_bracket(p, i);
      if (!is_filled(p, values, i, end)) i = end;
    } else if (s >= capture_symbol && s < open_symbol) {
      auto const index = static_cast<std::size_t>(s - capture_symbol);
      bool const spans = takes_slash(p.capture[index]);
      if (values[index]) out += percent_encode(*values[index], spans ? "/" : "");
    } else if (s == 0) {
      out += "%2F";
    } else if (s < capture_symbol) {
      char const c = static_cast<char>(s);
      out += percent_encode({&c, 1}, path_bytes);
    }
  }
  return out;
}

/// True when `url` is read back as exactly these values.
inline bool reads_back(parsed_pattern const& p,
                       tree const& t,
                       url_values values,
                       std::string const& url) {
  std::string scratch;
  auto const path = normalize_path(url, scratch);
  if (!path) return false;
  bool same = false;
  lookup(t, *path, [&](std::span<tree_terminal const> ends, found_captures const& found) {
    std::size_t next = 0;
    same = true;
    for (std::size_t i = 0; i < p.capture_count; ++i) {
      bool const present = (ends.front().captures >> i) & 1;
      std::string text(present ? found[next++] : std::string_view{});
      std::replace(text.begin(), text.end(), '\0', '/');
      same = same && present == values[i].has_value() && text == values[i].value_or("");
    }
    return true;  // the first reading is the one that a request would get
  });
  return same;
}

WEND_INLINE std::string checked_url(parsed_pattern const& p,
                                    std::string_view pattern_text,
                                    tree const& t,
                                    url_values values) {
  auto url = build_url(p, values);
  if (url.starts_with("//")) url.replace(1, 1, "%2F");  // that would be a host (RFC 3986 4.2)
  if (reads_back(p, t, values, url)) return url;
  std::string why = "url_for: " + std::string(pattern_text) + " does not read back";
  for (auto const& v : values)
    why += v ? " \"" + *v + "\"" : " nothing";
  throw std::invalid_argument(why);
}

#endif

/// True when a value of this type may fill a capture of this type.
template <class T>
constexpr bool fills(capture_spec const& c) {
  if constexpr (std::same_as<T, std::nullopt_t>) {
    return c.optional;
  } else if constexpr (is_optional<T>) {
    return c.optional && fills<typename T::value_type>(c);
  } else if constexpr (std::is_convertible_v<T const&, std::string_view>) {
    return fit_of<std::string_view>(c.type) == capture_fit::yes;
  } else {
    return fit_of<T>(c.type) == capture_fit::yes;
  }
}

template <class T>
std::optional<std::string> url_text(capture_spec const& c, T const& value) {
  if constexpr (std::same_as<T, std::nullopt_t>) {
    return std::nullopt;
  } else if constexpr (is_optional<T>) {
    return value ? url_text(c, *value) : std::nullopt;
  } else if constexpr (std::is_convertible_v<T const&, std::string_view>) {
    return std::string(std::string_view(value));
  } else if constexpr (integer<T>) {
    if (c.type != capture_type::hex) return converter<T>::to_text(value);
    char buffer[2 + 8 * sizeof(T)];
    return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value, 16).ptr);
  } else {
    return converter<T>::to_text(value);
  }
}

template <class T>
inline constexpr bool is_query_argument = false;
template <fixed_string Name, class T>
inline constexpr bool is_query_argument<query_argument<Name, T>> = true;

/// What a mount has taken off the path of a request, as a URL has it.
inline std::string encoded_prefix(request const& in) {
  return percent_encode(in.mount_prefix, path_bytes);
}

/// Whether `append_value` can make text of a value.
template <class T>
constexpr bool may_be_argument() {
  if constexpr (std::is_convertible_v<T const&, std::string_view>)
    return true;
  else if constexpr (is_optional<T>)
    return may_be_argument<typename T::value_type>();
  else if constexpr (requires(T const& all) { all.begin(); })
    return may_be_argument<std::remove_cvref_t<decltype(*std::declval<T const&>().begin())>>();
  else
    return convertible_text<T>;
}

template <class T>
struct explain_argument {
  static constexpr bool has_converter = may_be_argument<T>();
  static_assert(has_converter, "wend: arg<...>: a value of this type has no converter");
};

/// Appends a parameter to a query, which begins with "?".
inline void append_argument(std::string& query, std::string_view name, std::string_view value) {
  query += query.empty() ? '?' : '&';
  query += percent_encode(name);
  query += '=';
  query += percent_encode(value);
}

template <class T>
void append_value(std::string& query, std::string_view name, T const& value) {
  if constexpr (std::is_convertible_v<T const&, std::string_view>) {
    append_argument(query, name, value);
  } else if constexpr (is_optional<T>) {
    if (value) append_value(query, name, *value);
  } else if constexpr (requires { value.begin(); }) {
    for (auto const& one : value)
      append_value(query, name, one);
  } else {
    append_argument(query, name, converter<T>::to_text(value));
  }
}
template <fixed_string Name, class T>
void append_argument(std::string& query, query_argument<Name, T> const& a) {
  if constexpr (may_be_argument<T>()) append_value(query, Name.view(), a.value);
}

/// The arguments of url_for against the captures: 0 when all fit, n when the n-th does not, and one
/// more than there are arguments when the count is wrong, or the pattern.
template <fixed_string Pattern, class... Values>
constexpr std::size_t wrong_url_value() {
  auto const& p = url_pattern<Pattern>::parsed;
  constexpr auto count = (std::size_t{0} + ... + !is_query_argument<Values>);
  if (p.fault != pattern_fault::none || count != p.capture_count) return sizeof...(Values) + 1;
  std::size_t position = 0, capture = 0, wrong = 0;
  [[maybe_unused]] auto const look = [&]<class T>(std::type_identity<T>) {
    ++position;
    if constexpr (!is_query_argument<T>) {
      if (!fills<T>(p.capture[capture++]) && wrong == 0) wrong = position;
    }
  };
  (look(std::type_identity<Values>{}), ...);
  return wrong;
}

/// Says why argument number `Position` is wrong; the error shows pattern, position and type.
template <fixed_string Pattern, std::size_t Position, class T>
struct explain_url {
  static constexpr bool count = std::same_as<T, void>;
  static constexpr bool absent = std::same_as<T, std::nullopt_t> || is_optional<T>;
  static_assert(!count, "wend: url_for takes one value for each capture of its pattern");
  static_assert(!absent, "wend: url_for: a capture outside of [ ] always has a value of its type");
  static_assert(count || absent, "wend: url_for: a value of this type cannot fill its capture");
};

template <auto Pattern>
inline constexpr bool no_host = false;
template <fixed_string Pattern>
struct explain_url_host {
  static_assert(
      no_host<Pattern>,
      "wend: url_for: the host of a URL is letters, digits, - . and :, and captures of one "
      "label");
};

/// The text of a URL, and the verdict on the arguments. As in route.hpp, `check` is instantiated by
/// the function that was called.
template <fixed_string Pattern, class... Values>
struct url_maker {
  static constexpr auto wrong = wrong_url_value<Pattern, Values...>();
  using type =
      std::tuple_element_t<wrong == 0 ? sizeof...(Values) : wrong - 1, std::tuple<Values..., void>>;
  struct sound {};
  using known = url_pattern<Pattern>;
  static constexpr auto fault = known::parsed.fault;
  using check =
      std::conditional_t<!known::sound_host,
                         explain_url_host<Pattern>,
                         std::conditional_t<wrong == 0,
                                            sound,
                                            std::conditional_t<fault == pattern_fault::none,
                                                               explain_url<Pattern, wrong, type>,
                                                               pattern_is<fault, Pattern>>>>;

  static std::string make(check, Values const&... values) {
    if constexpr (wrong == 0 && known::sound_host) {
      std::array<std::optional<std::string>, known::parsed.capture_count> texts;
      std::string query;
      [[maybe_unused]] std::size_t i = 0;
      [[maybe_unused]] auto const put = [&]<class T>(T const& value) {
        if constexpr (is_query_argument<T>) {
          append_argument(query, value);
        } else {
          texts[i] = url_text(known::parsed.capture[i], value);
          ++i;
        }
      };
      (put(values), ...);
      auto const url = checked_url(
          known::parsed, Pattern.view(), static_tree<single_route<Pattern>>::view, texts);
      if constexpr (known::absolute) check_host(url);
      return std::string(known::scheme) + url + query;
    } else {
      return {};
    }
  }
};

}  // namespace detail

template <fixed_string Pattern, class... Values>
std::string url_for(Values const&... values) {
  using maker = detail::url_maker<Pattern, Values...>;
  return maker::make(typename maker::check{}, values...);
}

template <fixed_string Pattern, class... Values>
std::string url_for(request const& in, Values const&... values) {
  return detail::encoded_prefix(in) + url_for<Pattern>(values...);
}

template <fixed_string Name, class T>
query_argument<Name, T> arg(T value) {
  (void)detail::explain_argument<T>{};
  return {std::move(value)};
}

}  // namespace wend
