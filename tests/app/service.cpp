#include <wend/app/service.hpp>

#include "support/ask.hpp"
#include "support/catch.hpp"

namespace {

/// The least that can be served.
struct echo {
  mutable int prepared = 0;

  void prepare() const { ++prepared; }
  wend::stage find(wend::request&, wend::response& out, wend::body_policy& body) const {
    body.mode = wend::body_mode::whole;
    out.set("X-Found", "yes");
    return wend::stage::body;
  }
  bool call(wend::request& in, wend::response& out) const {
    out.body = in.body;
    return true;
  }
};

static_assert(wend::application<echo> && !wend::application<int>);

}  // namespace

TEST_CASE("anything with find and call is served", "[app][service]") {
  echo const e;
  wend::service const s(e);
  CHECK(e.prepared == 1);
  auto const out = wend::test::ask(s, {wend::method::post, "/", {}, "hello"});
  CHECK(out.body == "hello");
  CHECK(out.fields.get("X-Found") == "yes");
}
