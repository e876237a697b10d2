// A table with one of everything that documentation tells: what the golden file, the linter, the
// page of Swagger UI and the generated client are tried with.
#pragma once

#include <wend/extra/docs.hpp>
#include <wend/wend.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace wend::test::library {

enum class genre { novel, poetry, essay };

struct author {
  std::string name;
  std::optional<std::chrono::year_month_day> born;
};

struct book {
  std::optional<wend::uuid> id;
  wend::text<1, 100> title;
  std::vector<author> authors;
  genre kind = genre::novel;
  std::optional<genre> second_kind;
  wend::range<int, 1, 5> stars = 3;
  std::map<std::string, std::int64_t> copies;
  std::optional<std::chrono::sys_seconds> lent;
  double price = 0;
  std::uint8_t shelf = 0;
  std::vector<book> volumes;  // a type within itself
};

template <class T>
struct page {
  std::vector<T> items;
  std::optional<std::string> next;
};

struct login {
  std::string name;
  wend::text<8> password;
};

/// Asks for a key; the documentation says so.
struct api_key {
  static constexpr wend::security_scheme security{
      .name = "key", .type = "apiKey", .in = "header", .parameter = "X-Key"};
  void before(wend::request& in) const {
    if (in.field("X-Key") != "sesame")
      throw wend::problem{wend::status::unauthorized, "the key is missing"};
  }
};

/// Another struct of a name that is taken.
namespace other {
struct book {
  int pages = 0;
};
}  // namespace other

inline book sample() {
  book out;
  out.id = *wend::uuid::parse("6f1c0fe8-5c0a-4c55-9a3e-0d4b8d8f2f10");
  out.title = "Emma";
  out.authors = {{"Jane Austen", {}}};
  return out;
}

/// `swagger_ui`: see `wend::docs`.
inline auto api(std::string swagger_ui = {}) {
  using namespace wend;
  using namespace std::string_view_literals;

  auto books = routes(
      get<"/books", "list_books", summary<"The books, page by page">>(
          [](query<"kind", std::optional<genre>>,
             query<"author", std::vector<std::string>>,
             query<"limit", range<int, 1, 100>, 20>,
             header<"If-Modified-Since", std::optional<std::string>>,
             cookie<"session", std::optional<std::string>>) { return page<book>{{sample()}, {}}; }),
      post<"/books", "add_book", may_answer<status::conflict, "there is a book of this title">>(
          [](json<book> b) {
            b->id = sample().id;
            return created(url_for<"/books/{id:uuid}">(*b->id), *b);
          }),
      get<"/books/{id:uuid}", "book">([](uuid id) -> std::optional<book> {
        if (id != sample().id) return std::nullopt;
        return sample();
      }),
      put<"/books/{id:uuid}", "put_book", deprecated>([](path<"id", uuid>, json<book>) {}),
      get<"/books/{shelf:uint}-{place:uint}">([](std::uint8_t, int) { return status::no_content; }),
      get<"/books/{id:uuid}/text", description<"The text of the book, as *it was set*.">>(
          [](uuid) { return json_lines(std::vector<std::string>{"one", "two"}); }),
      put<"/books/{id:uuid}/cover", max_body<10_MiB>>([](uuid, body) { return status::created; }));

  return routes(
      get<"/">([] { return "a library\n"; }),
      std::move(books),
      get<"/log[/{y:int}[/{m:int}]]", "log", tag<"reports">>(
          [](std::optional<int>, std::optional<int>) { return json_array(std::vector<int>{1}); }),
      get<"/{code:[A-Z]{3}}">([](std::string_view code) { return std::string(code); }),
      get<"/files/{path...}">([](std::string_view p) { return std::string(p); }),
      get<"/pages/{number}">([](int n) -> std::variant<other::book, std::vector<int>, problem> {
        if (n < 0) return problem(status::gone);
        return other::book{n};
      }),
      get<"/pair">([] { return std::pair(status::accepted, std::tuple(1, "two"sv)); }),
      post<"/login">([](form<login> f) { return result<std::string>(f->name); }),
      get<"/raw">([](request&) { return response(status::no_content); }),
      get<"/secret", undocumented>([] { return "hidden\n"; }),
      on<method{"PURGE"}, "/cache">([] {}),
      group<"/admin", tag<"administration">>(
          use(api_key{}), get<"/stats">([] { return std::map<std::string, int>{{"books", 1}}; })),
      host<"{branch}.library.test">(
          get<"/branch", "branch">([](host_part<"branch"> name) { return std::string(*name); })),
      mount<"/v2">(routes(get<"/books", "books_v2">([] { return std::vector<other::book>{}; }))),
      mount<"/static">([](request&) { return response(status::not_found); }),
      docs<"/docs">({.title = "Library",
                     .version = "2.1",
                     .description = "Books & *authors*.",
                     .license = "MIT"},
                    std::move(swagger_ui)));
}

}  // namespace wend::test::library
