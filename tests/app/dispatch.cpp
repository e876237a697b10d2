#include <wend/app/dispatch.hpp>
#include <wend/app/table.hpp>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;

namespace {

/// A type whose converter throws: user's code runs while routes are still being tried.
struct moody {
  int value;
};

}  // namespace

template <>
struct wend::converter<moody> {
  static std::optional<moody> from_text(std::string_view text) {
    if (text == "bad") throw std::runtime_error("moody");
    return moody{1};
  }
  static std::string to_text(moody) { return "1"; }
  static std::string expected() { return "a mood"; }
};

namespace {

auto const api = routes(get<"/notes/{id:int}">([](std::int8_t id) { return std::to_string(id); }),
                        del<"/notes/{id}">([](std::string_view) {}),
                        put<"/notes/{id:int}">([](long) {}),
                        head<"/own-head">([] {}),
                        get<"/own-head">([] { return "body"; }),
                        get<"/moody/{m:word}">([](moody m) { return m.value; }),
                        options<"/own-options">([] { return "mine"; }),
                        on<method{"PURGE"}, "/cache">([] { return "purged"; }),
                        get<"/throw/{what}">([](std::string_view what) -> std::string {
                          if (what == "problem") throw problem(status::conflict, "taken");
                          if (what == "exception") throw std::runtime_error("secret");
                          throw 42;
                        }));

response answer(method const& m, std::string target) {
  return ask(api, {m, std::move(target)});
}

}  // namespace

TEST_CASE("a path without a route is 404, in a problem document", "[app][dispatch]") {
  auto const out = answer(method::get, "/none");
  CHECK(out.status == status::not_found);
  CHECK(out.fields.get("Content-Type") == "application/problem+json");
}

TEST_CASE("a method without a route is 405, with all that are there", "[app][dispatch]") {
  auto const out = answer(method::post, "/notes/1");
  CHECK(out.status == status::method_not_allowed);
  CHECK(out.fields.get("Allow") == "DELETE, GET, PUT, HEAD, OPTIONS");
  CHECK(answer(method::post, "/notes/x").fields.get("Allow") == "DELETE, OPTIONS");
  CHECK(answer(method::get, "/cache").fields.get("Allow") == "PURGE, OPTIONS");
}

TEST_CASE("a less precise route takes the method that the precise one lacks", "[app][dispatch]") {
  CHECK(answer(method::del, "/notes/1").status == status::no_content);
}

TEST_CASE("a value too large for its parameter is no match", "[app][dispatch]") {
  CHECK(answer(method::get, "/notes/127").body == "127");
  auto const out = answer(method::get, "/notes/128");
  CHECK(out.status == status::method_not_allowed);
  CHECK(out.fields.get("Allow") == "DELETE, PUT, OPTIONS");
}

TEST_CASE("HEAD comes from GET unless it is declared", "[app][dispatch]") {
  CHECK(answer(method::head, "/notes/1").status == status::ok);
  CHECK(answer(method::head, "/own-head").status == status::no_content);
  CHECK(answer(method::get, "/own-head").body == "body");
}

TEST_CASE("OPTIONS comes from the table unless it is declared", "[app][dispatch]") {
  auto const out = answer(method::options, "/notes/1");
  CHECK(out.status == status::no_content);
  CHECK(out.fields.get("Allow") == "DELETE, GET, PUT, HEAD, OPTIONS");
  CHECK(answer(method::options, "/own-options").body == "mine");
  CHECK(answer(method::options, "/none").status == status::not_found);
  CHECK(answer(method::options, "*").fields.get("Allow") ==
        "DELETE, GET, HEAD, OPTIONS, PURGE, PUT");
}

TEST_CASE("a method that nobody knows is 501", "[app][dispatch]") {
  CHECK(answer(method{"FROB"}, "/notes/1").status == status::not_implemented);
  CHECK(answer(method{"FROB"}, "/none").status == status::not_implemented);
  CHECK(answer(method{"get"}, "/notes/1").status == status::not_implemented);
  CHECK(answer(method{"PURGE"}, "/cache").body == "purged");
  CHECK(answer(method{"PURGE"}, "/none").status == status::not_found);
  CHECK(answer(method{"PROPFIND"}, "/cache").status == status::method_not_allowed);
  CHECK(answer(method::connect, "example.com:443").status == status::not_implemented);
}

TEST_CASE("a route may take CONNECT", "[app][dispatch]") {
  auto const proxy = routes(
      on<method::connect, "/{host}:{port:uint}">([](std::string_view host, std::uint16_t port) {
        return std::string(host) + " at " + std::to_string(port);
      }),
      get<"/{host}:{port:uint}">([] { return "no tunnel"; }));
  auto const ask = [&](method const& m, std::string_view target) {
    return wend::test::ask(proxy, {m, std::string(target)});
  };
  CHECK(ask(method::connect, "example.com:443").body == "example.com at 443");
  CHECK(ask(method::connect, "[::1]:80").body == "[::1] at 80");
  CHECK(ask(method::get, "/example.com:443").body == "no tunnel");
}

TEST_CASE("TRACE is not answered", "[app][dispatch]") {
  CHECK(answer(method::trace, "/notes/1").status == status::method_not_allowed);
}

TEST_CASE("what a handler throws becomes a response", "[app][dispatch]") {
  CHECK(answer(method::get, "/throw/problem").status == status::conflict);
  CHECK_FALSE(answer(method::get, "/throw/problem").failure);
  for (auto target : {"/throw/exception", "/throw/number"}) {
    auto const out = answer(method::get, target);
    CHECK(out.status == status::internal_server_error);
    CHECK(out.failure);
    CHECK(out.body.find("secret") == out.body.npos);
  }
}

TEST_CASE("what a converter throws becomes a response", "[app][dispatch]") {
  CHECK(answer(method::get, "/moody/good").body == "1");
  auto const out = answer(method::get, "/moody/bad");
  CHECK(out.status == status::internal_server_error);
  CHECK(out.failure);
}

namespace {

enum class unit { light_switch, fan };

/// A value that has a slash in its text.
struct month {
  int year, number;
};

}  // namespace

template <>
struct wend::converter<month> {
  static std::optional<month> from_text(std::string_view text) {
    auto const slash = text.find('/');
    if (slash == text.npos) return std::nullopt;
    auto const y = converter<int>::from_text(text.substr(0, slash));
    auto const n = converter<int>::from_text(text.substr(slash + 1));
    if (!y || !n) return std::nullopt;
    return month{*y, *n};
  }
  static std::string to_text(month m) {
    return std::to_string(m.year) + "/" + std::to_string(m.number);
  }
  static std::string expected() { return "a month"; }
};

TEST_CASE("a value that does not fit leaves other splits to be tried", "[app][dispatch]") {
  auto const t = routes(get<"/{u:word}_{n:word}-{i:int}.json">([](unit u, std::string_view n, int) {
                          return std::string(enum_name(u)) + " " + std::string(n);
                        }),
                        get<"/{u:word}{n:uint}px">([](std::string_view u, std::uint8_t n) {
                          return std::string(u) + " " + std::to_string(n);
                        }));
  CHECK(wend::test::fetch(t, "/light_switch_kitchen-5.json") == "200 light_switch kitchen");
  CHECK(wend::test::fetch(t, "/x1234px") == "200 x1 234");
  CHECK(wend::test::fetch(t, "/" + std::string(200, '1') + "px").starts_with("200"));
  CHECK(wend::test::fetch(t, "/" + std::string(5000, '9') + "-px").starts_with("404"));
}

TEST_CASE("a value is checked as its handler will get it", "[app][dispatch]") {
  auto const t = routes(get<"/{d:[^x]+}">([](month m) { return m.number; }));
  CHECK(wend::test::fetch(t, "/2024%2F7") == "200 7");
}

TEST_CASE("a path that cannot be read is 400", "[app][dispatch]") {
  CHECK(answer(method::get, "/notes/%zz").status == status::bad_request);
  CHECK(answer(method::get, "/notes/%00").status == status::bad_request);
  CHECK(answer(method::get, "/../notes/1").status == status::bad_request);
  CHECK(answer(method::get, "/notes/..%2f1").status == status::bad_request);
  CHECK(answer(method::get, "/notes/%zz").fields.get("Connection") == "close");
}
