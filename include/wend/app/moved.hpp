// Routes for what is somewhere else now, or nowhere.
#pragma once

#include <wend/app/route.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/handler/respond.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/http/status.hpp>
#include <wend/route/build_tree.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/pattern.hpp>
#include <wend/route/pattern_fault.hpp>
#include <wend/route/url_for.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace wend {

/// Sends all that comes to one pattern to another one (RFC 9110 15.4), whatever the method:
///
///     wend::redirect<"/old/{id:int}", "/notes/{id:int}">()
///
/// The captures of `To` are those of the same names in `From`, which must be of the same types; the
/// query goes along. By default 308, which keeps the method, and which clients remember. What is
/// mounted stays below its prefix, unless `To` has a scheme and a host, as in `url_for`:
///
///     wend::redirect<"/shop/{name:chunk}/{rest...}", "https://{name}.example.com/{rest...}">()
///
/// A path whose values would not be read back by `To`, or could not be part of its host, is a 404.
/// Throws `std::invalid_argument` for a status that is none of a redirect.
template <fixed_string From, fixed_string To>
constexpr auto redirect(status how = status::permanent_redirect,
                        call_site where = {__builtin_FILE(), __builtin_LINE()});

/// Answers 410 to all that comes to a pattern (RFC 9110 15.5.11): it was there, and will not be
/// again.
///
///     wend::gone<"/v1/{rest...}">()
template <fixed_string Pattern>
constexpr auto gone(call_site where = {__builtin_FILE(), __builtin_LINE()});

// ------------------------------------------------------------------------------------------------

namespace detail {

/// The status of a redirect, which it has to be.
constexpr status redirecting(status s) {
  auto const n = code(s);
  if ((n < 301 || n > 303) && n != 307 && n != 308)
    throw std::invalid_argument("wend: the status of a redirect is 301, 302, 303, 307 or 308");
  return s;
}

/// What a redirect has to know of its patterns.
struct redirection {
  parsed_pattern const* from;
  parsed_pattern const* to;
  std::string_view text;  ///< of `to`
  tree where;
  std::string_view scheme;  ///< of a URL
};

/// The answer of a redirect.
response answer_moved(redirection const& r, status how, request& in);

/// Whether each capture of a pattern is one of another, of the same name and type.
constexpr bool captures_known(parsed_pattern const& to, parsed_pattern const& from) {
  for (std::size_t i = 0; i < to.capture_count; ++i) {
    auto const at = from.find(to.capture[i].name);
    if (at == from.capture_count) return false;
    auto const &a = from.capture[at], &b = to.capture[i];
    if (a.type != b.type || a.regex != b.regex || (a.optional && !b.optional)) return false;
  }
  return true;
}

template <fixed_string From, fixed_string To>
struct moved {
  status how;

  response operator()(request& in) const {
    using url = url_pattern<To>;
    static constexpr redirection all{&parsed_of<From>,
                                     &url::parsed,
                                     To.view(),
                                     static_tree<single_route<To>>::view,
                                     url::scheme};
    return answer_moved(all, how, in);
  }
};

/// The same for patterns that are known only at run time. Throws `std::invalid_argument` for what
/// does not compile above.
class moved_at_run_time {
 public:
  moved_at_run_time(std::string from, std::string to, status how);

  response operator()(request& in) const { return answer_moved(kept_->all, how_, in); }

 private:
  struct kept {
    std::string from_text, to_text;  ///< what the views of the patterns point into
    parsed_pattern from, to;
    tree_parts parts;
    redirection all;
  };

  std::shared_ptr<kept const> kept_;  ///< stays where it is when this moves
  status how_;
};

struct no_longer {
  response operator()(request&) const { return to_response(problem(status::gone)); }
};

#if WEND_COMPILED_HERE

WEND_INLINE response answer_moved(redirection const& r, status how, request& in) {
  std::array<std::optional<std::string>, captures::max> values;
  for (std::size_t i = 0; i < r.to->capture_count; ++i) {
    auto const value = in.captures[r.from->find(r.to->capture[i].name)];
    if (value.data() != nullptr) values[i] = std::string(value);
  }
  std::string url;
  try {
    url = checked_url(*r.to, r.text, r.where, std::span(values).first(r.to->capture_count));
    if (!r.scheme.empty()) check_host(url);
  } catch (std::invalid_argument const&) {
    return to_response(problem(status::not_found));
  }
  url.insert(0, r.scheme.empty() ? encoded_prefix(in) : std::string(r.scheme));
  if (in.target.has_query) url.append("?").append(in.target.query);
  return wend::redirect(url, how);
}

WEND_INLINE moved_at_run_time::moved_at_run_time(std::string from, std::string to, status how)
    : how_(redirecting(how)) {
  auto made = std::make_shared<kept>();
  made->from_text = std::move(from);
  made->to_text = std::move(to);
  made->from = checked_pattern(made->from_text);
  made->to = checked_url_pattern(made->to_text);
  if (!captures_known(made->to, made->from))
    throw std::invalid_argument(
        "wend: each capture of the target of a redirect has the name and the type of a capture of "
        "the source, and is optional if that one is (\"" +
        made->from_text + "\" to \"" + made->to_text + "\")");
  made->parts = build_tree(std::array{tree_route{&made->to, 0}});
  made->all = {&made->from, &made->to, made->to_text, made->parts.view(), scheme_of(made->to_text)};
  kept_ = std::move(made);
}

#endif

}  // namespace detail

template <fixed_string From, fixed_string To>
constexpr auto redirect(status how, call_site where) {
  using url = detail::url_pattern<To>;
  if constexpr (url::parsed.fault != detail::pattern_fault::none) {
    (void)detail::pattern_is<url::parsed.fault, To>{};
    return any<From>(detail::no_longer{}, where);
  } else if constexpr (!url::sound_host) {
    (void)detail::explain_url_host<To>{};
    return any<From>(detail::no_longer{}, where);
  } else if constexpr (!detail::captures_known(url::parsed, detail::parsed_of<From>)) {
    (void)detail::explain_redirect<From, To>{};
    return any<From>(detail::no_longer{}, where);
  } else {
    return any<From>(detail::moved<From, To>{detail::redirecting(how)}, where);
  }
}

template <fixed_string Pattern>
constexpr auto gone(call_site where) {
  return any<Pattern>(detail::no_longer{}, where);
}

}  // namespace wend
