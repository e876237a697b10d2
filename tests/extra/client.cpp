#include <wend/extra/client.hpp>
//
#include <wend/wend.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "support/catch.hpp"
#include "support/language.hpp"
#include "support/parrot.hpp"

using namespace wend;

namespace {

enum class mood { glad, sad };

struct remark {
  std::int64_t id{};
  text<1, 20> title;
  std::optional<mood> how;
  std::vector<std::string> tags;

  friend bool operator==(remark const&, remark const&) = default;
};

struct order {
  std::string name;
  int count = 0;
  std::vector<mood> moods;
  std::optional<bool> gift;
};

struct signed_in {
  std::string name;
};
struct sign_in {
  signed_in before(request&) const { return {"ann"}; }
};

std::string joined(std::vector<std::string> const& all) {
  std::string out;
  for (auto const& one : all)
    out += one + ",";
  return out;
}

auto make_api() {
  return routes(
      use(sign_in{}),
      get<"/remarks/{id:int}", "remark">([](std::int64_t id) -> std::optional<remark> {
        if (id > 100) return std::nullopt;
        return remark{id, "a title", mood::sad, {"x", "y"}};
      }),
      get<"/remarks", "remarks">([](query<"limit", range<int, 1, 10>, 3> limit,
                                    query<"how", std::optional<mood>> how,
                                    query<"tag", std::vector<std::string>> tags) {
        return std::vector<remark>(static_cast<std::size_t>(*limit + 0),
                                   remark{1, "t", *how, *tags});
      }),
      post<"/remarks", "add">([](json<remark> r) {
        if (*r->title == "taken") throw problem(status::conflict, "the title is taken");
        r->id = 7;
        return created("/remarks/7", *r);
      }),
      put<"/remarks/{id:int}", "replace">([](std::int64_t, json<remark>) {}),
      get<"/text/{a}[/{b}]", "text">([](std::string_view a, std::optional<std::string> b) {
        return std::string(a) + "|" + b.value_or("-");
      }),
      get<"/named/{a}/{b}", "named">([](path<"b", int> b, path<"a", std::string> a, request&) {
        return *a + std::to_string(*b);
      }),
      get<"/who", "who">([](provided<signed_in> who,
                            header<"X-Lang", std::optional<std::string>> lang,
                            cookie<"session", std::string, required{}> session) {
        return who->name + *session + lang->value_or("?");
      }),
      post<"/order", "order">([](form<order> o) {
        std::string out = o->name + std::to_string(o->count) + (o->gift.value_or(false) ? "!" : "");
        for (auto m : o->moods)
          out += enum_name(m);
        return out;
      }),
      put<"/blob", "blob">([](body b) { return std::pair(status::accepted, b.bytes.size()); }),
      get<"/numbers", "numbers">([] { return json_array(std::vector<int>{1, 2, 3}); }),
      get<"/lines", "lines">([] { return json_lines(std::vector<std::string>{"a", "b\nc"}); }),
      get<"/result/{n:int}", "result">([](int n) -> result<int> {
        if (n < 0) return error{status::gone, "there were negative ones", ""};
        return n;
      }),
      get<"/variant", "variant">([] { return std::variant<int, std::string>(5); }),
      del<"/status", "status">([] { return status::accepted; }),
      get<"/late/{n:int}", "late">([](int n) -> asio::awaitable<int> { co_return n * 2; }),
      get<"/film/{n:int}", "film">([](int n) {
        if (n < 0) throw problem(status::gone, "it was long ago");
        return stream("text/plain", [n](writer& out) -> asio::awaitable<void> {
          for (int i = 0; i < n; ++i)
            co_await out.write("0123456789");
        });
      }),
      get<"/maybe/{n:int}", "maybe">([](int n) {
        auto const one = [n] {
          return stream("text/plain", [n](writer& out) -> asio::awaitable<void> {
            co_await out.write(std::to_string(n));
          });
        };
        return n > 9 ? std::nullopt : std::optional(one());
      }),
      get<"/ticks", "ticks">([](header<"Last-Event-ID", int, 0> last) {
        return events([last = *last](event_writer& out) -> asio::awaitable<void> {
          for (int n = last + 1;; ++n) {
            auto const id = std::to_string(n);
            co_await out.send(event{.id = id, .event = "tick", .data = "two\nlines"});
          }
        });
      }),
      get<"/broken", "broken">([](request&) { return response(status::ok, "text/plain", "no"); }));
}

using api_type = decltype(make_api());

template <class T>
status status_of(T&& work) {
  try {
    work();
  } catch (problem const& p) {
    return p.status;
  }
  return status::ok;
}

}  // namespace

TEST_CASE("a call takes what the handler takes, and returns what it returns", "[extra][client]") {
  auto const api = make_api();
  background_server web(api, {.port = 0});
  client<api_type const> remote("http://127.0.0.1:" + std::to_string(web.port()) + "/");

  std::optional<remark> const one = remote.call<"remark">(42);
  CHECK(one == remark{42, "a title", mood::sad, {"x", "y"}});
  CHECK_FALSE(remote.call<"remark">(1000));

  CHECK(remote.call<"remarks">().size() == 3);
  std::vector<remark> const some =
      remote.call<"remarks">(2, mood::glad, std::vector<std::string>{"a b", "c&d"});
  REQUIRE(some.size() == 2);
  CHECK(some[0].how == mood::glad);
  CHECK(joined(some[0].tags) == "a b,c&d,");

  created<remark> const made = remote.call<"add">(remark{0, "new", {}, {}});
  CHECK(made.location == "/remarks/7");
  CHECK(made.value.id == 7);
  remote.call<"replace">(7, remark{0, "newer", {}, {}});

  std::string const text = remote.call<"text">("a/b c", "d");
  CHECK(text == "a/b c|d");
  CHECK(remote.call<"text">("ä") == "ä|-");
  CHECK(remote.call<"named">(5, "x") == "x5");
  CHECK(remote.call<"who">(std::nullopt, "s1") == "anns1?");
  CHECK(remote.call<"who">("de", "s1") == "anns1de");
  CHECK(remote.call<"order">(order{"a&b", 2, {mood::sad, mood::glad}, true}) == "a&b2!sadglad");
  CHECK(remote.call<"blob">("12345") == std::pair(status::accepted, std::size_t{5}));
  CHECK(remote.call<"numbers">() == std::vector{1, 2, 3});
  CHECK(remote.call<"lines">() == std::vector<std::string>{"a", "b\nc"});
  CHECK(remote.call<"result">(3) == 3);
  response const either = remote.call<"variant">();
  CHECK(either.body == "5");
  CHECK(remote.call<"status">() == status::accepted);
  CHECK(remote.call<"late">(21) == 42);
  CHECK(remote.http().idle() == 1);
}

TEST_CASE("a call reaches what is mounted, and writes what extractors of users read",
          "[extra][client]") {
  auto const inner = routes(get<"/x/{n:int}", "x">([](int n) { return n; }));
  auto const t = routes(get<"/y", "y">([] { return 1; }),
                        get<"/speak", "speak">([](test::language l) { return l.code; }),
                        mount<"/caf%C3%A9">(routes(mount<"/in">(inner))));
  background_server web{t, {.port = 0}};
  client<decltype(t)> remote("http://127.0.0.1:" + std::to_string(web.port()));
  CHECK(remote.call<"x">(7) == 7);
  CHECK(remote.call<"y">() == 1);
  CHECK(remote.call<"speak">() == "en");
  CHECK(remote.call<"speak">("de") == "de");
}

TEST_CASE("a call sends what is read back, or nothing", "[extra][client]") {
  auto const t = routes(get<"/c", "c">([](cookie<"s", std::string, required{}> s,
                                          cookie<"admin", std::optional<std::string>> admin,
                                          header<"X-Lang", std::optional<std::string>> lang) {
                          return *s + "," + admin->value_or("-") + "," + lang->value_or("-");
                        }),
                        get<"/pair", "pair">([] { return std::pair(status::conflict, 7); }),
                        get<"/lines", "lines">([] { return json_lines(std::vector<int>{1, 23}); }));
  background_server web{t, {.port = 0}};
  auto const base = "http://127.0.0.1:" + std::to_string(web.port());
  client<decltype(t)> remote(base);
  CHECK(remote.call<"c">("a", std::nullopt, "de") == "a,-,de");
  for (auto const* value : {"a; admin=1", "\"a\"", " a "})
    CHECK_THROWS_AS(remote.call<"c">(value), std::invalid_argument);
  CHECK_THROWS_AS(remote.call<"c">("a", std::nullopt, " de "), std::invalid_argument);
  CHECK(remote.call<"pair">() == std::pair(status::conflict, 7));

  test::parrot const odd("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n1\n23");
  client<decltype(t)> other(odd.url());
  CHECK(other.call<"lines">() == std::vector{1, 23});
}

TEST_CASE("a call that waits outlives its client", "[extra][client]") {
  auto const t = routes(get<"/n", "n">([] { return 3; }));
  background_server web{t, {.port = 0}};
  asio::io_context io;
  int got = 0;
  {
    client<decltype(t)> remote(io, "http://127.0.0.1:" + std::to_string(web.port()));
    asio::co_spawn(io, remote.async_call<"n">(), [&](std::exception_ptr, int n) { got = n; });
  }
  io.run();
  CHECK(got == 3);
}

TEST_CASE("what is wrong is thrown as the problem that it is", "[extra][client]") {
  auto const api = make_api();
  background_server web(api, {.port = 0});
  client<api_type> remote("http://127.0.0.1:" + std::to_string(web.port()));
  try {
    remote.call<"add">(remark{0, "taken", {}, {}});
    FAIL("nothing was thrown");
  } catch (problem const& p) {
    CHECK(p.status == status::conflict);
    CHECK(p.detail == "the title is taken");
  }
  try {
    remote.call<"add">(remark{});  // its title is not given yet
    FAIL("nothing was thrown");
  } catch (problem const& p) {
    CHECK(p.status == status::unprocessable_content);
    REQUIRE(p.errors.size() == 1);
    CHECK(p.errors[0].where == "/title");
    CHECK(p.errors[0].in == "body");
  }
  CHECK(status_of([&] { remote.call<"result">(-1); }) == status::gone);
  CHECK_THROWS_AS(remote.call<"text">(".."), std::invalid_argument);

  // a server whose table is another one
  auto const other = routes(get<"/remarks/{id}">([](std::string_view) { return "text"; }));
  background_server strange(other, {.port = 0});
  client<api_type> mistaken("http://127.0.0.1:" + std::to_string(strange.port()));
  CHECK(status_of([&] { (void)mistaken.call<"remark">(1); }) == status::bad_gateway);
  CHECK(status_of([&] { (void)mistaken.call<"numbers">(); }) == status::not_found);
}

TEST_CASE("calls wait on a loop of yours", "[extra][client]") {
  auto const api = routes(mount<"/v1">(make_api()));
  background_server web(api, {.port = 0});
  asio::io_context io;
  client<api_type> remote(io, "http://127.0.0.1:" + std::to_string(web.port()) + "/v1");
  int sum = 0;
  auto const ask = [&](int n) -> asio::awaitable<void> {
    sum += co_await remote.async_call<"late">(n);
    auto const one = co_await remote.async_call<"remark">(n);
    sum += static_cast<int>(one->id);
  };
  for (int n : {1, 10})
    asio::co_spawn(io, ask(n), [](std::exception_ptr why) {
      if (why) std::rethrow_exception(why);
    });
  io.run();
  CHECK(sum == 33);
}

TEST_CASE("what a handler streams is read while it comes", "[extra][client]") {
  auto const api = make_api();
  background_server web(api, {.port = 0});
  client<api_type> remote("http://127.0.0.1:" + std::to_string(web.port()),
                          {.limits = {.body = 1000}});
  answer_stream film = remote.call<"film">(10'000);
  CHECK(film.fields.get("Content-Type") == "text/plain");
  std::size_t size = 0;
  while (auto const piece = film.read())
    size += piece->size();
  CHECK(size == 100'000);
  try {
    (void)remote.call<"film">(-1);
    FAIL("nothing was thrown");
  } catch (problem const& p) {
    CHECK(p.status == status::gone);
    CHECK(p.detail == "it was long ago");
  }
  std::optional<answer_stream> some = remote.call<"maybe">(3);
  REQUIRE(some);
  CHECK(some->read_all().body == "3");
  CHECK_FALSE(remote.call<"maybe">(10));
  CHECK(remote.http().idle() == 1);
}

TEST_CASE("events are read one by one", "[extra][client]") {
  auto const api = make_api();
  background_server web(api, {.port = 0});
  client<api_type> remote("http://127.0.0.1:" + std::to_string(web.port()));
  std::string last;
  {
    answer_events ticks = remote.call<"ticks">();
    for (auto const* id : {"1", "2", "3"})
      CHECK(ticks.read() == event{.id = id, .event = "tick", .data = "two\nlines"});
    last = ticks.last_id();
  }
  CHECK(remote.http().idle() == 0);
  CHECK(remote.call<"ticks">(std::stoi(last)).read().value().id == "4");
}

TEST_CASE("streams and events wait on a loop of yours", "[extra][client]") {
  auto const api = make_api();
  background_server web(api, {.port = 0});
  asio::io_context io;
  client<api_type> remote(io, "http://127.0.0.1:" + std::to_string(web.port()));
  std::string all;
  auto const ask = [&]() -> asio::awaitable<void> {
    auto film = co_await remote.async_call<"film">(2);
    while (auto const piece = co_await film.async_read())
      all += *piece;
    auto ticks = co_await remote.async_call<"ticks">(41);
    for (int i = 0; i < 2; ++i) {
      auto const tick = co_await ticks.async_read();
      all.append(" ").append(tick.value().id);
    }
    auto const none = co_await remote.async_call<"maybe">(10);
    if (!none) all += " none";
    try {
      (void)co_await remote.async_call<"film">(-1);
    } catch (problem const& p) {
      all.append(" ").append(p.detail);
    }
  };
  asio::co_spawn(io, ask, [](std::exception_ptr why) {
    if (why) std::rethrow_exception(why);
  });
  io.run();
  CHECK(all == "01234567890123456789 42 43 none it was long ago");
}

TEST_CASE("what is no stream of events is told", "[extra][client]") {
  auto const other = routes(get<"/ticks">([] { return "tick"; }));
  background_server strange(other, {.port = 0});
  client<api_type> mistaken("http://127.0.0.1:" + std::to_string(strange.port()));
  CHECK(status_of([&] { (void)mistaken.call<"ticks">(); }) == status::bad_gateway);
  CHECK(status_of([&] { (void)mistaken.call<"film">(1); }) == status::not_found);
}
