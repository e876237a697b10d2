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

TEST_CASE("a path that cannot be read is 400", "[app][dispatch]") {
  CHECK(answer(method::get, "/notes/%zz").status == status::bad_request);
  CHECK(answer(method::get, "/notes/%00").status == status::bad_request);
  CHECK(answer(method::get, "/../notes/1").status == status::bad_request);
}
