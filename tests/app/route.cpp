#include <wend/app/route.hpp>

#include <type_traits>

#include "support/catch.hpp"

using namespace wend;

TEST_CASE("a route is a type that knows what it is", "[app][route]") {
  auto const r = get<"/notes/{id:int}", "note", max_body<10_KiB>>([](int) {});
  using declared = std::remove_const_t<decltype(r)>;
  CHECK(declared::method == method::get);
  CHECK(declared::pattern::text == "/notes/{id:int}");
  CHECK(declared::name == "note");
  CHECK(std::string_view(r.where.file).ends_with("route.cpp"));
  CHECK(r.where.line == 10);

  auto const unnamed = put<"/x">([] {});
  CHECK(decltype(unnamed)::name.empty());
  CHECK(decltype(on<method{"PURGE"}, "/x">([] {}))::method == method{"PURGE"});
}

TEST_CASE("sizes are written with their unit", "[app][route]") {
  CHECK(4_KiB == 4096);
  CHECK(1_MiB == 1048576);
  CHECK(2_GiB == 2147483648);
}
