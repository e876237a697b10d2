// What is to become of the body of a request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace wend {

/// How the body of a request reaches its handler.
enum class body_mode : std::uint8_t {
  unwanted,  ///< the handler is called without it
  whole,     ///< the handler is called when all of it is there
  pieces,    ///< the handler is called at once and reads it as it comes
};

/// How the body of a request is to be treated: said by the route as soon as the head is known.
struct body_policy {
  body_mode mode = body_mode::unwanted;
  std::optional<std::size_t> limit{};  ///< in bytes; nothing: the limit of the server
};

}  // namespace wend
