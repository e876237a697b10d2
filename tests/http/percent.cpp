#include <wend/http/percent.hpp>

#include "support/catch.hpp"

using namespace wend;

TEST_CASE("escapes are decoded once and malformed ones refused", "[http][percent]") {
  CHECK(percent_decode("caf%C3%A9") == "café");
  CHECK(percent_decode("%2525") == "%25");
  CHECK(percent_decode("a+b") == "a+b");
  CHECK(percent_decode("a+b%2B", true) == "a b+");
  CHECK(percent_decode("%00") == std::string(1, '\0'));
  for (auto bad : {"%", "%2", "%zz", "a%2", "%2g"})
    CHECK_FALSE(percent_decode(bad));
}

TEST_CASE("all but unreserved characters are escaped", "[http][percent]") {
  CHECK(percent_encode("a/b c~é") == "a%2Fb%20c~%C3%A9");
  CHECK(percent_encode("a/b", "/") == "a/b");
}

TEST_CASE("what is encoded decodes to itself", "[http][percent]") {
  std::string all;
  for (int c = 0; c < 256; ++c)
    all += static_cast<char>(c);
  CHECK(percent_decode(percent_encode(all)) == all);
}
