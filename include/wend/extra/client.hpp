// The typed client: a table read from the other side.
//
// What a handler takes is what a call takes, what it returns is what the call returns; the table is
// the contract of both. Only its type is needed, so a client can be compiled from a header that
// declares the table, without the program that serves it.
#pragma once

// The sentences first: see routes.hpp.
#include <wend/extra/detail/client_fault.hpp>
// Then what they are about.
#include <wend/app/table.hpp>
#include <wend/extra/detail/client_answer.hpp>
#include <wend/extra/detail/client_question.hpp>
#include <wend/extra/http_client.hpp>
#include <wend/net/asio.hpp>
#include <wend/route/fixed_string.hpp>

#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend {

namespace detail {

template <class Table>
class table_client;

/// What a call that is wrong returns, so that its error remains the only one.
struct refused_call {
  template <class T>
  operator T() const;
};

}  // namespace detail

/// Calls the routes of a table that is served elsewhere, by their names, and those of tables that
/// are mounted in it, as `table::url_for` finds them:
///
///     wend::client<decltype(api)> remote{"http://127.0.0.1:8080"};
///     std::optional<note> n = remote.call<"note">(42);
///     std::vector<note> some = co_await remote.async_call<"notes">(10);
///
/// A call takes what the handler takes of a request, in the order of its parameters: captures,
/// `query`, `header` and `cookie` as their values, `json` and `form` as the struct, the bytes of a
/// `body` as text. What stands at the end and may be left out of a request may be left out of the
/// call. `request&` and `provided` are not of the request.
///
/// Redirects are followed. It returns what the handler returns: a value, `std::optional` for what may be a 404, the value of
/// a `result`, `created` with its location, a vector for a stream of JSON, text as `std::string`;
/// an `answer_stream` for a `stream`, `answer_events` for `events`, which are read while they come;
/// the whole `response` where the type does not say what it becomes. An answer that is none of
/// these is thrown as the `problem` that it holds. Errors otherwise: those of `http_client`; a
/// `problem` 502 for content that is not what the type says; what `url_for` throws.
template <class Table>
using client = detail::table_client<std::remove_cvref_t<Table>>;

// ------------------------------------------------------------------------------------------------

namespace detail {

/// The route of this name, and whether it may be called like this.
template <class Table, fixed_string Name, class... Arguments>
struct call_target;
template <class Scopes, class... Routes, fixed_string Name, class... Arguments>
  requires(table<Scopes, Routes...>::facts::find_name(Name.view()) == sizeof...(Routes) &&
           table<Scopes, Routes...>::facts::has_name(Name.view()))
struct call_target<table<Scopes, Routes...>, Name, Arguments...>  // in what is mounted there
    : call_target<
          typename table<Scopes, Routes...>::facts::template mounted_with<Name>::handler_type,
          Name,
          Arguments...> {
  using mount = typename table<Scopes, Routes...>::facts::template mounted_with<Name>;
  static std::string below(std::string base) {
    return call_target<typename mount::handler_type, Name, Arguments...>::below(std::move(base) +
                                                                                mount_url<mount>());
  }
};
template <class Scopes, class... Routes, fixed_string Name, class... Arguments>
struct call_target<table<Scopes, Routes...>, Name, Arguments...> {
  static constexpr auto index = table<Scopes, Routes...>::facts::find_name(Name.view());
  static constexpr bool known = index < sizeof...(Routes);
  using route = std::tuple_element_t<known ? index : 0, std::tuple<Routes...>>;
  using question = client_question<route>;
  using result = awaited_t<typename signature_of<typename route::handler_type>::result>;
  static constexpr call_fault fault =
      known ? question::template fault_of<Arguments...>() : call_fault::name;
  static constexpr bool sound = fault == call_fault::none;
  using check = explain_call<fault, Name>;
  using answer = std::conditional_t<sound, client_answer<result>, client_answer<response>>;
  using type = typename answer::type;

  /// Where its table is, if the one around is at `base`.
  static std::string below(std::string base) { return base; }
};

template <class Scopes, class... Routes>
class table_client<table<Scopes, Routes...>> {
  template <fixed_string Name, class... Arguments>
  using target = call_target<table<Scopes, Routes...>, Name, Arguments...>;

 public:
  /// A client with a loop of its own, for calls that block. `base` is where the table is served,
  /// perhaps below a path.
  explicit table_client(std::string base, client_options options = {})
      : http_(std::move(options)), base_(without_slash(std::move(base))) {}

  /// A client on a loop of yours, for calls that wait. Lifetime: the loop outlives it.
  table_client(asio::io_context& io, std::string base, client_options options = {})
      : http_(io, std::move(options)), base_(without_slash(std::move(base))) {}

  template <fixed_string Name, class... Arguments>
  auto call(Arguments const&... arguments) {
    using to = target<Name, Arguments...>;
    (void)typename to::check{};
    if constexpr (to::sound)
      return ask<typename to::answer>(to::question::make(to::below(base_), arguments...));
    else
      return refused_call{};
  }

  template <fixed_string Name, class... Arguments>
  asio::awaitable<typename target<Name, Arguments...>::type> async_call(
      Arguments const&... arguments) {
    using to = target<Name, Arguments...>;
    (void)typename to::check{};
    if constexpr (to::sound)
      return wait_for<typename to::answer>(http_,
                                           to::question::make(to::below(base_), arguments...));
    else
      return wait_for<typename to::answer>(http_, {});
  }

  /// What the calls go through.
  http_client& http() noexcept { return http_; }

 private:
  static std::string without_slash(std::string base) {
    if (base.ends_with('/')) base.pop_back();
    return base;
  }

  // An answer that is refused is short, and read whole.
  template <class Answer>
  static constexpr bool is_stream = requires(answer_stream in) { Answer::read(std::move(in)); };

  template <class Answer>
  typename Answer::type ask(client_request what) {
    if constexpr (is_stream<Answer>) {
      auto in = http_.open(std::move(what));
      if (code(in.status) / 100 == 2) return Answer::read(std::move(in));
      return Answer::read(in.read_all());
    } else {
      return Answer::read(http_.request(std::move(what)));
    }
  }

  // Of a copy, as the client may be gone when this begins.
  template <class Answer>
  static asio::awaitable<typename Answer::type> wait_for(http_client http, client_request what) {
    if constexpr (is_stream<Answer>) {
      auto in = co_await http.async_open(std::move(what));
      if (code(in.status) / 100 == 2) co_return Answer::read(std::move(in));
      response out = co_await in.async_read_all();
      co_return Answer::read(std::move(out));
    } else {
      response out = co_await http.async_request(std::move(what));
      co_return Answer::read(std::move(out));
    }
  }

  http_client http_;
  std::string base_;
};

}  // namespace detail

}  // namespace wend
