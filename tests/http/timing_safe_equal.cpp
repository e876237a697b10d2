#include <wend/http/timing_safe_equal.hpp>

#include <string>

#include "support/catch.hpp"

TEST_CASE("secrets are equal as strings are") {
  using wend::timing_safe_equal;
  std::string const secret("t\0k\xffn", 5);
  CHECK(timing_safe_equal(secret, secret));
  CHECK(timing_safe_equal("", ""));
  for (std::size_t at = 0; at < secret.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      auto guess = secret;
      guess[at] = static_cast<char>(guess[at] ^ (1 << bit));
      CHECK_FALSE(timing_safe_equal(guess, secret));
    }
  CHECK_FALSE(timing_safe_equal("", secret));
  CHECK_FALSE(timing_safe_equal(secret, ""));
  CHECK_FALSE(timing_safe_equal(secret + "x", secret));
  CHECK_FALSE(timing_safe_equal(secret, secret + "x"));
  CHECK_FALSE(timing_safe_equal(secret + secret, secret));
}
