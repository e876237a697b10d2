#include <wend/route/fixed_string.hpp>

#include <type_traits>

#include "support/catch.hpp"

template <wend::fixed_string Text>
struct holds {
  static constexpr std::string_view view = Text.view();
};

static_assert(std::is_same_v<holds<"a">, holds<"a">> && !std::is_same_v<holds<"a">, holds<"b">>);
static_assert(wend::fixed_string("").empty());

TEST_CASE("a string literal is a template argument", "[route][fixed_string]") {
  CHECK(holds<"/notes">::view == "/notes");
}
