// Forms: a body of application/x-www-form-urlencoded as an aggregate (URL Standard 5).
#pragma once

#include <wend/handler/extract.hpp>
#include <wend/handler/reflect.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend {

/// The fields of a form, read into the members of an aggregate by their names:
///
///     struct login { std::string name; wend::text<8> password; std::optional<bool> remember; };
///     wend::post<"/login">([](wend::form<login> f) { return check(f->name, *f->password); });
///
/// A member is anything that has a `converter`, an optional of it, or a vector for a field that may
/// be repeated; all but optionals and vectors must be there. Another Content-Type is a 415. All
/// that is wrong is told at once, with the name of the field.
template <reflectable T>
class form : public detail::extracted<T> {
 public:
  using detail::extracted<T>::extracted;
};

namespace detail {

/// The first of these members that text cannot become, or `unfit<void>`.
template <class... M>
consteval auto find_unfit_field(part_list<M...>) {
  return (unfit<void>{} | ... |
          unfit<std::conditional_t<convertible_text<typename value_of<M>::type>, void, M>>{});
}

}  // namespace detail

template <class T>
struct extractor<form<T>> {
  static constexpr bool takes_body = true;
  using culprit =
      typename decltype(detail::find_unfit_field(detail::parts_of_aggregate<T>()))::type;
  static constexpr auto fault =
      std::is_void_v<culprit> ? detail::handler_fault::none : detail::handler_fault::no_converter;

  static std::optional<form<T>> extract(request& in, rejection& why) {
    auto const type = parse_media_type(in.fields.get("Content-Type").value_or(""));
    if (!type || !type->is("application", "x-www-form-urlencoded")) {
      why.refuse(detail::wrong_content_type("application/x-www-form-urlencoded"));
      return std::nullopt;
    }
    T out{};
    bool complete = true;
    detail::for_each_member(out, [&]<class M>(std::string_view name, M& member) {
      auto value = detail::extract_form_value<M, required{}>(in, in.body, "form", name, why);
      if (value)
        member = std::move(*value);
      else
        complete = false;
    });
    if (!complete) return std::nullopt;
    return form<T>(std::move(out));
  }
};

}  // namespace wend
