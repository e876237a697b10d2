// An extractor as users write it, which says what it reads.
#pragma once

#include <wend/handler/extract.hpp>
#include <wend/http/request.hpp>

#include <optional>
#include <string>

namespace wend::test {

struct language {
  std::string code;
};

}  // namespace wend::test

template <>
struct wend::extractor<wend::test::language> {
  using reads = header<"Content-Language", std::optional<std::string>>;
  static std::optional<test::language> extract(request& in, rejection&) {
    return test::language{std::string(in.field("Content-Language").value_or("en"))};
  }
};
