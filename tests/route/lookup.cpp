#include <wend/route/lookup.hpp>
//
#include <wend/route/build_tree.hpp>

#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/naive_router.hpp"

using namespace wend;
using namespace wend::detail;

namespace {

/// A tree of patterns with all that it needs to live.
struct forest {
  explicit forest(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (auto const& t : texts_)
      patterns.push_back(checked_pattern(t));
    for (auto const& p : patterns)
      routes_.push_back({&p, 0});
    parts = build_tree(routes_);
  }

  /// "pattern capture capture", or "" when nothing matches.
  std::string find(std::string_view path) const {
    std::string out;
    lookup(parts.view(), path, [&](auto ends, found_captures const& found) {
      out = texts_[ends[0].route];
      for (std::size_t i = 0; i < found.size(); ++i)
        out.append(" ").append(found[i]);
      return true;
    });
    return out;
  }

  /// The same by trying everything.
  std::string find_naively(std::string_view path) const {
    auto const match = naive::find(patterns, path);
    if (!match) return "";
    auto out = texts_[match->route];
    for (auto const& c : match->captures)
      out += " " + c;
    return out;
  }

  std::vector<parsed_pattern> patterns;
  tree_parts parts;

 private:
  std::vector<std::string> texts_;
  std::vector<tree_route> routes_;
};

struct row {
  char const* because;
  std::vector<std::string> patterns;
  std::string path;
  std::string found;
};

row const rows[] = {
    {"a literal matches itself", {"/a"}, "/a", "/a"},
    {"a literal is not a prefix", {"/a"}, "/ab", ""},
    {"a trailing slash is another resource", {"/a"}, "/a/", ""},
    {"a trailing slash that may be there", {"/a[/]"}, "/a/", "/a[/]"},
    {"an empty segment matches no capture", {"/{a}"}, "/", ""},
    {"an empty segment in the middle matches no capture", {"/a/{b}/c"}, "/a//c", ""},
    {"two slashes are not one", {"/x"}, "//x", ""},
    {"a literal comes before a capture", {"/{a}", "/x"}, "/x", "/x"},
    {"a typed capture comes before a plain one", {"/{a}", "/{a:int}"}, "/12", "/{a:int} 12"},
    {"a plain capture comes before the rest", {"/{a...}", "/{a}"}, "/x", "/{a} x"},
    {"precision counts from left to right", {"/{a}/x", "/y/{b}"}, "/y/x", "/y/{b} x"},
    {"a regex comes before a named type", {"/{a:int}", "/{a:\\d\\d}"}, "/12", "/{a:\\d\\d} 12"},
    {"a failed branch is left again", {"/a/{b}/c", "/{a}/b/d"}, "/a/b/d", "/{a}/b/d a"},
    {"and again", {"/{a:int}/x", "/{a}/y"}, "/1/y", "/{a}/y 1"},
    {"a literal with a common beginning", {"/users", "/user"}, "/user", "/user"},
    {"captures inside a segment",
     {"/{y:int}-{m:int}.html"},
     "/2024-02.html",
     "/{y:int}-{m:int}.html 2024 02"},
    {"a capture is as short as it can be", {"/{a}.{b}"}, "/x.tar.gz", "/{a}.{b} x tar.gz"},
    {"a chunk has no dot", {"/{a}.{b:chunk}"}, "/x.tar.gz", "/{a}.{b:chunk} x.tar gz"},
    {"a capture after text", {"/v{n:int}/x"}, "/v2/x", "/v{n:int}/x 2"},
    {"a sign belongs to an int", {"/{n:int}"}, "/-5", "/{n:int} -5"},
    {"but not to a uint", {"/{n:uint}"}, "/-5", ""},
    {"a number has a fraction", {"/{n:number}"}, "/1.5", "/{n:number} 1.5"},
    {"a dot alone is no fraction", {"/{n:number}"}, "/1.", ""},
    {"hex digits", {"/{n:hex}"}, "/fF0", "/{n:hex} fF0"},
    {"a slug", {"/{s:slug}"}, "/a-b_c9", "/{s:slug} a-b_c9"},
    {"a word has no hyphen", {"/{s:word}"}, "/a-b", ""},
    {"alnum has no underscore", {"/{s:alnum}"}, "/a_b", ""},
    {"alpha has no digit", {"/{s:alpha}"}, "/a1", ""},
    {"a uuid",
     {"/{u:uuid}"},
     "/01234567-89ab-cdef-0123-456789abcdef",
     "/{u:uuid} 01234567-89ab-cdef-0123-456789abcdef"},
    {"a uuid of 35 characters is none", {"/{u:uuid}"}, "/01234567-89ab-cdef-0123-456789abcde", ""},
    {"a segment ends at a slash", {"/{a}"}, "/x/y", ""},
    {"any does not", {"/{a:any}"}, "/x/y", "/{a:any} x/y"},
    {"any is not empty", {"/f/{a:any}"}, "/f/", ""},
    {"the rest may be empty", {"/f/{a...}"}, "/f/", "/f/{a...} "},
    {"the rest has slashes", {"/f/{a...}"}, "/f//x/", "/f/{a...} /x/"},
    {"the rest begins after its slash", {"/f/{a...}"}, "/f", ""},
    {"any before more pattern", {"/{p:any}/edit"}, "/a/b/edit", "/{p:any}/edit a/b"},
    {"a regex may cross a slash", {"/{p:\\w+/\\w+}.js"}, "/a/b.js", "/{p:\\w+/\\w+}.js a/b"},
    {"nested optional parts", {"/l[/{y}[/{m}]]"}, "/l/1/2", "/l[/{y}[/{m}]] 1 2"},
    {"an optional part in the middle", {"/a[/b]/c"}, "/a/c", "/a[/b]/c"},
    {"an optional extension", {"/s/{n}[.{f}]"}, "/s/x.json", "/s/{n}[.{f}] x json"},
    {"an optional extension that is absent", {"/s/{n}[.{f}]"}, "/s/x", "/s/{n}[.{f}] x"},
    {"an encoded slash stays in its segment",
     {"/{a}"},
     std::string("/x\0y", 4),
     std::string("/{a} x\0y", 8)},
    {"an escaped brace", {"/\\{x\\}"}, "/{x}", "/\\{x\\}"},
    {"backtracking over any", {"/{a:any}/b/{c:any}/d"}, "/b/b/x/d", "/{a:any}/b/{c:any}/d b x"},
};

}  // namespace

TEST_CASE("a path finds the most precise route", "[route][lookup]") {
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      CHECK(forest(r.patterns).find(r.path) == r.found);
      auto reversed = r.patterns;
      std::reverse(reversed.begin(), reversed.end());
      CHECK(forest(reversed).find(r.path) == r.found);
    }
}

TEST_CASE("a tree finds what trying everything finds", "[route][lookup]") {
  std::mt19937 random(20260101);
  auto const below = [&](std::size_t n) { return random() % n; };
  std::vector<std::string> const parts{"/",
                                       "/a",
                                       "/b",
                                       "a",
                                       "-",
                                       ".",
                                       "{}",
                                       "{}",
                                       "{:int}",
                                       "{:chunk}",
                                       "{:any}",
                                       "{:alpha}",
                                       "b",
                                       "[",
                                       "{:[ab]+}",
                                       "]",
                                       "{:(a|ab)b}",
                                       "/{}"};
  int tried = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> texts;
    for (auto n = 1 + below(4); n > 0; --n) {
      std::string text = "/";
      char name = 'p';
      for (auto length = below(6); length > 0; --length) {
        auto part = parts[below(parts.size())];
        if (auto const brace = part.find('{'); brace != part.npos)
          part.insert(brace + 1, 1, name++);
        text += part;
      }
      if (below(6) == 0) text += "{r...}";
      if (parse_pattern(text).fault == pattern_fault::none) texts.push_back(text);
    }
    forest const f(texts);
    if (f.parts.conflict_a != tree_parts::no_route) continue;
    for (int paths = 0; paths < 20; ++paths) {
      std::string path = "/";
      for (auto length = below(9); length > 0; --length)
        path += "ab/-.1"[below(6)];
      ++tried;
      auto const wanted = f.find_naively(path);
      INFO(path);
      for (auto const& t : texts)
        UNSCOPED_INFO(t);
      REQUIRE(f.find(path) == wanted);
    }
  }
  CHECK(tried > 10'000);
}

TEST_CASE("a tree of literal segments finds what trying everything finds", "[route][lookup]") {
  // Around eight bytes, with beginnings in common, empty, and with captures beside and inside.
  std::mt19937 random(20260102);
  auto const below = [&](std::size_t n) { return random() % n; };
  std::vector<std::string> const parts{
      "/user",       "/users",        "/u",        "/subscribe",
      "/subscriber", "/subscrib",     "/subscri",  "/contents",
      "/contents/",  "/releases",     "/release",  "/",
      "/{}",         "/{}",           "/{:int}",   "/v{:int}",
      "/v1",         "/12345678",     "/1",        "/caf\xc3\xa9",
      "/a%2Fb",      "[/users]",      "[/]",       "/{}.json",
      "/x.json",     "/\xaf\xaf\xaf", "/{:any}/u", "/%2F%2F%2F%2F%2F%2F%2F%2F",
      "/%2F{}"};
  std::vector<std::string> const words{"/user",
                                       "/users",
                                       "/u",
                                       "/subscribe",
                                       "/subscriber",
                                       "/subscrib",
                                       "/subscri",
                                       "/subscribes",
                                       "/contents",
                                       "/contentsx",
                                       "/releases",
                                       "/release",
                                       "/",
                                       "/v1",
                                       "/v12",
                                       "/v",
                                       "/12345678",
                                       "/123456789",
                                       "/1",
                                       "/caf\xc3\xa9",
                                       std::string("/a\0b", 4),
                                       std::string("/\0\0\0\0\0\0\0\0", 9),
                                       "/a",
                                       "/x.json",
                                       "/\xaf\xaf\xaf",
                                       "/\xaf\xaf/",
                                       "x"};
  int tried = 0, found = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> texts;
    for (auto n = 1 + below(8); n > 0; --n) {
      std::string text;
      char name = 'p';
      for (auto length = 1 + below(4); length > 0; --length) {
        auto part = parts[below(parts.size())];
        if (auto const brace = part.find('{'); brace != part.npos)
          part.insert(brace + 1, 1, name++);
        text += part;
      }
      if (below(8) == 0) text += "{r...}";
      if (text.front() == '/' && parse_pattern(text).fault == pattern_fault::none)
        texts.push_back(text);
    }
    forest const f(texts);
    if (f.parts.conflict_a != tree_parts::no_route) continue;
    for (int paths = 0; paths < 30; ++paths) {
      std::string path;
      for (auto length = 1 + below(4); length > 0; --length)
        path += words[below(words.size())];
      if (below(4) == 0) path.resize(below(path.size() + 1));
      ++tried;
      auto const wanted = f.find_naively(path);
      found += !wanted.empty();
      INFO(path);
      for (auto const& t : texts)
        UNSCOPED_INFO(t);
      // at the very end of what may be read
      std::vector<char> const exact(path.begin(), path.end());
      REQUIRE(f.find({exact.data(), exact.size()}) == wanted);
    }
  }
  CHECK(tried > 30'000);
  CHECK(found > 3'000);
}

TEST_CASE("a lookup does not allocate", "[route][lookup]") {
  forest const f({"/repos/{owner}/{repo}/issues/{n:int}", "/{a}-{b}.{c}", "/f/{r...}"});
  auto const t = f.parts.view();
  std::size_t found = 0;
  CHECK(wend::test::allocations_in([&] {
          for (auto path : {"/repos/a/b/issues/12", "/x-y.z", "/f/a/b/c", "/nothing/here"})
            found += lookup(t, path, [](auto, auto const&) { return true; });
        }) == 0);
  CHECK(found == 3);
}

TEST_CASE("the work of a lookup does not explode with its captures", "[route][lookup]") {
  // Each of these would take years if every split were tried.
  forest const f({"/{a}-{b}-{c}-{d}-{e}-{f}!",
                  "/{a:any}/x{b:any}/x{c:any}/x{d:any}!",
                  "/{a:\\w+\\W?}{b:\\w+\\W?}{c:\\w+\\W?}{d:\\w+\\W?}!"});
  CHECK(f.find("/" + std::string(8000, '-')) == "");
  std::string slashes;
  for (int i = 0; i < 2700; ++i)
    slashes += "/xa";
  CHECK(f.find(slashes) == "");
  CHECK(f.find("/" + std::string(8000, 'w')) == "");
}

TEST_CASE("siblings that may end anywhere do not make a lookup slow", "[route][lookup]") {
  // Thirty captures side by side behind one that floats: with a record for each, 8 KiB are read
  // some thirty times; without, the square of that.
  std::vector<std::string> texts;
  for (int i = 1; i <= 30; ++i)
    texts.push_back("/{a:any}x{b:(\\w|x){1," + std::to_string(i) + "}x*}!" + std::to_string(i));
  CHECK(forest(texts).find("/" + std::string(8000, 'x')) == "");
}

TEST_CASE("a capture behind another one may be as long as the path", "[route][lookup]") {
  forest const f({"/{a:any}-{b:\\d+x?}!", "/{a}-{b}.{c:int}"});
  auto const digits = std::string(5000, '7');
  CHECK(f.find("/y-" + digits + "!") == "/{a:any}-{b:\\d+x?}! y " + digits);
  // the split that is right is the last of many
  std::string dashes;
  for (int i = 0; i < 1000; ++i)
    dashes += "1-";
  CHECK(f.find("/" + dashes + "2x!") == "/{a:any}-{b:\\d+x?}! " + dashes.substr(0, 1999) + " 2x");
}
