#include <wend/app/resource.hpp>
//
#include <wend/app/group.hpp>
#include <wend/app/router.hpp>
#include <wend/handler/converters.hpp>
#include <wend/handler/json.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;
using wend::test::fetch;

namespace {

std::string show_all(auto const&... parts) {
  std::ostringstream out;
  ((out << parts << ' '), ...);
  return out.str();
}

struct draft {
  int n{};
};

/// Has all six, and keeps what it was asked.
struct notes {
  std::vector<std::string>& asked;

  std::string index(query<"limit", int, 20> limit) const { return show_all("index", *limit); }
  created<std::string> create(json<draft> d) const {
    return {url_for<"/notes/{id:int}">(d->n), show_all("create", d->n)};
  }
  std::optional<std::string> show(int id) const {
    if (id > 9) return std::nullopt;
    return show_all("show", id);
  }
  void replace(int id, json<draft> d) const { asked.push_back(show_all("replace", id, d->n)); }
  status update(request& in, long id) const {
    asked.push_back(show_all("update", id, in.target.path));
    return status::accepted;
  }
  void remove(int id) const noexcept { asked.push_back(show_all("remove", id)); }
};

/// Has neither state nor all of the members.
struct readings {
  static std::string index() { return "all"; }
  std::string show(int id) const { return show_all("one", id); }
  std::string other() const { return "no action"; }
};

struct regions {
  std::string show(int region) const { return show_all("region", region); }
};
struct locations {
  std::string index(int region) const { return show_all("locations of", region); }
  std::string show(int region, std::string_view id) const { return show_all(region, id); }
  std::string remove(path<"id", std::string_view> id) const { return show_all("no", *id); }
};

template <class T>
std::string printed(T const& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

struct mark {
  void after(request const&, response& out) const { out.add("X-Mark", "seen"); }
};

std::string answer(service app, method const& m, std::string target, std::string body = "") {
  std::vector<field> fields;
  if (!body.empty()) fields.push_back({"Content-Type", "application/json"});
  auto const out = ask(app, {m, std::move(target), fields, std::move(body)});
  return std::to_string(code(out.status)) + " " + out.body;
}

}  // namespace

TEST_CASE("the members of a class are routes", "[app][resource]") {
  std::vector<std::string> asked;
  auto const t = routes(resource<"notes">(notes{asked}), get<"/">([] { return "root"; }));
  STATIC_REQUIRE(decltype(t)::size() == 7);
  CHECK(fetch(t, "/") == "200 root");
  CHECK(answer(t, method::get, "/notes") == "200 index 20 ");
  CHECK(answer(t, method::get, "/notes?limit=5") == "200 index 5 ");
  CHECK(answer(t, method::get, "/notes?limit=x").starts_with("400"));
  CHECK(answer(t, method::post, "/notes", R"({"n":3})") == "201 create 3 ");
  CHECK(answer(t, method::get, "/notes/7") == "200 show 7 ");
  CHECK(answer(t, method::get, "/notes/17").starts_with("404"));
  CHECK(answer(t, method::get, "/notes/x").starts_with("404"));
  CHECK(answer(t, method::put, "/notes/7", R"({"n":4})") == "204 ");
  CHECK(answer(t, method::patch, "/notes/8") == "202 ");
  CHECK(answer(t, method::del, "/notes/9") == "204 ");
  CHECK(asked == std::vector<std::string>{"replace 7 4 ", "update 8 /notes/8 ", "remove 9 "});
}

TEST_CASE("a router takes it as it is", "[app][resource]") {
  std::vector<std::string> asked;
  router r;
  r.add(resource<"notes">(notes{asked}));
  r.prepare();
  CHECK(r.size() == 6);
  CHECK(fetch(r, "/notes/7") == "200 show 7 ");
}

TEST_CASE("its routes have names", "[app][resource]") {
  std::vector<std::string> asked;
  auto const t = routes(resource<"notes">(notes{asked}));
  CHECK(t.url_for<"notes.index">(arg<"limit">(3)) == "/notes?limit=3");
  CHECK(t.url_for<"notes.create">() == "/notes");
  CHECK(t.url_for<"notes.show">(42) == "/notes/42");
  CHECK(t.url_for<"notes.replace">(42) == "/notes/42");
  CHECK(t.url_for<"notes.update">(42) == "/notes/42");
  CHECK(t.url_for<"notes.remove">(42) == "/notes/42");
}

TEST_CASE("members that a class has not are no routes", "[app][resource]") {
  constexpr auto t = routes(resource<"readings", readings>(readings{}));  // no state: a constant
  STATIC_REQUIRE(t.size() == 2);
  CHECK(fetch(t, "/readings") == "200 all");
  CHECK(fetch(t, "/readings/4") == "200 one 4 ");
  auto const out = ask(t, {method::del, "/readings/4"});
  CHECK(out.status == status::method_not_allowed);
  CHECK(out.fields.get("Allow") == "GET, HEAD, OPTIONS");
  CHECK(ask(t, {method::post, "/readings"}).fields.get("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("the routes of a resource share its object", "[app][resource]") {
  struct counter {
    std::shared_ptr<int> alive = std::make_shared<int>(0);
    std::unique_ptr<std::atomic<int>> calls = std::make_unique<std::atomic<int>>(0);
    int index() const { return *calls; }
    int create() const { return ++*calls; }
  };
  counter one;
  std::weak_ptr<int> const alive = one.alive;
  {
    auto const t = routes(resource<"calls">(std::move(one)));
    CHECK(answer(t, method::post, "/calls") == "200 1");
    auto const copy = t;
    CHECK(answer(copy, method::post, "/calls") == "200 2");
    CHECK(fetch(t, "/calls") == "200 2");
    CHECK(alive.use_count() == 1);
  }
  CHECK(alive.expired());
}

TEST_CASE("members may be inherited", "[app][resource]") {
  struct listed : readings {
    std::string create() const { return "new"; }
  };
  auto const t = routes(resource<"x">(listed{}));
  STATIC_REQUIRE(decltype(t)::size() == 3);
  CHECK(fetch(t, "/x/1") == "200 one 1 ");
  CHECK(answer(t, method::post, "/x") == "200 new");
}

TEST_CASE("the id is of the type that members take", "[app][resource]") {
  struct by_uint {
    std::string show(unsigned id) const { return show_all(id); }
  };
  struct by_uuid {
    std::string show(uuid const& id) const { return id.to_string(); }
  };
  struct by_text {
    std::string show(std::string const& id) const { return id; }
  };
  struct by_name {
    std::string show(query<"n", int, 0>, path<"id", int> id) const { return show_all(*id); }
    std::string update(request&) const { return "asks the request"; }
  };
  struct by_request {
    std::string show(request& in) const { return std::string(in.captures[0]); }
  };
  struct by_two {
    std::string show(int a, std::string_view b) const { return show_all(a, b); }
  };
  auto const t = routes(resource<"uint">(by_uint{}),
                        resource<"uuid">(by_uuid{}),
                        resource<"text">(by_text{}),
                        resource<"name">(by_name{}),
                        resource<"request">(by_request{}),
                        resource<"given/{slug:slug}">(by_text{}),
                        resource<"two/{a:int}-{b}">(by_two{}));
  CHECK(printed(t) == R"(GET    /uint/{id:uint}     uint.show
GET    /uuid/{id:uuid}     uuid.show
GET    /text/{id}          text.show
GET    /name/{id:int}      name.show
PATCH  /name/{id:int}      name.update
GET    /request/{id}       request.show
GET    /given/{slug:slug}  given.show
GET    /two/{a:int}-{b}    two.show
)");
  CHECK(fetch(t, "/uint/7") == "200 7 ");
  CHECK(fetch(t, "/uint/-7").starts_with("404"));
  CHECK(fetch(t, "/uuid/00000000-0000-4000-8000-00000000000A") ==
        "200 00000000-0000-4000-8000-00000000000a");
  CHECK(fetch(t, "/uuid/7").starts_with("404"));
  CHECK(fetch(t, "/text/a%20b") == "200 a b");
  CHECK(fetch(t, "/name/7") == "200 7 ");
  CHECK(fetch(t, "/request/x") == "200 x");
  CHECK(fetch(t, "/given/a-b") == "200 a-b");
  CHECK(fetch(t, "/given/a.b").starts_with("404"));
  CHECK(fetch(t, "/two/1-b") == "200 1 b ");
}

TEST_CASE("a resource below another one takes the ids of both", "[app][resource]") {
  auto const t = routes(resource<"regions">(regions{}, resource<"locations">(locations{})));
  CHECK(fetch(t, "/regions/3") == "200 region 3 ");
  CHECK(fetch(t, "/regions/3/locations") == "200 locations of 3 ");
  CHECK(fetch(t, "/regions/3/locations/x") == "200 3 x ");
  CHECK(fetch(t, "/regions/x/locations").starts_with("404"));
  CHECK(answer(t, method::del, "/regions/3/locations/x") == "200 no x ");
  CHECK(answer(t, method::del, "/regions/3").starts_with("405"));
  CHECK(t.url_for<"regions.locations.show">(3, "x y") == "/regions/3/locations/x%20y");
}

TEST_CASE("ids around others have names of their own", "[app][resource]") {
  struct shelf {
    std::string show(std::string_view) const { return "shelf"; }
  };
  struct box {
    std::string index(request&) const { return "boxes"; }
    std::string show(path<"box", unsigned> id) const { return show_all(*id); }
  };
  struct lid {
    std::string index(std::string_view shelf, unsigned box) const { return show_all(shelf, box); }
  };
  auto const t = routes(
      resource<"2-shelves">(shelf{}, resource<"boxes/{box:uint}">(box{}, resource<"lids">(lid{}))));
  CHECK(printed(t) == R"(GET  /2-shelves/{id}                                  2-shelves.show
GET  /2-shelves/{__shelves_id}/boxes                  2-shelves.boxes.index
GET  /2-shelves/{__shelves_id}/boxes/{box:uint}       2-shelves.boxes.show
GET  /2-shelves/{__shelves_id}/boxes/{box:uint}/lids  2-shelves.boxes.lids.index
)");
  CHECK(fetch(t, "/2-shelves/a/boxes/7/lids") == "200 a 7 ");
}

TEST_CASE("a resource stands in groups like a route", "[app][resource]") {
  auto const t =
      routes(use(mark{}),
             group<"/api", names<"api.">, max_body<20>>(
                 use(mark{}), resource<"readings">(readings{}), get<"/x">([] { return "x"; })),
             group<"/">(resource<"regions">(regions{}, resource<"locations">(locations{}))),
             routes(resource<"top">(readings{})));
  STATIC_REQUIRE(decltype(t)::size() == 9);
  auto const marks = [&](std::string_view target) {
    auto const out = ask(t, {method::get, std::string(target)});
    std::size_t n = 0;
    out.fields.for_each([&](field const& f) { n += f.name == "X-Mark"; });
    return std::to_string(code(out.status)) + " " + std::to_string(n);
  };
  CHECK(marks("/api/readings/4") == "200 2");
  CHECK(marks("/api/readings/x") == "404 2");
  CHECK(marks("/regions/3/locations/x") == "200 1");
  CHECK(marks("/top") == "200 1");
  CHECK(t.url_for<"api.readings.show">(4) == "/api/readings/4");
  CHECK(std::remove_cvref_t<decltype(t.at<0>())>::body_limit() == 20);
}

TEST_CASE("a resource may come to a router in a table", "[app][resource]") {
  router r;
  r.add(routes(resource<"readings">(readings{})));
  r.prepare();
  CHECK(fetch(r, "/readings/4") == "200 one 4 ");
  r.add(method::get, "/readings/{n:int}", [](int n) { return n; });
  CHECK_THROWS_WITH(r.prepare(), Catch::Matchers::Contains("resource.cpp:"));
}
