#include <wend/route/mismatch.hpp>
//
#include <string>
#include <string_view>

#include "support/catch.hpp"

using namespace wend::detail;

TEST_CASE("a mismatch says where pattern and path part") {
  struct row {
    std::string_view because, pattern, path, why;
  };
  row const rows[] = {
      {"it matches", "/notes/{id:int}", "/notes/7", ""},
      {"a capture is of another type",
       "/notes/{id:int}",
       "/notes/x",
       "{id:int} does not take \"x\""},
      {"a capture has an expression",
       "/v/{v:v\\d+}/x",
       "/v/w1/x",
       "{v:v\\d+} does not take \"w1\""},
      {"a capture has nothing to take", "/notes/{id}", "/notes/", "{id} has nothing to take"},
      {"a segment is another", "/notes/new", "/notes/now", "expects \"new\", not \"now\""},
      {"a segment is shorter", "/notes/new", "/notes/ne/x", "expects \"new\", not \"ne\""},
      {"the first segment is another", "/notes", "/users/5", "expects \"notes\", not \"users\""},
      {"the path ends", "/notes/{id}", "/notes", "expects \"/\", and the path ends"},
      {"the path goes on", "/notes", "/notes/7", "ends before \"/7\""},
      {"the path goes on behind brackets", "/a[/{n:int}]", "/a/x", "ends before \"/x\""},
      {"text comes behind a capture", "/{name}.txt", "/a.csv", "expects \".txt\", not \".csv\""},
      {"nothing precedes the rest",
       "/files/{rest...}",
       "/file",
       "expects \"files\", and the path ends"},
      {"a slash was encoded", "/a/b", "/a/c\0d", "expects \"b\", not \"c%2Fd\""},
      {"it is no path", "/", "*", "does not match"},
  };
  for (auto row : rows) {
    if (row.because == "a slash was encoded") row.path = std::string_view("/a/c\0d", 6);
    DYNAMIC_SECTION(row.because) {
      CHECK(mismatch(wend::checked_pattern(row.pattern), row.path) == row.why);
    }
  }
}
