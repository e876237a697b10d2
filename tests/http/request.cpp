#include <wend/http/request.hpp>

#include "support/catch.hpp"

using namespace wend;

TEST_CASE("the host is that of an absolute target, else of the Host field", "[http][request]") {
  request r;
  field const all[] = {{"host", "field.example"}};
  r.fields = fields_view{std::span<field const>(all)};
  CHECK(r.host() == "field.example");
  r.target.authority = "target.example";
  CHECK(r.host() == "target.example");
  CHECK(r.field("HOST") == "field.example");
}

TEST_CASE("a kept text stays where it is until the request is reset", "[http][request]") {
  request r;
  auto const a = r.keep("short");
  auto const* where = a.data();
  for (int i = 0; i < 100; ++i)
    r.keep(std::string(50, 'x'));
  CHECK(a.data() == where);
  CHECK(a == "short");
  r.reset();
  CHECK(r.route == nullptr);
  CHECK(r.captures.size() == 0);
}
