// What is to become of the body of a request.
#pragma once

#include <cstddef>
#include <optional>

namespace wend {

/// How the body of a request is to be treated: said by the route as soon as the head is known.
struct body_policy {
  bool wanted = false;                 ///< false: the handler is called without it
  std::optional<std::size_t> limit{};  ///< in bytes; nothing: the limit of the server
};

}  // namespace wend
