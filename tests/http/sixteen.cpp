#include <wend/http/detail/sixteen.hpp>

#include <bit>
#include <string>

#include "support/catch.hpp"

using namespace wend::detail;

TEST_CASE("sixteen bytes together are what they are one by one", "[http][sixteen]") {
  std::string text;
  for (int byte = 0; byte < 256; ++byte)
    for (std::size_t at = 0; at < 40; ++at) {
      auto const c = static_cast<char>(byte);
      text.assign(40, byte % 2 == 0 ? '\x80' : ' ');
      text[(at + 5) % 40] = '\x1f';
      text[(at + 22) % 40] = '\x7f';
      text[(at + 23) % 40] = static_cast<char>(byte + 1);
      text[at] = c;
      for (std::size_t from = 0; from + 16 <= text.size(); from += 3) {
        INFO("byte " << byte << " at " << at << " from " << from);
        auto const* const first = text.data() + from;
        auto const controls = control_mask_bytewise(first, 16);
        REQUIRE(control_mask(first) == controls);
        auto const equals = equal_mask_bytewise(first, 16, c);
        REQUIRE(equal_mask(first, c) == equals);
        auto const escapes = json_mask_bytewise(first, 16);
        REQUIRE(json_mask(first) == escapes);
        if (std::endian::native != std::endian::little) continue;
        REQUIRE(control_mask_words(first) == controls);
        REQUIRE(equal_mask_words(first, c) == equals);
        REQUIRE(json_mask_words(first) == escapes);
      }
    }
}
