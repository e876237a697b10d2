#include <wend/app/error_hooks.hpp>
#include <wend/app/group.hpp>

#include <stdexcept>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;
using wend::test::fetch;

namespace {

std::string text_of(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (std::exception const& e) {
    return e.what();
  } catch (...) {
    return "?";
  }
}

}  // namespace

TEST_CASE("on_exception hears of what handlers throw", "[app][error_hooks]") {
  std::string heard;
  auto const t =
      routes(use(on_exception{[&](request const& in, std::exception_ptr failure, response& out) {
               heard = std::string(in.target.path) + " " + text_of(failure);
               if (heard.ends_with("replace")) out = response(status::service_unavailable);
               if (heard.ends_with("worse")) throw std::runtime_error("worst");
             }}),
             get<"/{what}">([](std::string what) -> int {
               if (what == "problem") throw problem(status::conflict);
               if (what == "fine") return 1;
               throw std::runtime_error(what);
             }));
  CHECK(fetch(t, "/fine") == "200 1");
  CHECK(fetch(t, "/problem").starts_with("409"));
  CHECK(heard.empty());
  CHECK(fetch(t, "/boom").starts_with("500"));
  CHECK(heard == "/boom boom");
  CHECK(fetch(t, "/replace").starts_with("503"));
  auto const worst = ask(t, {method::get, "/worse"});
  CHECK(worst.status == status::internal_server_error);
  CHECK(text_of(worst.failure) == "worst");
}

TEST_CASE("error_format says what every problem looks like", "[app][error_hooks]") {
  struct version {
    void after(request const&, response& out) { out.set("X-Version", "1"); }
  };
  auto const t = routes(use(error_format{[](problem const& p, request const& in, response& out) {
                              out.set("Content-Type", "text/plain");
                              out.body = std::to_string(code(p.status)) + " at " +
                                         std::string(in.target.path) + ": " + p.detail +
                                         std::to_string(p.errors.size());
                            }},
                            version{}),
                        get<"/fine">([] { return "fine"; }),
                        get<"/conflict">([] { return problem(status::conflict, "taken"); }),
                        get<"/thrown">([]() -> int { throw problem(status::gone, "gone"); }),
                        get<"/query">([](query<"a", int>, query<"b", int>) {}),
                        get<"/optional">([] { return std::optional<int>(); }),
                        get<"/boom">([]() -> int { throw 1; }));
  CHECK(fetch(t, "/fine") == "200 fine");
  CHECK(fetch(t, "/conflict") == "409 409 at /conflict: taken0");
  CHECK(fetch(t, "/thrown") == "410 410 at /thrown: gone0");
  CHECK(fetch(t, "/query") == "400 400 at /query: 2");
  CHECK(fetch(t, "/optional") == "404 404 at /optional: 0");
  CHECK(fetch(t, "/none") == "404 404 at /none: 0");
  CHECK(fetch(t, "/boom") == "500 500 at /boom: 0");
  auto const out = ask(t, {method::post, "/fine"});
  CHECK(out.body == "405 at /fine: 0");
  CHECK(out.fields.get("Allow") == "GET, HEAD, OPTIONS");
  CHECK(out.fields.get("X-Version") == "1");
}
