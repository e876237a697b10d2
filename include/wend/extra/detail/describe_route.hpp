// Handlers as data: what a handler takes of a request and what it answers, read from its signature.
#pragma once

#include <wend/extra/detail/describe_type.hpp>
#include <wend/handler/bind.hpp>
#include <wend/handler/extract.hpp>
#include <wend/handler/form.hpp>
#include <wend/handler/json.hpp>
#include <wend/handler/json_stream.hpp>
#include <wend/handler/late.hpp>
#include <wend/handler/respond.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/http/status.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace wend::detail {

/// What a parameter of a handler takes.
struct parameter_description {
  enum class place : std::uint8_t { nothing, path, query, header, cookie, body };
  place in = place::nothing;
  std::string_view name{};                 ///< of a path parameter that is taken in order: none
  type_description const* type = nullptr;  ///< of a body that is just bytes: null
  bool required = false;
  bool repeated = false;                ///< there may be any number
  std::string_view media_type{};        ///< of a body
  std::string (*fallback)() = nullptr;  ///< what it is when it is not there, as JSON
};

/// What a handler may answer.
struct response_description {
  status code{};                           ///< 0: any
  bool successful = false;                 ///< of any: 2xx only
  std::string_view media_type{};           ///< empty: no content
  type_description const* type = nullptr;  ///< of its content, or of each of many; null: bytes
  bool sequence = false;                   ///< an array of them
  bool located = false;                    ///< with a Location
};

/// What a result may be answered with: at most so many things, or the last ones are not told.
struct response_descriptions {
  std::array<response_description, 16> list{};
  std::size_t size = 0;

  constexpr void add(response_description const& one) {
    if (size < list.size()) list[size++] = one;
  }
};

/// A handler. Lifetime: static.
struct handler_description {
  std::span<parameter_description const> parameters{};
  response_descriptions responses;
  bool takes_body = false;
};

/// What there is to say of a callable.
template <class F>
constexpr handler_description describe_handler();

// ------------------------------------------------------------------------------------------------

template <class T>
struct part_description {  // an extractor that nobody knows anything of
  static constexpr parameter_description make() { return {}; }
};
template <class T>
  requires requires { typename extractor<T>::reads; }
struct part_description<T> : part_description<typename extractor<T>::reads> {};

/// What `query`, `header` and `cookie` have in common.
template <parameter_description::place In, fixed_string Name, class T, auto Default>
struct named_part {
  static constexpr bool has_default =
      !std::same_as<std::remove_const_t<decltype(Default)>, required>;
  using value = typename unwrap_optional<T>::type;

  static std::string fallback() {
    std::string out;
    if constexpr (has_default && json_writable<value>) write_json(out, value(Default));
    return out;
  }
  static constexpr parameter_description make() {
    parameter_description out{In, Name.view()};
    if constexpr (is_vector<T>) {
      out.repeated = true;
      out.type = &type_description_of<typename T::value_type>;
    } else {
      out.type = &type_description_of<value>;
      out.required = !is_optional<T> && !has_default;
      if (has_default) out.fallback = &fallback;
    }
    return out;
  }
};

template <fixed_string Name, class T, auto Default>
struct part_description<query<Name, T, Default>>
    : named_part<parameter_description::place::query, Name, T, Default> {};
template <fixed_string Name, class T, auto Default>
struct part_description<header<Name, T, Default>>
    : named_part<parameter_description::place::header, Name, T, Default> {};
template <fixed_string Name, class T, auto Default>
struct part_description<cookie<Name, T, Default>>
    : named_part<parameter_description::place::cookie, Name, T, Default> {};
template <fixed_string Name, class T>
struct part_description<path<Name, T>> {
  static constexpr parameter_description make() {
    return {parameter_description::place::path,
            Name.view(),
            &type_description_of<typename unwrap_optional<T>::type>,
            true};
  }
};

template <class T, json_options Options>
struct part_description<json<T, Options>> {
  static constexpr parameter_description make() {
    parameter_description out{parameter_description::place::body};
    out.type = &type_description_of<T>;
    out.required = true;
    out.media_type = "application/json";
    return out;
  }
};
template <class T>
struct part_description<form<T>> {
  static constexpr parameter_description make() {
    parameter_description out{parameter_description::place::body};
    out.type = &type_description_of<T>;
    out.required = true;
    out.media_type = "application/x-www-form-urlencoded";
    return out;
  }
};

template <class P>
constexpr parameter_description describe_parameter() {
  using T = std::remove_cvref_t<P>;
  constexpr auto kind = parameter_kind_of<T>();
  if constexpr (kind == parameter_kind::request) {
    return {};
  } else if constexpr (kind == parameter_kind::capture) {
    return {parameter_description::place::path,
            {},
            &type_description_of<typename unwrap_optional<T>::type>,
            true};
  } else {
    auto out = part_description<T>::make();
    if (out.in == parameter_description::place::nothing && takes_body<T>()) {
      out.in = parameter_description::place::body;
      out.media_type = "application/octet-stream";
    }
    return out;
  }
}

template <class R>
constexpr void add_responses(response_descriptions& out);

template <class R>
struct known_result;  // what it may become, if that is known of its type
template <class T>
struct known_result<std::optional<T>> {
  static constexpr void add(response_descriptions& out) {
    add_responses<T>(out);
    out.add({status::not_found, false, "application/problem+json"});
  }
};
template <class T>
struct known_result<result<T>> {
  static constexpr void add(response_descriptions& out) {
    add_responses<T>(out);
    add_responses<problem>(out);
  }
};
template <class T>
struct known_result<created<T>> {
  static constexpr void add(response_descriptions& out) {
    response_descriptions made;
    if constexpr (!std::is_void_v<T>)
      add_responses<T>(made);
    else
      made.add({});
    for (std::size_t i = 0; i < made.size; ++i) {
      auto one = made.list[i];
      if (one.code == status::ok || one.code == status{}) one.code = status::created;
      one.located = one.code == status::created;
      out.add(one);
    }
  }
};
template <class T>
struct with_any_status {
  static constexpr void add(response_descriptions& out) {
    response_descriptions made;
    add_responses<T>(made);
    for (std::size_t i = 0; i < made.size; ++i) {
      auto one = made.list[i];
      if (one.code == status::ok) one = {{}, true, one.media_type, one.type, one.sequence};
      out.add(one);
    }
  }
};
template <class T>
struct known_result<std::pair<status, T>> : with_any_status<T> {};
template <class T>
struct known_result<std::tuple<status, T>> : with_any_status<T> {};
template <class... T>
struct known_result<std::variant<T...>> {
  static constexpr void add(response_descriptions& out) { (add_responses<T>(out), ...); }
};
template <json_form Form, class Values>
struct known_result<json_stream<Form, Values>> {
  static constexpr void add(response_descriptions& out) {
    bool const whole = Form == json_form::array;
    out.add({status::ok,
             false,
             whole ? "application/json" : "application/x-ndjson",
             &type_description_of<typename json_values<Values>::type>,
             whole});
  }
};

template <class R>
constexpr void add_responses(response_descriptions& out) {
  using T = std::remove_cvref_t<R>;
  if constexpr (std::is_void_v<T>) {
    out.add({status::no_content});
  } else if constexpr (requires { known_result<T>::add(out); }) {
    known_result<T>::add(out);
  } else if constexpr (has_responder<T>) {
    if constexpr (requires { responder<T>::media_type; })
      out.add({status::ok, false, responder<T>::media_type});
    else
      out.add({{}, true, "*/*"});
  } else if constexpr (std::same_as<T, response>) {
    out.add({{}, false, "*/*"});
  } else if constexpr (std::same_as<T, status>) {
    out.add({});
  } else if constexpr (std::same_as<T, problem>) {
    out.add({{}, false, "application/problem+json"});
  } else if constexpr (text_result<T>) {
    out.add({status::ok, false, "text/plain"});
  } else {
    out.add({status::ok, false, "application/json", &type_description_of<T>});
  }
}

template <class... P>
struct described_parameters {
  static constexpr std::array<parameter_description, sizeof...(P)> list{describe_parameter<P>()...};
};

template <class F>
constexpr handler_description describe_handler() {
  using sig = signature_of<F>;
  handler_description out;
  out.parameters = []<class... P>(type_list<P...>) -> std::span<parameter_description const> {
    return described_parameters<P...>::list;
  }(typename sig::parameters{});
  add_responses<awaited_t<typename sig::result>>(out.responses);
  out.takes_body = binding<F>::body != body_mode::unwanted;
  return out;
}

}  // namespace wend::detail
