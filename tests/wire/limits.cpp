#include <wend/wire/limits.hpp>

#include "support/catch.hpp"

// The table of the documentation; a change here is a change for every user.
static_assert(wend::limits{}.target == 8 * 1024);
static_assert(wend::limits{}.head == 32 * 1024);
static_assert(wend::limits{}.fields == 100);
static_assert(wend::limits{}.body == 1024 * 1024);
static_assert(wend::limits{}.chunk_line == 256);
static_assert(wend::limits{}.trailers == 8 * 1024);
static_assert(wend::limits{}.connections == 10'000);
static_assert(wend::limits{}.head_deadline == std::chrono::seconds(10));
static_assert(wend::limits{}.body_deadline == std::chrono::seconds(30));
static_assert(wend::limits{}.handler_deadline == std::chrono::seconds(0));
static_assert(wend::limits{}.write_deadline == std::chrono::seconds(30));
static_assert(wend::limits{}.keep_alive == std::chrono::seconds(60));
static_assert(wend::limits{}.drain == std::chrono::seconds(30));

TEST_CASE("a limit is set by its name, the others stay", "[wire][limits]") {
  constexpr wend::limits small{.head = 1024, .keep_alive = std::chrono::seconds(5)};
  CHECK(small.head == 1024);
  CHECK(small.keep_alive == std::chrono::seconds(5));
  CHECK(small.body == wend::limits{}.body);
}
