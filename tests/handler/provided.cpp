#include <wend/handler/provided.hpp>

#include <string>

#include "support/catch.hpp"

using namespace wend;

static_assert(extractable<provided<int>>);
static_assert(detail::provided_type<provided<int>> == detail::provided_type<provided<int const>>);
static_assert(detail::provided_type<provided<int>> != detail::provided_type<provided<long>>);
static_assert(!detail::provided_type<int>);

TEST_CASE("the innermost value of a type is provided", "[handler][provided]") {
  request in;
  auto& values = in.routing.values;
  auto const supply = [&](auto value) {
    auto& kept = values.put(std::move(value));
    in.routing.frames.push_back({nullptr, nullptr, &kept, detail::id_of<decltype(value)>});
    ++in.routing.entered;
  };
  supply(1);
  supply(std::string("a"));
  supply(2);
  rejection why;
  auto const taken = extractor<provided<int>>::extract(in, why);
  CHECK(**taken == 2);
  **taken = 3;
  --in.routing.entered;
  CHECK(**extractor<provided<int>>::extract(in, why) == 1);
  CHECK((*extractor<provided<std::string const>>::extract(in, why))->size() == 1);
  CHECK_THROWS_AS(extractor<provided<long>>::extract(in, why), std::logic_error);
}
