#include <wend/app/layer.hpp>

#include "support/catch.hpp"

using namespace wend;
using namespace wend::detail;

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
