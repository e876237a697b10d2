// Middleware that gives each request a name, so that the logs of several services can be joined.
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace wend {

/// Takes the X-Request-ID of the request, or makes one, and sets it on the response. Handlers may
/// have it as `provided<request_id::value>`.
///
/// Choice: one that came is taken when it is a token of at most 128 bytes; what is made has 32
/// hexadecimal digits. Allocates: what is made.
struct request_id {
  static constexpr std::size_t max_size = 128;

  /// The name of the request. Lifetime: until the response is complete.
  struct value {
    std::string_view text;
  };

  value before(request& in) const {
    auto const given = in.field("X-Request-ID");
    if (given && given->size() <= max_size && is_token(*given)) return {*given};
    return {in.keep(make())};
  }
  void after(request const&, response& out, value const& id) const {
    out.set("X-Request-ID", id.text);
  }

  /// A new one: unique for all that can happen, but not secret.
  static std::string make() {
    thread_local std::mt19937_64 engine = [] {
      std::random_device entropy;
      std::seed_seq seed{entropy(), entropy(), entropy(), entropy(), entropy(), entropy()};
      return std::mt19937_64(seed);
    }();
    std::string out;
    for (int half = 0; half < 2; ++half)
      for (auto [bits, n] = std::pair(engine(), 0); n < 16; ++n, bits >>= 4)
        out += "0123456789abcdef"[bits & 15];
    return out;
  }
};

}  // namespace wend
