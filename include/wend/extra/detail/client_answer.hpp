// What a call of the typed client returns: the result of a handler, read instead of written.
#pragma once

#include <wend/extra/answer_events.hpp>
#include <wend/extra/answer_stream.hpp>
#include <wend/handler/json.hpp>
#include <wend/handler/json_stream.hpp>
#include <wend/handler/respond.hpp>
#include <wend/http/field_value.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/response.hpp>
#include <wend/http/status.hpp>
#include <wend/net/events.hpp>
#include <wend/net/stream.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace wend::detail {

/// The problem that a response holds, or one of its status.
inline problem problem_of(response const& r) {
  problem out(r.status);
  auto const j = nlohmann::json::parse(r.body, nullptr, false);
  if (!j.is_object()) return out;
  auto const text = [](nlohmann::json const& from, char const* name, std::string& to) {
    auto const at = from.find(name);
    if (at != from.end() && at->is_string()) to = at->get<std::string>();
  };
  text(j, "type", out.type);
  text(j, "title", out.title);
  text(j, "detail", out.detail);
  auto const errors = j.find("errors");
  if (errors == j.end() || !errors->is_array()) return out;
  for (auto const& e : *errors) {
    if (!e.is_object()) continue;
    auto& one = out.errors.emplace_back();
    one.in = "body";
    text(e, "in", one.in);
    text(e, "name", one.where);
    text(e, "pointer", one.where);
    text(e, "detail", one.detail);
  }
  return out;
}

inline bool is_problem(fields const& f) {
  auto const type = parse_media_type(f.get("Content-Type").value_or(""));
  return type && type->is("application", "problem+json");
}

inline void throw_unless_successful(response const& r) {
  if (code(r.status) / 100 != 2) throw problem_of(r);
}

/// A value of JSON. Content that is none is the fault of the server.
template <class T>
T read_answer(std::string_view text) {
  T out{};
  problem why(status::bad_gateway);
  if (read_json(text, out, why)) return out;
  why.status = status::bad_gateway;
  throw why;
}

/// What a call returns where a handler returns `R`, and how it is read: from a `response`, and what
/// is a stream from an `answer_stream` if it is successful.
template <class R>
struct client_answer;

template <class From, class R>
concept read_by = requires(From from) { client_answer<R>::read(std::move(from)); };

/// The response as it is, for types that do not say what they become.
struct whole_answer {
  using type = response;
  static response read(response r) { return r; }
};
template <class T>
struct value_answer {
  using type = T;
  static T read(response r) {
    throw_unless_successful(r);
    return read_answer<T>(r.body);
  }
};
struct text_answer {
  using type = std::string;
  static std::string read(response r) {
    throw_unless_successful(r);
    return std::move(r.body);
  }
};

struct stream_answer {
  using type = answer_stream;
  static type read(answer_stream in) { return in; }
  static type read(response r) {
    throw_unless_successful(r);
    return answer_stream(std::move(r));
  }
};

template <class R>
consteval auto find_client_answer() {
  if constexpr (has_responder<R> || std::is_same_v<R, response> || std::is_same_v<R, problem>)
    return std::type_identity<whole_answer>{};
  else if constexpr (text_result<R>)
    return std::type_identity<text_answer>{};
  else
    return std::type_identity<value_answer<R>>{};
}

template <class R>
struct client_answer : decltype(find_client_answer<R>())::type {};
template <>
struct client_answer<void> {
  using type = void;
  static void read(response const& r) { throw_unless_successful(r); }
};
template <>
struct client_answer<status> {
  using type = status;
  static status read(response const& r) { return r.status; }
};
template <class T>
struct client_answer<std::optional<T>> {
  using type = std::optional<typename client_answer<T>::type>;
  template <read_by<T> From>
  static type read(From r) {
    if (r.status == status::not_found) return std::nullopt;
    return client_answer<T>::read(std::move(r));
  }
};
template <class T>
struct client_answer<result<T>> : client_answer<T> {};
template <class T>
struct client_answer<created<T>> {
  using type = created<typename client_answer<T>::type>;
  template <read_by<T> From>
  static type read(From r) {
    std::string where(r.fields.get("Location").value_or(""));
    return {std::move(where), client_answer<T>::read(std::move(r))};
  }
};
template <>
struct client_answer<created<void>> {
  using type = created<void>;
  static type read(response const& r) {
    throw_unless_successful(r);
    return created<void>(std::string(r.fields.get("Location").value_or("")));
  }
};
template <class T>
struct client_answer<std::pair<status, T>> {
  using type = std::pair<status, typename client_answer<T>::type>;
  template <read_by<T> From>
  static type read(From r) {
    auto const s = r.status;  // any: the value says what it means
    if (!is_problem(r.fields)) r.status = status::ok;
    return {s, client_answer<T>::read(std::move(r))};
  }
};
template <class T>
struct client_answer<std::tuple<status, T>> : client_answer<std::pair<status, T>> {};
template <class... T>
struct client_answer<std::variant<T...>> : whole_answer {};
template <class Producer>
struct client_answer<streamed<Producer>> : stream_answer {};
template <class Producer>
struct client_answer<event_stream<Producer>> {
  using type = answer_events;
  template <class From>
  static type read(From from) {
    auto in = stream_answer::read(std::move(from));
    auto const what = parse_media_type(in.fields.get("Content-Type").value_or(""));
    if (!what || !what->is("text", "event-stream"))
      throw problem(status::bad_gateway, "the content is no stream of events");
    return answer_events(std::move(in));
  }
};
template <json_form Form, class Values>
struct client_answer<json_stream<Form, Values>> {
  using value = typename json_values<Values>::type;
  using type = std::vector<value>;
  static type read(response r) {
    throw_unless_successful(r);
    if constexpr (Form == json_form::array) {
      return read_answer<type>(r.body);
    } else {
      type out;
      for (std::string_view rest = r.body; !rest.empty();) {
        auto const line = rest.substr(0, rest.find('\n'));
        out.push_back(read_answer<value>(line));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      }
      return out;
    }
  }
};

}  // namespace wend::detail
