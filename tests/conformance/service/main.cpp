// What tests/conformance/run.py plays its rows against: a route for each thing they look at.
#include <wend/wend.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

asio::awaitable<void> wait(asio::steady_timer::duration time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

/// "[value]" for each field of this name, so that blanks at its ends can be seen.
std::string values(wend::fields_view fields, std::string_view name) {
  std::string out;
  for (auto const& f : fields)
    if (wend::iequals(f.name, name)) out.append("[").append(f.value).append("]");
  return out;
}

wend::response with_fields(std::vector<std::pair<std::string_view, std::string_view>> fields) {
  wend::response out(wend::status::ok, "text/plain", "said\n");
  for (auto const& [name, value] : fields)
    out.set(name, value);
  return out;
}

}  // namespace

/// service FILE [DEADLINE]: FILE is what /file sends; DEADLINE, in milliseconds, is for the rows
/// that wait until one passes.
int main(int count, char** arguments) {
  using namespace std::chrono_literals;
  std::string const file = arguments[1];
  wend::limits limits{.head_deadline = 60s};  // byte by byte takes its time
  if (count > 2)
    limits.head_deadline = limits.body_deadline = limits.keep_alive = limits.handler_deadline =
        std::chrono::milliseconds(std::atoi(arguments[2]));
  std::atomic<int> smuggled = 0;

  auto const api = wend::routes(
      wend::get<"/">([] { return "up\n"; }),
      wend::get<"/last">([] { return "last\n"; }),  // asked when a connection should be open still
      wend::get<"/smuggled">([&] { return std::to_string(++smuggled); }),
      wend::get<"/smuggled/count">([&] { return std::to_string(smuggled); }),

      // what is read of a request
      wend::get<"/host">([](wend::request& in) { return std::string(in.host()); }),
      wend::get<"/query">([](wend::request& in) { return std::string(in.target.query); }),
      wend::get<"/values">([](wend::request& in) { return values(in.fields, "X"); }),
      wend::get<"/one/{segment}">([](std::string_view segment) { return segment; }),
      wend::get<"/rest/{path...}">([](std::string_view path) { return path; }),
      wend::get<"/int/{n:int}">([](int n) { return std::to_string(n); }),

      // bodies
      wend::post<"/echo">([](wend::body in) { return std::string(*in); }),
      wend::get<"/echo">([](wend::body in) { return std::string(*in); }),
      wend::del<"/echo">([](wend::body in) { return std::string(*in); }),
      wend::post<"/pieces">([](wend::body_reader& in) -> asio::awaitable<std::string> {
        std::string all;
        while (auto const piece = co_await in.read())
          all.append(*piece);
        co_return all;
      }),
      wend::post<"/first">([](wend::body_reader& in) -> asio::awaitable<std::string> {
        co_await in.read();
        co_return "first\n";
      }),
      wend::post<"/ignored">([] { return "ignored\n"; }),
      wend::post<"/trailers">(
          [](wend::request& in, wend::body) { return values(in.trailers, "X"); }),
      wend::post<"/little", wend::max_body<10>>([](wend::body in) { return std::string(*in); }),

      // statuses and content
      wend::get<"/nothing">([] {}),
      wend::get<"/unchanged">([] {
        wend::response out(wend::status::not_modified);
        out.set("ETag", "\"1\"");
        return out;
      }),
      wend::get<"/reset">([] { return wend::status::reset_content; }),
      wend::get<"/throws">([]() -> int { throw wend::problem{wend::status::conflict, "no"}; }),
      wend::get<"/stream">([] {
        return wend::stream("text/plain", [](wend::writer& out) -> asio::awaitable<void> {
          for (std::string_view piece : {"first,", "second,", "third"})
            co_await out.write(piece);
        });
      }),
      wend::get<"/file">([&] { return wend::file(file, "text/plain"); }),
      wend::get<"/slow">([]() -> asio::awaitable<std::string> {
        co_await wait(100ms);
        co_return "slow\n";
      }),
      wend::get<"/never">([]() -> asio::awaitable<void> { co_await wait(1h); }),

      // fields that belong to the message and not to a handler
      wend::get<"/says/close">([] { return with_fields({{"Connection", "close"}}); }),
      wend::get<"/says/length">([] { return with_fields({{"Content-Length", "99"}}); }),
      wend::get<"/says/coding">([] { return with_fields({{"Transfer-Encoding", "gzip"}}); }),
      wend::get<"/says/date">(
          [] { return with_fields({{"Date", "Thu, 01 Jan 1998 00:00:00 GMT"}}); }),

      // methods
      wend::put<"/put-only">([](wend::body) {}),
      wend::on<wend::method{"PURGE"}, "/purge">([] { return "purged\n"; }),
      wend::on<wend::method::connect, "/refused.example:80">(
          []() -> int { throw wend::problem{wend::status::forbidden}; }),
      wend::on<wend::method::connect, "/taken.example:80">([] { return "taken\n"; }));
  wend::serve(api, {.port = 0, .limits = limits});
}
