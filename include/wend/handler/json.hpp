// JSON bodies as C++ values: checked, with every mistake reported at once and by its place.
//
// What each type is in JSON stands in json_write.hpp; reading takes what writing gives. And more:
//
// Members. A member that the text leaves out keeps the value that it has in the C++ object, and is
// required when it has none. No value are: an empty std::string, a nil uuid, the epoch of a clock,
// a text or range outside of its bounds, an enum without a name, a class that only from_json reads.
// Numbers, bools, optionals, pointers and containers always have one; an aggregate has one when all
// its members do. So `std::int64_t id{}` may be left out, `std::string name` may not,
// `std::string role = "guest"` may; write optional for text that may be absent. A member that the
// struct does not have is ignored, or refused by json_options. Sent twice, it is refused.
//
// Null is a value of optionals and smart pointers only. A number with a fraction is no integer, but
// 2.0 is one. Of a variant the first alternative that fits is taken: at first without ignoring
// members, then with; the attempts of one body together are bounded by its length. Sets refuse an
// element, and maps a key, that is there already.
//
// This is the only header that includes nlohmann's.
#pragma once

// The sentences first: see routes.hpp.
#include <wend/handler/handler_fault.hpp>
#include <wend/handler/json_fault.hpp>
// Then what they are about.
#include <wend/handler/detail/json_reader.hpp>
#include <wend/handler/detail/json_reader_compound.hpp>
#include <wend/handler/detail/json_tree.hpp>
#include <wend/handler/extract.hpp>
#include <wend/handler/json_write.hpp>
#include <wend/http/problem.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

namespace wend {

/// What `read_json` takes: what `write_json` does, if it owns what it holds and has a default.
template <class T>
concept json_readable = std::is_void_v<detail::unreadable<nlohmann::json, std::remove_cv_t<T>>>;

/// Reads JSON text into `out`; false when something is wrong, and then `why` says what:
///
/// - 400, with the line, column and byte, for text that is not JSON or nested too deep (RFC 8259)
/// - 422, with all errors, each with its JSON Pointer, for JSON that is not a `T`
///
/// Reading into a value that exists changes only the members that the text has: a partial update.
/// When false, `out` holds what could be read. Throws std::bad_alloc only. Allocates: the tree of
/// the text, at worst some forty times its size, and what `T` holds.
template <class T>
bool read_json(std::string_view text, T& out, problem& why, json_options const& options = {});

/// The body of a request as a `T`: the extractor for a handler's parameter.
///
///     wend::post<"/notes">([&](wend::json<note> draft) { notes.add(*draft); });
///     wend::json<note, wend::json_options{.refuse_unknown = true}> draft;
template <class T, json_options Options = json_options{}>
class json {
 public:
  using value_type = T;
  static constexpr json_options options = Options;

  T value{};

  T& operator*() & noexcept { return value; }
  T const& operator*() const& noexcept { return value; }
  T&& operator*() && noexcept { return std::move(value); }
  T* operator->() noexcept { return &value; }
  T const* operator->() const noexcept { return &value; }
};

// ------------------------------------------------------------------------------------------------

namespace detail {

template <class T>
struct nlohmann_bridge {
  static constexpr bool takes = requires(nlohmann::json& j, T const& value) { to_json(j, value); };

  static void write(std::string& out, T const& value) {
    nlohmann::json j;
    to_json(j, value);
    wend::write_json(out, j);
  }
};

}  // namespace detail

template <class T>
bool read_json(std::string_view text, T& out, problem& why, json_options const& options) {
  using culprit = detail::unreadable<nlohmann::json, T>;
  if constexpr (!std::is_void_v<culprit>) {
    (void)detail::explain_unreadable<false, culprit, T>{};
    return false;
  } else {
    detail::tree_builder<nlohmann::json> tree(text, options.max_depth, options.max_errors);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &tree)) {
      why = problem(status::bad_request, std::move(tree.malformed));
      return false;
    }
    detail::json_reader reader(std::move(tree.duplicates), text.size(), options);
    reader.read(std::as_const(tree.root), out);
    if (reader.errors().empty()) return true;
    why = problem(status::unprocessable_content);
    why.errors = std::move(reader).errors();
    return false;
  }
}

namespace detail {

/// True for the JSON media types, "application/json" and "+json" (RFC 8259 11, RFC 6839 3.1).
///
/// Choice: what `curl -d` says of any body, and saying nothing at all, is taken as well, unless the
/// request comes from a browser: there it would let any page send JSON without a preflight.
inline bool may_be_json(request const& in) {
  auto const field = in.fields.get("Content-Type");
  auto const type = parse_media_type(field.value_or(""));
  if (type && iequals(type->type, "application") &&
      (iequals(type->subtype, "json") ||
       (type->subtype.size() > 5 &&
        iequals(type->subtype.substr(type->subtype.size() - 5), "+json"))))
    return true;
  if (in.fields.get("Origin") || in.fields.get("Sec-Fetch-Site")) return false;
  return !field || (type && type->is("application", "x-www-form-urlencoded"));
}

}  // namespace detail

template <class T, json_options Options>
struct extractor<json<T, Options>> {
  static constexpr bool takes_body = true;
  using culprit = detail::unreadable<nlohmann::json, T>;
  static constexpr auto fault =
      std::is_void_v<culprit> ? detail::handler_fault::none : detail::handler_fault::unreadable;

  static std::optional<json<T, Options>> extract(request& in, rejection& why) {
    if (!detail::may_be_json(in)) {
      why.refuse(detail::wrong_content_type("application/json"));
      return std::nullopt;
    }
    std::optional<json<T, Options>> out(std::in_place);
    problem wrong(status::bad_request);
    if (read_json(in.body, out->value, wrong, Options)) return out;
    if (wrong.errors.empty())
      why.refuse(std::move(wrong));
    else
      for (auto& e : wrong.errors)
        why.add(std::move(e.in), std::move(e.where), std::move(e.detail));
    return std::nullopt;
  }
};

}  // namespace wend
