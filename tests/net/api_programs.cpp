// The programs that wend is designed by, beside the REST service of rest_service.cpp: groups and
// middleware, waiting and streaming, embedding. What is marked as a program is the target the API
// was made for: it stays as it stands.
#include <wend/wend.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "support/catch.hpp"
#include "support/peer.hpp"

// The programs name in `wend` what the library leaves to extra/: here are small stand-ins. A `wend`
// of our own, in which all of the real one is found, keeps them apart from the ones that may come.
namespace api_programs {
namespace wend {
using namespace ::wend;

/// Who has sent a request.
struct principal {
  std::string name;
};

inline std::string decode_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (char const c : text) {
    auto const digit = digits.find(c);
    if (digit == digits.npos) break;
    bits = (bits & 0x3ff) << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  return out;
}

/// Lets in who knows a password, and supplies a `principal`.
struct basic_auth {
  std::string realm;
  bool (*check)(std::string_view name, std::string_view password);

  std::variant<principal, problem> before(request& in) const {
    auto const given = in.field("Authorization").value_or("");
    if (given.starts_with("Basic ")) {
      auto const pair = decode_base64(given.substr(6));
      auto const colon = pair.find(':');
      if (colon != pair.npos && check(pair.substr(0, colon), pair.substr(colon + 1)))
        return principal{pair.substr(0, colon)};
    }
    problem refused(status::unauthorized);
    refused.fields.add("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
    return refused;
  }
};

/// Lets pages from other origins read responses.
struct cors {
  std::vector<std::string> origins;

  void after(request const& in, response& out) const {
    for (auto const& origin : origins)
      if (in.field("Origin") == origin) out.set("Access-Control-Allow-Origin", origin);
  }
};

/// Says which file it would send.
struct static_files {
  std::string folder;

  std::string operator()(request& in) const { return folder + std::string(in.mount_path); }
};

}  // namespace wend

// What the programs take for granted.

struct stats {
  std::string user;
  int requests{};
};
struct report {
  std::string title;
};
struct report_order {
  std::string title;
};

struct store {
  stats stats_for(std::string const& user) const { return {user, 7}; }
  asio::awaitable<api_programs::report> report() const {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return api_programs::report{"all is well"};
  }
};

bool check_password(std::string_view name, std::string_view password) {
  return name == "ann" && password == "secret";
}
std::string greet(std::string_view name) {
  return "hello " + std::string(name);
}
std::string milliseconds_since(std::chrono::steady_clock::time_point since) {
  std::chrono::duration<double, std::milli> const took = std::chrono::steady_clock::now() - since;
  return std::to_string(took.count());
}
std::string to_csv(int row) {
  return std::to_string(row) + ",x\r\n";
}
std::string clock() {
  return "12:00";
}
report crunch(report_order const& order) {
  return {"crunched: " + order.title};
}

/// Asks for one thing: the whole answer, as it came.
std::string ask(std::uint16_t port,
                std::string const& line,
                std::string const& fields = "",
                std::string const& body = "") {
  ::wend::test::peer p(port);
  p.send(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body);
  return p.rest();
}

// A program.
auto admin_routes(store& db) {
  return wend::group<"/admin">(
      wend::use(wend::basic_auth{"admin", check_password}),  // supplies wend::principal
      wend::get<"/stats">(
          [&](wend::provided<wend::principal> who) { return db.stats_for(who->name); }));
}

// A program.
struct timing {
  auto before(wend::request&) { return std::chrono::steady_clock::now(); }
  void after(wend::request const&,
             wend::response& out,
             std::chrono::steady_clock::time_point since) {
    out.set("Server-Timing", "app;dur=" + milliseconds_since(since));
  }
};

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

TEST_CASE("groups, middleware and typed values as they are designed", "[net][service]") {
  store db;
  std::map<std::string, std::string> config{{"path", "/greet/{name}"}};
  auto api = wend::routes(wend::use(timing{}), wend::get<"/notes">([] { return "notes\n"; }));

  // the log is written to std::clog, which is not to be seen among the results
  std::ostringstream log;
  auto* const clog = std::clog.rdbuf(log.rdbuf());

  // A program, but for wend::docs<"/docs">(...), which there is not yet.
  auto app = wend::routes(
      wend::use(wend::access_log{std::clog}, wend::cors{.origins = {"https://example.com"}}),
      wend::mount<"/assets">(wend::static_files{"public"}),
      wend::group<"/api/v1">(api, admin_routes(db)));

  wend::router plugins;  // routes known only at run time
  plugins.add(wend::method::get, config["path"], [](std::string_view name) { return greet(name); });

  {
    wend::background_server web{app, {.port = 0}};
    CHECK_THAT(ask(web.port(), "GET /assets/style.css"), EndsWith("\r\n\r\npublic/style.css"));
    CHECK_THAT(ask(web.port(), "GET /api/v1/notes"),
               EndsWith("\r\n\r\nnotes\n") && Contains("\r\nServer-Timing: app;dur=0."));
    CHECK_THAT(ask(web.port(), "GET /api/v1/notes", "Origin: https://example.com\r\n"),
               Contains("\r\nAccess-Control-Allow-Origin: https://example.com\r\n"));
    CHECK_THAT(ask(web.port(), "GET /api/v1/admin/stats", "Origin: https://example.com\r\n"),
               StartsWith("HTTP/1.1 401 ") &&
                   Contains("\r\nWWW-Authenticate: Basic realm=\"admin\"\r\n") &&
                   Contains("\r\nAccess-Control-Allow-Origin: https://example.com\r\n"));
    auto const ann =
        ask(web.port(), "GET /api/v1/admin/stats", "Authorization: Basic YW5uOnNlY3JldA==\r\n");
    CHECK_THAT(ann, EndsWith("\r\n\r\n{\"user\":\"ann\",\"requests\":7}"));
    CHECK_THAT(ann, !Contains("Server-Timing"));
  }
  std::clog.rdbuf(clog);
  CHECK_THAT(log.str(), Contains("\"GET /api/v1/admin/stats HTTP/1.1\" 401 "));
  CHECK_THAT(log.str(), Contains("\"/assets[/{rest...}]\""));

  wend::background_server web{plugins, {.port = 0}};
  CHECK_THAT(ask(web.port(), "GET /greet/bob"), EndsWith("\r\n\r\nhello bob"));
}

TEST_CASE("waiting and streaming as they are designed", "[net][service]") {
  using namespace wend::literals;
  store db;
  std::vector<int> rows{1, 2, 3};
  std::string file;

// a program names its parameters for its readers
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
  auto app = wend::routes(
      // A program.
      wend::get<"/slow">([&]() -> asio::awaitable<report> { co_return co_await db.report(); }),
      wend::get<"/export.csv">([&] {
        return wend::stream("text/csv", [&](wend::writer& out) -> asio::awaitable<void> {
          for (auto& row : rows)
            co_await out.write(to_csv(row));  // waits when the client is slow
        });
      }),
      wend::get<"/ticks">([&] {
        return wend::events([&](wend::event_writer& out) -> asio::awaitable<void> {
          for (int n = 0;; ++n)
            co_await out.send({.id = std::to_string(n), .data = clock()});
        });
      }),
      wend::put<"/blobs/{name}", wend::max_body<10_GiB>>(
          [&](std::string_view name, wend::body_reader& in) -> asio::awaitable<wend::status> {
            while (auto piece = co_await in.read())
              file.append(*piece);  // constant memory
            co_return wend::status::created;
          }),
      wend::post<"/reports">(
          wend::blocking([&](wend::json<report_order> order) { return crunch(*order); })));
#pragma GCC diagnostic pop

  wend::background_server web{app, {.port = 0}};
  CHECK_THAT(ask(web.port(), "GET /slow"), EndsWith("\r\n\r\n{\"title\":\"all is well\"}"));
  CHECK_THAT(ask(web.port(), "GET /export.csv"),
             Contains("\r\nContent-Type: text/csv\r\n") && Contains("1,x\r\n") &&
                 Contains("3,x\r\n") && EndsWith("\r\n0\r\n\r\n"));
  {
    ::wend::test::peer p(web.port());
    p.send("GET /ticks HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK_THAT(p.until("id: 2\ndata: 12:00\n\n"),
               Contains("\r\nContent-Type: text/event-stream\r\n") &&
                   Contains("id: 0\ndata: 12:00\n\n") && EndsWith("id: 2\ndata: 12:00\n\n"));
  }
  CHECK_THAT(ask(web.port(), "PUT /blobs/one", "", std::string(3'000'000, 'x')),
             StartsWith("HTTP/1.1 201 "));
  CHECK(file.size() == 3'000'000);
  CHECK_THAT(ask(web.port(),
                 "POST /reports",
                 "Content-Type: application/json\r\n",
                 R"({"title":"numbers"})"),
             EndsWith("\r\n\r\n{\"title\":\"crunched: numbers\"}"));
}

TEST_CASE("embedding as it is designed", "[net][service]") {
  auto api = wend::routes(wend::get<"/">([] { return "wend is up\n"; }));
  {
    // A program; somebody asks meanwhile, and stops it.
    asio::io_context io;                     // the user's own
    wend::server web{io, api, {.port = 0}};  // listens; web.port() says where
    std::string answer;
    std::thread client([&] {
      answer = ask(web.port(), "GET /");
      web.stop();
    });
    io.run();
    client.join();
    CHECK_THAT(answer, EndsWith("\r\n\r\nwend is up\n"));
  }
  // A program.
  wend::background_server web{api, {.port = 0}};  // its own thread, for a main() that knows no Asio
  CHECK_THAT(ask(web.port(), "GET /"), EndsWith("\r\n\r\nwend is up\n"));
}

}  // namespace api_programs
