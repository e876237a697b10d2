// Whatever a program supplies may throw, wherever it is called: it is answered or the connection is
// cut, the hook is told, and the next request is served.
#include <wend/wend.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

namespace {

[[noreturn]] void fail() {
  throw std::runtime_error("secret");
}

struct moody {};  // whose converter throws

struct shy {};  // whose JSON throws, both ways
void to_json(nlohmann::json&, shy const&) {
  fail();
}
void from_json(nlohmann::json const&, shy&) {
  throw std::invalid_argument("expected another");  // for the client to read
}

int no_value() {
  fail();
}
struct picky {  // which does not like to be made
  int value = no_value();
};

struct failing_source : body_source {
  std::string where;
  int reads = 0;
  explicit failing_source(std::string w) : where(std::move(w)) {}
  std::optional<std::uint64_t> size() const override {
    if (where == "size") fail();
    return std::nullopt;
  }
  std::optional<file_slice> file() const override {
    if (where == "file") fail();
    return std::nullopt;
  }
  bool read(std::string& out) override {
    if (where == "read" || ++reads == 20) fail();
    out.append(10'000, 'x');
    return true;
  }
};

struct throws_before {
  void before(request&) { fail(); }
};
struct throws_after {
  void after(request const&, response&) { fail(); }
};

asio::awaitable<void> yield() {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(1));
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<response> throws_outside(request&, next) {
  co_await yield();
  fail();
}
asio::awaitable<response> throws_on_the_way_back(request& in, next go) {
  auto const out = co_await go(in);
  fail();
}

per_thread<int> const nothing([]() -> int { fail(); });

response from_source(std::string where) {
  response out;
  out.source = std::make_unique<failing_source>(std::move(where));
  return out;
}

}  // namespace

template <>
struct wend::converter<moody> {
  static std::optional<moody> from_text(std::string_view) { fail(); }
  static std::string to_text(moody) { fail(); }
  static std::string expected() { return "a mood"; }
};

namespace {

auto const api = routes(
    use(access_log{[](std::string_view) { fail(); }}),
    get<"/">([] { return "up\n"; }),
    get<"/plain">([]() -> int { fail(); }),
    get<"/int">([]() -> int { throw 42; }),
    get<"/awaitable">([]() -> asio::awaitable<int> {
      co_await yield();
      fail();
    }),
    get<"/at-once">([]() -> asio::awaitable<int> { fail(); }),
    get<"/blocking">(blocking([]() -> int { fail(); })),
    get<"/blocking-int">(blocking([]() -> int { throw 42; })),
    get<"/per-thread">([] { return *nothing; }),
    get<"/moody/{m:word}">([](moody) { return "fine"; }),
    get<"/query">([](query<"m", moody>) { return "fine"; }),
    get<"/to-json">([] { return shy{}; }),
    post<"/from-json">([](json<shy>) { return "fine"; }),
    post<"/picky">([](json<picky>) { return "fine"; }),
    post<"/pieces">([](body_reader& in) -> asio::awaitable<int> {
      co_await in.read();
      fail();
    }),
    get<"/source/{where}">([](std::string where) { return from_source(where); }),
    get<"/stream">(
        [] { return stream("text/plain", [](writer&) -> asio::awaitable<void> { fail(); }); }),
    get<"/stream-later">([] {
      return stream("text/plain", [](writer& out) -> asio::awaitable<void> {
        co_await out.write("begun");
        co_await yield();
        fail();
      });
    }),
    get<"/stream-blocking">([] {
      return stream("text/plain", blocking([](std::ostream& out) {
                      out << "begun" << std::flush;
                      fail();
                    }));
    }),
    get<"/events">([] {
      return events([](event_writer& out) -> asio::awaitable<void> {
        co_await out.send({.id = "a line\nbreak", .data = "x"});
      });
    }),
    mount<"/mount">([](request&) -> response { fail(); }),
    group<"/before">(use(throws_before{}), get<"/">([] { return "x"; })),
    group<"/after">(use(throws_after{}), get<"/">([] { return "x"; })),
    group<"/outside">(use(throws_outside), get<"/">([] { return "x"; })),
    group<"/back">(use(throws_on_the_way_back), get<"/">([] { return "x"; })),
    group<"/hook">(use(on_exception([](request const&, std::exception_ptr, response&) { fail(); })),
                   get<"/">([]() -> int { fail(); })),
    group<"/format">(use(error_format([](problem const&, request const&, response&) { fail(); })),
                     get<"/">([]() -> int { throw problem(status::conflict); })));

struct row {
  char const* because;
  char const* line;
  std::string_view answer;  // the beginning of it
  bool told = true;         // to `on_error`
  char const* body = "";
};

}  // namespace

TEST_CASE("whatever a program supplies may throw", "[net][server]") {
  std::string_view const error = "HTTP/1.1 500 Internal Server Error\r\n";
  std::string_view const cut = "HTTP/1.1 200 OK\r\n";
  row const rows[] = {
      {"a handler", "GET /plain", error},
      {"what is no std::exception", "GET /int", error},
      {"a handler that waited", "GET /awaitable", error},
      {"a handler that did not wait yet", "GET /at-once", error},
      {"a blocking handler", "GET /blocking", error},
      {"a blocking handler, what is no std::exception", "GET /blocking-int", error},
      {"what makes a value for a thread", "GET /per-thread", error},
      {"a converter of a capture", "GET /moody/x", error},
      {"a converter of a parameter", "GET /query?m=x", error},
      {"to_json", "GET /to-json", error},
      {"from_json: that is the client's fault", "POST /from-json", "HTTP/1.1 422 ", false, "1"},
      {"a constructor of what JSON becomes", "POST /picky", error, true, R"({"value": 1})"},
      {"a handler that reads the body in pieces", "POST /pieces", error, true, "some"},
      {"the size of a source", "GET /source/size", error},
      {"the file of a source", "GET /source/file", error},
      {"a source at once", "GET /source/read", cut},
      {"a source later", "GET /source/later", cut},
      {"a producer at once", "GET /stream", cut},
      {"a producer later", "GET /stream-later", cut},
      {"a blocking producer", "GET /stream-blocking", cut},
      {"what sends events", "GET /events", cut},
      {"a mounted callable", "GET /mount/x", error},
      {"middleware before", "GET /before", error},
      {"middleware after", "GET /after", error},
      {"middleware that waits, before", "GET /outside", error},
      {"middleware that waits, after", "GET /back", error},
      {"the hook for exceptions", "GET /hook", error},
      {"the hook for problems", "GET /format", error},
  };
  std::atomic<int> told = 0;
  background_server web(api, {.port = 0, .on_error = [&](request const&, std::exception_ptr) {
                                ++told;
                                fail();
                              }});
  for (auto const& row : rows) {
    DYNAMIC_SECTION(row.because) {
      peer p(web.port());
      p.send(std::string(row.line) +
             " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
             std::to_string(std::string_view(row.body).size()) + "\r\n\r\n" + row.body);
      auto const got = p.rest();
      INFO(got.substr(0, 300));
      CHECK(got.starts_with(row.answer));
      CHECK(got.find("secret") == got.npos);
      if (row.answer == cut) CHECK_FALSE(got.ends_with("\r\n0\r\n\r\n"));
      CHECK(told == (row.told ? 1 : 0));
      peer another(web.port());
      another.send("GET / HTTP/1.0\r\n\r\n");
      CHECK(another.rest().ends_with("up\n"));
    }
  }
}
