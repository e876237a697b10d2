#include <wend/handler/extract.hpp>

#include "support/catch.hpp"

using namespace wend;

namespace {

/// A request with this query and these fields.
struct sent {
  explicit sent(std::string_view query, std::vector<field> fields = {}) : all(std::move(fields)) {
    in.target.query = query;
    in.fields = fields_view{std::span<field const>(all)};
  }
  template <class T>
  std::optional<T> take() {
    return extractor<T>::extract(in, why);
  }
  std::string errors() const {
    std::string out;
    if (!why.empty())
      for (auto const& e : why.answer().errors)
        out += e.in + " " + e.where + ": " + e.detail + "\n";
    return out;
  }
  std::vector<field> all;
  request in;
  rejection why;
};

}  // namespace

TEST_CASE("a parameter of the query is required, optional or has a default", "[handler][extract]") {
  sent s("limit=5&name=a+b%26c&empty=&flag");
  CHECK(**s.take<query<"limit", int>>() == 5);
  CHECK(**s.take<query<"name", std::string>>() == "a b&c");
  CHECK(**s.take<query<"name", std::string_view>>() == "a b&c");
  CHECK(**s.take<query<"empty", std::string>>() == "");
  CHECK(**s.take<query<"flag", std::string>>() == "");
  CHECK(**s.take<query<"none", int, 20>>() == 20);
  CHECK(**s.take<query<"none", std::optional<int>>>() == std::nullopt);
  CHECK(**s.take<query<"limit", std::optional<int>>>() == 5);
  CHECK(**s.take<query<"limit", range<int, 1, 9>, 3>>() == 5);
  CHECK(s.why.empty());

  CHECK_FALSE(s.take<query<"none", int>>());
  CHECK_FALSE(s.take<query<"name", int>>());
  CHECK_FALSE(s.take<query<"limit", range<int, 6, 9>>>());
  CHECK_FALSE(s.take<query<"name", std::optional<int>>>());
  CHECK(s.errors() ==
        "query none: is required\n"
        "query name: expected an integer from -2147483648 to 2147483647, got \"a b&c\"\n"
        "query limit: expected 6 to 9, got 5\n"
        "query name: expected an integer from -2147483648 to 2147483647, got \"a b&c\"\n");
  CHECK(s.why.answer().status == status::bad_request);
}

TEST_CASE("a parameter may be repeated, and its name escaped", "[handler][extract]") {
  sent s("tag=a&t%61g=b&tag=c%20d");
  CHECK(**s.take<query<"tag", std::vector<std::string>>>() ==
        std::vector<std::string>{"a", "b", "c d"});
  CHECK(**s.take<query<"tag", std::string>>() == "a");
  CHECK((**s.take<query<"none", std::vector<int>>>()).empty());
}

TEST_CASE("a malformed escape in a query is told once", "[handler][extract]") {
  sent s("a=%zz");
  CHECK_FALSE(s.take<query<"a", std::string>>());
  CHECK(s.errors() == "query a: holds a malformed escape\n");
}

TEST_CASE("header fields and cookies are read like parameters", "[handler][extract]") {
  sent s("", {{"x-depth", "3"}, {"Cookie", "sid=abc; theme=dark"}, {"Cookie", "late=1"}});
  CHECK(**s.take<header<"X-Depth", int>>() == 3);
  CHECK(**s.take<header<"X-None", int, 7>>() == 7);
  CHECK(**s.take<cookie<"theme", std::string_view>>() == "dark");
  CHECK(**s.take<cookie<"late", int>>() == 1);
  CHECK(**s.take<cookie<"none", std::optional<int>>>() == std::nullopt);
  CHECK_FALSE(s.take<cookie<"none", int>>());
  CHECK_FALSE(s.take<header<"X-None", int>>());
  CHECK(s.errors() == "cookie none: is required\nheader X-None: is required\n");
}

TEST_CASE("the body is what it is", "[handler][extract]") {
  sent s("");
  s.in.body = "bytes";
  CHECK(s.take<body>()->bytes == "bytes");
  CHECK(extractor<body>::takes_body);
}

TEST_CASE("a rejection has at most a hundred errors", "[handler][extract]") {
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += "a=x&";
  sent s(many);
  (void)s.take<query<"a", std::vector<int>>>();
  CHECK(s.why.answer().errors.size() == rejection::max_errors);
}

TEST_CASE("a rejection is 422 for the body alone, else 400", "[handler][extract]") {
  rejection why;
  CHECK(why.empty());
  why.add("body", "/a", "is required");
  CHECK(why.answer().status == status::unprocessable_content);
  why.add("query", "q", "is required");
  CHECK(why.answer().status == status::bad_request);
  why.refuse(problem(status::unsupported_media_type, "no"));
  CHECK(why.answer().status == status::unsupported_media_type);
  CHECK(why.answer().errors.size() == 2);
}
