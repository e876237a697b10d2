#include <wend/route/url_for.hpp>

#include <random>

#include "support/catch.hpp"

using namespace wend;

TEST_CASE("a URL is a pattern with its captures filled in", "[route][url_for]") {
  CHECK(url_for<"/">() == "/");
  CHECK(url_for<"/notes/{id:int}">(42) == "/notes/42");
  CHECK(url_for<"/n/{id:int}">(-42L) == "/n/-42");
  CHECK(url_for<"/h/{x:hex}">(255u) == "/h/ff");
  CHECK(url_for<"/x/{n:number}">(1.5) == "/x/1.5");
  CHECK(url_for<"/{name}.{type}">("a b", std::string("html")) == "/a%20b.html");
  CHECK(url_for<"/café/{x}">("é") == "/caf%C3%A9/%C3%A9");
}

TEST_CASE("a slash in one segment is encoded, in the rest it stays", "[route][url_for]") {
  CHECK(url_for<"/f/{name}">("a/b") == "/f/a%2Fb");
  CHECK(url_for<"/f/{path...}">("a/b c") == "/f/a/b%20c");
  CHECK(url_for<"/f/{path:any}/x">("a/b") == "/f/a/b/x");
  CHECK(url_for<"/f/{path...}">("") == "/f/");
  CHECK(url_for<"/d/{x:\\d+/\\d+}">("1/2") == "/d/1/2");
}

TEST_CASE("an optional part is left out with its value", "[route][url_for]") {
  using std::nullopt;
  CHECK(url_for<"/l[/{y:int}[/{m:int}]]">(2024, 2) == "/l/2024/2");
  CHECK(url_for<"/l[/{y:int}[/{m:int}]]">(2024, nullopt) == "/l/2024");
  CHECK(url_for<"/l[/{y:int}[/{m:int}]]">(nullopt, nullopt) == "/l");
  CHECK(url_for<"/l[/{y:int}]">(std::optional<int>(7)) == "/l/7");
  CHECK(url_for<"/both[/]">() == "/both");
  CHECK_THROWS_AS((url_for<"/l[/{y:int}[/{m:int}]]">(nullopt, 2)), std::invalid_argument);
}

TEST_CASE("a value that would not be read back is refused", "[route][url_for]") {
  CHECK_THROWS_AS(url_for<"/f/{name}">(".."), std::invalid_argument);
  CHECK_THROWS_AS(url_for<"/f/{name}">("."), std::invalid_argument);
  CHECK_THROWS_AS(url_for<"/f/{name}">(""), std::invalid_argument);
  CHECK_THROWS_AS(url_for<"/f/{name}">(std::string("a\0b", 3)), std::invalid_argument);
  CHECK_THROWS_AS(url_for<"/f/{n:digits}">("x"), std::invalid_argument);
  CHECK_THROWS_AS(url_for<"/f/{n:uint}">(-1), std::invalid_argument);
  CHECK_THROWS_AS((url_for<"/{name}.{type}">("a.b", "c")), std::invalid_argument);
  CHECK_THROWS_AS(url_for<"/f/{path...}">("a/../b"), std::invalid_argument);
  CHECK_THROWS_WITH(url_for<"/f/{n:digits}">("x"),
                    Catch::Matchers::Contains("/f/{n:digits} does not read back \"x\""));
}

namespace {

/// Builds URLs of random values and reads them back.
template <fixed_string Pattern>
void read_back(std::mt19937& random, std::string_view alphabet) {
  auto const& parsed = pattern<Pattern>::parsed;
  int built = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string value;
    for (auto n = 1 + random() % 8; n > 0; --n)
      value += alphabet[random() % alphabet.size()];
    std::string url;
    try {
      url = url_for<Pattern>(value);
    } catch (std::invalid_argument const&) {
      continue;
    }
    ++built;
    std::string scratch;
    auto const path = normalize_path(url, scratch);
    REQUIRE(path);
    std::string got;
    REQUIRE(detail::lookup(detail::static_tree<detail::single_route<Pattern>>::view,
                           *path,
                           [&](auto, detail::found_captures const& found) {
                             got = found[0];
                             return true;
                           }));
    std::replace(got.begin(), got.end(), '\0', '/');
    REQUIRE(got == value);
  }
  CHECK(built > 100);
  CHECK(parsed.capture_count == 1);
}

}  // namespace

TEST_CASE("match(url_for(x)) is x for every type of capture", "[route][url_for]") {
  std::mt19937 random(7);
  std::string all;
  for (int c = 1; c < 256; ++c)
    all += static_cast<char>(c);
  read_back<"/x/{a}/y">(random, all);
  read_back<"/x/{a}">(random, "./%ab ");
  read_back<"/x/{a:chunk}.html">(random, all);
  read_back<"/x/{a:any}/y">(random, all);
  read_back<"/x/{a...}">(random, "./ab");
  read_back<"/x/{a:digits}">(random, "0123456789");
  read_back<"/x/{a:hex}">(random, "0123456789abcdefABCDEF");
  read_back<"/x/{a:alpha}">(random, "abzAZ");
  read_back<"/x/{a:alnum}">(random, "abz09");
  read_back<"/x/{a:word}">(random, "ab_0");
  read_back<"/x/{a:slug}">(random, "ab-_0");
  read_back<"/x/v{a:[^.]+}.js">(random, "ab-./");
  for (int i = 0; i < 1000; ++i) {
    auto const n = static_cast<std::int32_t>(random());
    CHECK(url_for<"/{n:int}">(n) == "/" + std::to_string(n));
  }
}

TEST_CASE("no value makes a path another host", "[route][url_for]") {
  CHECK(url_for<"/{f...}">("/evil.example") == "/%2Fevil.example");
  CHECK(url_for<"/{f:any}">("//evil.example") == "/%2F/evil.example");
  CHECK(url_for<"/x/{f...}">("/evil.example") == "/x//evil.example");
  CHECK_THROWS_AS(url_for<"//evil.example">(), std::invalid_argument);
}

TEST_CASE("a pattern with scheme and host links to somewhere else", "[route][url_for]") {
  CHECK(url_for<"https://example.com">() == "https://example.com");
  CHECK(url_for<"http://Example.com:8080/Notes/{id:int}">(7) == "http://example.com:8080/Notes/7");
  CHECK(url_for<"https://{shard}.cdn.example.com/{file...}">("a", "x/y z.js") ==
        "https://a.cdn.example.com/x/y%20z.js");
  CHECK(url_for<"https://{n:uint}.example/search">(3u, arg<"q">("a b")) ==
        "https://3.example/search?q=a%20b");
  struct row {
    char const *because, *shard, *file;
  };
  constexpr row rows[] = {{"a label has no dot", "evil.com", "x"},
                          {"nor a slash", "evil.com/", "x"},
                          {"nor an @", "user@evil", "x"},
                          {"nor a colon", "evil:80", "x"},
                          {"it is not empty", "", "x"},
                          {"and ASCII", "\xc3\xa9", "x"},
                          {"no path climbs to the host", "a", "../x"}};
  CHECK_THROWS_AS(url_for<"https://x.example:{port:int}/">(-5), std::invalid_argument);
  CHECK(url_for<"https://x.example:{port:uint}/">(8443u) == "https://x.example:8443/");
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      CHECK_THROWS_AS((url_for<"https://{shard}.cdn.example.com/{file...}">(r.shard, r.file)),
                      std::invalid_argument);
    }
}

TEST_CASE("what comes behind the captures is the query", "[route][url_for]") {
  CHECK(url_for<"/notes">(arg<"limit">(20)) == "/notes?limit=20");
  CHECK(url_for<"/notes/{id:int}">(7, arg<"q">("a b&c=d+e"), arg<"on">(true)) ==
        "/notes/7?q=a%20b%26c%3Dd%2Be&on=true");
  CHECK(url_for<"/notes">(arg<"tag">(std::vector<std::string>{"x", "y z"})) ==
        "/notes?tag=x&tag=y%20z");
  CHECK(url_for<"/notes">(arg<"from">(std::optional<int>{}), arg<"to">(std::optional<int>(3))) ==
        "/notes?to=3");
  CHECK(url_for<"/notes">(arg<"none">(std::vector<int>{})) == "/notes");
  CHECK(url_for<"/notes">(arg<"a[b]">(std::string_view(""))) == "/notes?a%5Bb%5D=");
}
