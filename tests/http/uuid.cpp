#include <wend/http/uuid.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_set>

#include "support/catch.hpp"

namespace {

constexpr std::string_view example = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";  // RFC 9562 4

static_assert(wend::uuid{}.is_nil());
static_assert(wend::uuid::parse(example).has_value());
static_assert(wend::uuid::parse(example)->bytes()[0] == 0xf8);
static_assert(wend::uuid::parse(example)->bytes()[15] == 0xf6);
static_assert(wend::uuid::parse(example) ==
              wend::uuid::parse("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"));
static_assert(*wend::uuid::parse(example) > wend::uuid{});

struct refused_row {
  char const* because;
  std::string_view text;
};

constexpr refused_row refused[] = {
    {"empty", ""},
    {"one short", "f81d4fae-7dec-11d0-a765-00a0c91e6bf"},
    {"one more", "f81d4fae-7dec-11d0-a765-00a0c91e6bf60"},
    {"no hyphens", "f81d4fae7dec11d0a76500a0c91e6bf6"},
    {"no hyphens, right length", "f81d4fae07dec011d00a765000a0c91e6bf6"},
    {"a hyphen in another place", "f81d4fa-e7dec-11d0-a765-00a0c91e6bf6"},
    {"not hexadecimal", "g81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
    {"a sign is no digit", "+81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
    {"braces", "{81d4fae-7dec-11d0-a765-00a0c91e6bf}"},
    {"a space in front", " f81d4fae-7dec-11d0-a765-00a0c91e6bf"},
    {"a NUL inside", {"f81d4fae-7dec-11d0-a765-00a0c91e6bf\0", 36}},
};

}  // namespace

TEST_CASE("a UUID is written in lower case", "[http][uuid]") {
  CHECK(wend::uuid::parse("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6")->to_string() == example);
  CHECK(wend::uuid{}.to_string() == "00000000-0000-0000-0000-000000000000");
}

TEST_CASE("only the 36 character form is a UUID (RFC 9562 4)", "[http][uuid]") {
  for (auto const& row : refused)
    DYNAMIC_SECTION(row.because) {
      CHECK_FALSE(wend::uuid::parse(row.text).has_value());
    }
}

TEST_CASE("any 16 bytes come back from their text", "[http][uuid]") {
  std::mt19937 random{1};
  std::unordered_set<wend::uuid> seen;
  for (int i = 0; i < 1000; ++i) {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& b : bytes)
      b = static_cast<std::uint8_t>(random());
    wend::uuid const id{bytes};
    REQUIRE(wend::uuid::parse(id.to_string()) == id);
    seen.insert(id);
  }
  CHECK(seen.size() == 1000);
}
