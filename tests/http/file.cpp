#include <wend/http/file.hpp>
#include <wend/http/response.hpp>

#include "support/catch.hpp"

using namespace wend;

namespace {

class words : public body_source {
 public:
  bool read(std::string& out) override {
    out += "words";
    return false;
  }
};

static_assert(file_slice{} == file_slice{-1, 0, 0});

}  // namespace

TEST_CASE("content is no file unless its source says so", "[http][file]") {
  CHECK_FALSE(words().file());
  CHECK_FALSE(words().size());
}
