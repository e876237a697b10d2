#include <wend/app/layer.hpp>

#include "support/catch.hpp"

using namespace wend;
using namespace wend::detail;

namespace {

struct path_row {
  char const* because;
  char const* path;
  std::size_t scope;
};

}  // namespace

TEST_CASE("a path belongs to the innermost scope that owns it", "[app][layer]") {
  scope const all[] = {{"", {}, 0, true},
                       {"/a", {}, 1, true},
                       {"/a", {}, 1, true},
                       {"/a/b", {}, 2, true},
                       {"/a/b", {}, 4, true},
                       {"/n", {}, 1, false}};
  for (auto const& r : {path_row{"the root", "/x", 1},
                        {"no path at all", "", 1},
                        {"the first of two that are the same", "/a/x", 2},
                        {"the prefix itself", "/a", 2},
                        {"more than the segment", "/ab", 1},
                        {"the inner of two that are the same", "/a/b/c", 5},
                        {"one that owns nothing", "/n/x", 1}})
    DYNAMIC_SECTION(r.because) {
      CHECK(scope_of(all, r.path) == r.scope);
    }
  CHECK(scope_of({}, "/") == 0);
}

TEST_CASE("leaving calls what was entered and no more", "[app][layer]") {
  static int left = 0;
  layer const l{nullptr, [](void const*, frame&, request const&, response&) { ++left; }};
  request in;
  response out;
  in.routing.frames = {{nullptr, &l}, {nullptr, &l}, {nullptr, &l}};
  in.routing.entered = 2;
  CHECK(leave(in, out));
  CHECK(left == 2);
  CHECK(leave(in, out));
  CHECK(left == 2);
}
