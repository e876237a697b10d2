#include <wend/app/group.hpp>
#include <wend/app/middleware.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <variant>

#include "support/ask.hpp"
#include "support/catch.hpp"
#include "support/count_allocations.hpp"

using namespace wend;
using wend::test::ask;
using wend::test::fetch;

/// What net/ will define.
class wend::next {
 public:
  std::function<bool(request&, response&)> inside;
};

namespace {

/// A result that comes when the test says so.
template <class T>
struct later {
  std::function<T()> make;
};

struct run_later : late_work {
  std::function<void()> run;
};

/// A middleware that waits, as far as a test needs it: it does `before`, and if that is true
/// `inside` and `after`.
struct waiting {
  std::function<bool(request&)> let_in;
  std::function<void(response&)> dress;
};

}  // namespace

template <class T>
struct wend::detail::late_result<later<T>> {
  static constexpr bool is_late = true;
  using type = T;
  template <class Call>
  static void start(Call call, request&, response& out) {
    auto work = std::make_unique<run_later>();
    work->run = [kept = std::make_shared<Call>(std::move(call)), &out] {
      guard(out, [&] { respond(out, (*kept)().make()); });
    };
    out.later = std::move(work);
  }
};

template <>
struct wend::detail::late_result<waiting> {
  static constexpr bool is_late = true;
  using type = response;
  template <class M>
  static void start_middleware(M const& m, request& in, response& out) {
    auto work = std::make_unique<run_later>();
    work->run = [plan = m(in, next{}), &in, &out] {
      guard(out, [&] {
        if (!plan.let_in(in)) {
          out = response(status::forbidden);
          return;
        }
        body_policy body;
        switch (enter(in, out, body)) {
          case stage::answered: break;
          case stage::body: run(call(in, out), in, out); break;
          case stage::waiting: run(false, in, out); break;
        }
        if (plan.dress) plan.dress(out);
      });
    };
    out.later = std::move(work);
  }
  /// Runs what is to be run until the middleware that is waiting has its response.
  static void run(bool done, request& in, response& out) {
    while (!done && out.later != nullptr) {
      auto const work = std::move(out.later);
      static_cast<run_later&>(*work).run();
      done = leave(in, out);
    }
  }
};

namespace {

using late = wend::detail::late_result<waiting>;

/// What a driver does, with all that waits run at once.
response drive(service app, std::string_view target, method const& m = method::get) {
  request in;
  response out;
  body_policy body;
  in.method = m;
  in.target = *parse_target(m, target);
  switch (app.find(in, out, body)) {
    case stage::answered: break;
    case stage::body: late::run(app.call(in, out), in, out); break;
    case stage::waiting: late::run(false, in, out); break;
  }
  CHECK(in.routing.entered == 0);
  return out;
}

std::string journal;

/// Notes when it is passed.
struct noting {
  char const* name;
  void before(request&) { journal.append("+").append(name); }
  void after(request const&, response&) { journal.append("-").append(name); }
};

std::string journal_of(service app, std::string_view target, method const& m = method::get) {
  journal.clear();
  auto const out = drive(app, target, m);
  return journal + " " + std::to_string(code(out.status));
}

/// Answers at once in each of the ways there are, as the query says.
template <class R>
struct refusing {
  std::function<R(request&)> decide;
  R before(request& in) const { return decide(in); }
  void after(request const&, response&) const { journal += "-refusing"; }
};

auto const ok = [] { return "ok"; };

}  // namespace

TEST_CASE("middleware is passed from the outside in, and left from the inside out",
          "[app][middleware]") {
  auto const t = routes(use(noting{"a"}, noting{"b"}),
                        get<"/">([] {
                          journal += "!";
                          return "ok";
                        }),
                        routes(use(noting{"c"}), get<"/in">(ok)));
  CHECK(journal_of(t, "/") == "+a+b!-b-a 200");
  CHECK(journal_of(t, "/in") == "+a+b+c-c-b-a 200");
}

TEST_CASE("middleware covers the errors of its table", "[app][middleware]") {
  auto const t = routes(use(noting{"a"}), get<"/x">(ok), get<"/boom">([]() -> int { throw 1; }));
  CHECK(journal_of(t, "/none") == "+a-a 404");
  CHECK(journal_of(t, "/x", method::post) == "+a-a 405");
  CHECK(journal_of(t, "/x", method::options) == "+a-a 204");
  CHECK(journal_of(t, "/x", method{"FROB"}) == "+a-a 501");
  CHECK(journal_of(t, "/%00") == "+a-a 400");
  CHECK(journal_of(t, "*", method::options) == "+a-a 204");
  CHECK(journal_of(t, "/boom") == "+a-a 500");
}

TEST_CASE("before may answer in the place of what is inside", "[app][middleware]") {
  int called = 0;
  auto const table_with = [&](auto decide) {
    using R = decltype(decide(std::declval<request&>()));
    return routes(use(noting{"out"}, refusing<R>{decide}, noting{"in"}), get<"/x">([&] {
                    ++called;
                    return "ok";
                  }));
  };
  SECTION("a response always does") {
    auto const t = table_with([](request&) { return response(status::gone); });
    CHECK(journal_of(t, "/x") == "+out-out 410");
    CHECK(journal_of(t, "/none") == "+out-out 410");
  }
  SECTION("so does a problem") {
    auto const t = table_with([](request&) { return problem(status::gone); });
    CHECK(journal_of(t, "/x") == "+out-out 410");
  }
  SECTION("an optional response may") {
    auto const t = table_with([](request& in) -> std::optional<response> {
      if (in.target.query == "no") return response(status::gone);
      return std::nullopt;
    });
    CHECK(journal_of(t, "/x?no") == "+out-out 410");
    CHECK(called == 0);
    CHECK(journal_of(t, "/x") == "+out+in-in-refusing-out 200");
  }
  SECTION("an optional problem may") {
    auto const t = table_with([](request& in) -> std::optional<problem> {
      if (in.target.query == "no") return problem(status::gone);
      return std::nullopt;
    });
    CHECK(journal_of(t, "/x?no") == "+out-out 410");
    CHECK(journal_of(t, "/x") == "+out+in-in-refusing-out 200");
  }
  SECTION("a result with an error does") {
    auto const t = table_with([](request& in) -> result<int> {
      if (in.target.query == "no") return error{status::unauthorized, "who", ""};
      return 1;
    });
    CHECK(journal_of(t, "/x?no") == "+out-out 401");
    CHECK(journal_of(t, "/none?no") == "+out-out 401");
    CHECK(journal_of(t, "/none") == "+out+in-in-refusing-out 404");
  }
  SECTION("a variant of a value and a problem may") {
    auto const t = table_with([](request& in) -> std::variant<int, problem> {
      if (in.target.query == "no") return problem(status::unauthorized);
      return 1;
    });
    CHECK(journal_of(t, "/x?no") == "+out-out 401");
    CHECK(journal_of(t, "/x") == "+out+in-in-refusing-out 200");
  }
}

TEST_CASE("after has the value that before has made", "[app][middleware]") {
  struct counting {
    std::unique_ptr<int> before(request&) { return std::make_unique<int>(7); }
    void after(request const&, response& out, std::unique_ptr<int> const& n) {
      out.set("X-Count", std::to_string(*n));
    }
  };
  struct copying {
    std::string before(request& in) { return std::string(in.target.path); }
    void after(request const&, response& out, std::string path) { out.set("X-Path", path); }
  };
  auto const t = routes(use(counting{}, copying{}), get<"/x">(ok));
  auto const out = ask(t, {method::get, "/x"});
  CHECK(out.fields.get("X-Count") == "7");
  CHECK(out.fields.get("X-Path") == "/x");
}

TEST_CASE("what middleware throws becomes the response that is seen outside of it",
          "[app][middleware]") {
  struct throwing {
    std::string where;
    void before(request& in) {
      if (in.target.query == "before" && where == "before") throw std::runtime_error("secret");
      if (in.target.query == "problem" && where == "before") throw problem(status::conflict);
    }
    void after(request const& in, response&) {
      journal += "-t";
      if (in.target.query == "after" && where == "after") throw std::runtime_error("secret");
    }
  };
  auto const t =
      routes(use(noting{"a"}, throwing{"before"}, throwing{"after"}, noting{"b"}), get<"/">(ok));
  CHECK(journal_of(t, "/?before") == "+a-a 500");
  CHECK(journal_of(t, "/?problem") == "+a-a 409");
  CHECK(journal_of(t, "/?after") == "+a+b-b-t-t-a 500");
  CHECK(drive(t, "/?after").failure);
}

TEST_CASE("what before refuses does not have its body read", "[app][middleware]") {
  auto const t = routes(use(refusing<problem>{[](request&) { return problem(status::gone); }}),
                        post<"/">([](body b) { return std::string(*b); }));
  request in;
  response out;
  body_policy policy;
  in.method = method::post;
  in.target = *parse_target(in.method, "/");
  CHECK(t.find(in, out, policy) == stage::answered);
  CHECK(policy.mode == body_mode::unwanted);
}

TEST_CASE("a refusal while the body is read passes the middleware that was entered",
          "[app][middleware]") {
  auto const t = routes(use(noting{"a"}), post<"/">([](body) {}));
  request in;
  response out;
  response refusal;
  body_policy policy;
  journal.clear();
  in.method = method::post;
  in.target = *parse_target(in.method, "/");
  REQUIRE(t.find(in, out, policy) == stage::body);
  problem(status::content_too_large).write(refusal);
  CHECK(detail::leave(in, refusal));
  CHECK(journal == "+a-a");
}

TEST_CASE("a plain handler inside of middleware does not allocate", "[app][middleware]") {
  struct timing {
    std::uint64_t before(request&) { return 42; }
    void after(request const&, response& out, std::uint64_t n) {
      if (n != 42) out.status = status::internal_server_error;
    }
  };
  auto const t = routes(group<"/a">(use(timing{}, timing{}), get<"/{id}">([](int id) {
                                      return id > 0 ? status::ok : status::conflict;
                                    })));
  request in;
  response out;
  body_policy policy;
  auto const serve = [&] {
    in.reset();
    out.reset();
    in.method = method::get;
    in.target = *parse_target(in.method, "/a/5");
    if (t.find(in, out, policy) == stage::body) t.call(in, out);
  };
  serve();
  CHECK(wend::test::allocations_in(serve) == 0);
  CHECK(out.status == status::ok);
}

TEST_CASE("a handler whose result comes later is left when that has come", "[app][middleware]") {
  auto const t = routes(
      use(noting{"a"}),
      get<"/{n}">([](int n, query<"s", std::string> const& s) {
        journal += "!";
        return later<std::string>{[&s, n] {
          journal += "?";
          return *s + std::to_string(n);
        }};
      }),
      get<"/boom">([] { return later<int>{[]() -> int { throw problem(status::conflict); }}; }));
  request in;
  response out;
  body_policy policy;
  journal.clear();
  in.method = method::get;
  in.target = *parse_target(in.method, "/7?s=x");
  REQUIRE(t.find(in, out, policy) == stage::body);
  CHECK_FALSE(t.call(in, out));
  REQUIRE(out.later);
  CHECK(journal == "+a");
  late::run(false, in, out);
  CHECK(journal == "+a!?-a");
  CHECK(out.body == "x7");
  CHECK(journal_of(t, "/boom") == "+a-a 409");
  CHECK(journal_of(t, "/x?s=x") == "+a-a 400");
}

namespace {

waiting let(request&, next) {
  return {[](request& in) {
            journal += "+w";
            return in.target.query != "no";
          },
          [](response& out) {
            journal += "-w";
            out.set("X-Waited", "yes");
          }};
}

}  // namespace

TEST_CASE("a middleware that waits has the response of what is inside", "[app][middleware]") {
  auto const w = [](request& in, next n) { return let(in, n); };
  auto const t =
      routes(use(noting{"a"}, w, noting{"b"}, w, noting{"c"}),
             get<"/">(ok),
             get<"/late">([] { return later<std::string>{[] { return "late"; }}; }),
             routes(use(refusing<problem>{[](request&) { return problem(status::gone); }}),
                    get<"/refused">(ok)));
  CHECK(journal_of(t, "/") == "+a+w+b+w+c-c-w-b-w-a 200");
  CHECK(journal_of(t, "/late") == "+a+w+b+w+c-c-w-b-w-a 200");
  CHECK(drive(t, "/late").body == "late");
  CHECK(journal_of(t, "/none") == "+a+w+b+w+c-c-w-b-w-a 404");
  CHECK(drive(t, "/none").fields.get("X-Waited") == "yes");
  CHECK(journal_of(t, "/refused") == "+a+w+b+w+c-c-w-b-w-a 410");
  CHECK(journal_of(t, "/?no") == "+a+w-a 403");
  CHECK(journal_of(t, "/", method::post) == "+a+w+b+w+c-c-w-b-w-a 405");
}

TEST_CASE("a middleware that waits may be cut off", "[app][middleware]") {
  auto const w = [](request& in, next n) { return let(in, n); };
  auto const t = routes(use(noting{"a"}, w, noting{"b"}), get<"/">(ok));
  request in;
  response out, refusal;
  body_policy policy;
  in.method = method::get;
  in.target = *parse_target(in.method, "/");
  journal.clear();
  SECTION("before it goes on") {
    REQUIRE(t.find(in, out, policy) == stage::waiting);
    out.later.reset();
    CHECK(detail::leave(in, refusal));
    CHECK(journal == "+a-a");
  }
  SECTION("while the inside is at work") {
    REQUIRE(t.find(in, out, policy) == stage::waiting);
    out.later.reset();
    REQUIRE(detail::enter(in, out, policy) == stage::body);
    CHECK_FALSE(detail::leave(in, refusal));
    CHECK(detail::leave(in, refusal));
    CHECK(journal == "+a+b-b-a");
  }
}

TEST_CASE("a middleware that waits may call what is inside again", "[app][middleware]") {
  auto const w = [](request& in, next n) { return let(in, n); };
  auto const t = routes(use(w, noting{"b"}), get<"/">(ok));
  request in;
  response out;
  body_policy policy;
  in.method = method::get;
  in.target = *parse_target(in.method, "/none");
  journal.clear();
  REQUIRE(t.find(in, out, policy) == stage::waiting);
  for (int i = 0; i < 2; ++i) {
    out.reset();
    CHECK(detail::enter(in, out, policy) == stage::answered);
    CHECK(out.status == status::not_found);
  }
  CHECK(detail::leave(in, out));
  CHECK(journal == "+b-b+b-b");
}
