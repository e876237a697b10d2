// The client of a test: everything between the bytes of a request and those of its response, and no
// socket, no port, no thread.
#pragma once

#include <wend/app/service.hpp>
#include <wend/extra/client.hpp>
#include <wend/extra/client_options.hpp>
#include <wend/extra/client_request.hpp>
#include <wend/extra/detail/memory_connection.hpp>
#include <wend/handler/json_write.hpp>
#include <wend/http/date.hpp>
#include <wend/http/fields.hpp>
#include <wend/http/method.hpp>
#include <wend/http/response.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/response_reader.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend {

/// How a `test_client` behaves.
struct test_options {
  wend::limits limits{};                 ///< of the server
  wend::fields fields{};                 ///< sent with every request, unless that has them itself
  std::string peer = "127.0.0.1:49152";  ///< what the server takes the client for
  http_time date{};  ///< of every answer: 1 January 1970 unless you say otherwise
  std::chrono::milliseconds patience{10'000};  ///< for handlers that wait
};

/// Asks an application as a client over a socket would, middleware, limits and streams included:
///
///     wend::test_client local{api};
///     CHECK(local.get("/notes/none").status == wend::status::not_found);
///     CHECK(local.post("/notes", note{{}, "title", {}}).fields.get("Location") == "/notes/1");
///     std::optional<note> n = local.call<"note">(1);        // typed, where it is a table
///
/// A redirect is an answer like any other. Each request has a connection of its own, and its handler runs on the thread of the test, but
/// for `blocking`. Errors: `client_error` for a handler that does not end within the patience, or
/// content that breaks off. Of the deadlines of `limits` none passes, as the clock stands still.
/// Lifetime: the application outlives it.
template <class App>
class test_client {
 public:
  explicit test_client(App const& app, test_options options = {})
      : app_(app), options_(std::move(options)) {}

  /// Asks with any method, fields and content; `url` is the target.
  response request(client_request const& what) {
    auto const bytes = write(what);
    detail::memory_connection c(app_, options_.limits, options_.date);
    c.peer = options_.peer;
    c.feed(bytes, false, options_.patience);
    failure_ = c.failure;
    if (c.busy()) throw client_error("the handler did not end within the patience");
    wend::limits all = options_.limits;
    all.head = all.fields = all.trailers = all.chunk_line = static_cast<std::size_t>(-1);
    response_reader reader(all);
    reader.begin(what.method);
    std::string content;
    for (std::string_view in = c.output; !in.empty() && !reader.done();) {
      auto const piece = reader.next(in);
      if (!piece) throw client_error(std::string(piece.error().detail));
      content.append(*piece);
    }
    if (c.closed())
      if (auto const why = reader.take_end()) throw client_error(std::string(why->detail));
    if (!reader.done()) throw client_error("there is no complete answer");
    reader.response().body = std::move(content);
    return std::move(reader.response());
  }

  response get(std::string target) { return send(method::get, std::move(target)); }
  response head(std::string target) { return send(method::head, std::move(target)); }
  response del(std::string target) { return send(method::del, std::move(target)); }

  /// Sends a value as JSON.
  template <class T>
  response post(std::string target, T const& value) {
    return send_json(method::post, std::move(target), value);
  }
  template <class T>
  response put(std::string target, T const& value) {
    return send_json(method::put, std::move(target), value);
  }
  template <class T>
  response patch(std::string target, T const& value) {
    return send_json(method::patch, std::move(target), value);
  }

  /// Calls a route of the table by its name: see `client`.
  template <fixed_string Name, class... Arguments>
  auto call(Arguments const&... arguments) {
    using to = detail::call_target<App, Name, Arguments...>;
    (void)typename to::check{};
    if constexpr (to::sound)
      return to::answer::read(request(to::question::make(to::below(""), arguments...)));
    else
      return detail::refused_call{};
  }

  /// What is answered to these very bytes on one connection; the client sends no more then.
  std::string exchange(std::string_view bytes) {
    detail::memory_connection c(app_, options_.limits, options_.date);
    c.peer = options_.peer;
    c.feed(bytes, true, options_.patience);
    failure_ = c.failure;
    if (c.busy()) throw client_error("the handler did not end within the patience");
    return std::move(c.output);
  }

  /// What the handler of the last request threw that was answered with a 500; null if nothing.
  std::exception_ptr failure() const noexcept { return failure_; }

 private:
  response send(method const& m, std::string target) {
    client_request what;
    what.method = m;
    what.url = std::move(target);
    return request(what);
  }
  template <class T>
  response send_json(method const& m, std::string target, T const& value) {
    client_request what;
    what.method = m;
    what.url = std::move(target);
    write_json(what.body, value);
    what.content_type = "application/json";
    return request(what);
  }
  std::string write(client_request what) const {
    auto const target = what.url.empty() ? std::string("/") : what.url;
    if (target.find_first_of(std::string_view(" \r\n\0", 4)) != target.npos)
      throw std::invalid_argument("wend: a target has no blanks and no control characters");
    detail::add_missing(what, options_.fields);
    return detail::request_text(what, target, "test.example") + what.body;
  }

  service app_;
  test_options options_;
  std::exception_ptr failure_;
};

}  // namespace wend
