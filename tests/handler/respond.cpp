#include <wend/handler/respond.hpp>

#include "support/catch.hpp"

using namespace wend;

namespace {

struct point {
  int x = 1;
  int y = 2;
};

struct page {
  std::string html;
};

class nothing {
  [[maybe_unused]] int hidden_ = 0;
};

template <class T>
response answer(T value) {
  response out;
  detail::respond(out, std::move(value));
  return out;
}

std::string shown(response const& r) {
  return std::to_string(code(r.status)) + " " +
         std::string(r.fields.get("Content-Type").value_or("-")) + " " + r.body;
}

}  // namespace

template <>
struct wend::responder<page> {
  static void respond(page&& p, response& out) {
    out.set("Content-Type", "text/html");
    out.body = std::move(p.html);
  }
};

namespace {

static_assert(detail::respondable<void>() && detail::respondable<point>() &&
              detail::respondable<std::optional<page>>() &&
              detail::respondable<std::variant<point, problem>>());
static_assert(!detail::respondable<nothing>() && !detail::respondable<std::optional<nothing>>());

}  // namespace

TEST_CASE("a result becomes the response that its type says", "[handler][respond]") {
  CHECK(shown(answer("text")) == "200 text/plain; charset=utf-8 text");
  CHECK(shown(answer(std::string("text"))) == "200 text/plain; charset=utf-8 text");
  CHECK(shown(answer(std::string_view("text"))) == "200 text/plain; charset=utf-8 text");
  CHECK(shown(answer(42)) == "200 application/json 42");
  CHECK(shown(answer(point{})) == R"(200 application/json {"x":1,"y":2})");
  CHECK(shown(answer(std::vector<point>(2))) ==
        R"(200 application/json [{"x":1,"y":2},{"x":1,"y":2}])");
  CHECK(shown(answer(status::accepted)) == "202 - ");
  CHECK(shown(answer(page{"<p>"})) == "200 text/html <p>");
  CHECK(shown(answer(response(status::created, "a/b", "c"))) == "201 a/b c");
}

TEST_CASE("a long text is moved into the response", "[handler][respond]") {
  std::string text(1000, 'x');
  auto const at = text.data();
  auto const out = to_response(std::move(text));
  CHECK(out.body.data() == at);
  CHECK(out.body.size() == 1000);
}

TEST_CASE("an optional without a value is a 404 problem", "[handler][respond]") {
  CHECK(shown(answer(std::optional<point>(point{}))) == R"(200 application/json {"x":1,"y":2})");
  CHECK(answer(std::optional<point>()).status == status::not_found);
  CHECK(answer(std::optional<point>()).fields.get("Content-Type") == "application/problem+json");
}

TEST_CASE("a pair or tuple has the status of a good answer", "[handler][respond]") {
  CHECK(shown(answer(std::pair(status::created, point{}))) ==
        R"(201 application/json {"x":1,"y":2})");
  CHECK(shown(answer(std::tuple(status::accepted, std::string("x")))) ==
        "202 text/plain; charset=utf-8 x");
  CHECK(answer(std::pair(status::created, std::optional<point>())).status == status::not_found);
  CHECK(answer(std::pair(status::no_content, std::string("x"))).body.empty());
}

TEST_CASE("created and redirect say where", "[handler][respond]") {
  auto const bare = answer(created("/notes/1"));
  CHECK(bare.status == status::created);
  CHECK(bare.fields.get("Location") == "/notes/1");
  CHECK(bare.body.empty());
  CHECK(answer(created("/notes/1", point{})).body == R"({"x":1,"y":2})");
  auto const other = answer(redirect("/x", status::permanent_redirect));
  CHECK(other.status == status::permanent_redirect);
  CHECK(other.fields.get("Location") == "/x");
  CHECK(redirect("/x").status == status::see_other);
  CHECK_THROWS_AS(redirect("/x\r\nSet-Cookie: a=b"), std::invalid_argument);
}

TEST_CASE("what is wrong is a problem", "[handler][respond]") {
  CHECK(answer(problem(status::conflict, "taken")).status == status::conflict);
  CHECK(answer(result<int>(error{status::gone, "was here", ""})).status == status::gone);
  CHECK(shown(answer(result<int>(3))) == "200 application/json 3");
  using either = std::variant<point, problem>;
  CHECK(answer(either(problem(status::conflict))).status == status::conflict);
  CHECK(answer(either(point{})).status == status::ok);
}
