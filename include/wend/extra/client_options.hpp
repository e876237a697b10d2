// How a client behaves, and how it fails.
#pragma once

#include <wend/http/fields.hpp>
#include <wend/wire/limits.hpp>

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace wend {

/// How a client behaves.
struct client_options {
  /// From the beginning of a request to the end of its answer, redirects and all. Where the content
  /// is read in pieces: to the end of the head, and again for each piece.
  std::chrono::milliseconds timeout{30'000};
  /// What of an answer is taken: of `limits` the rows `head`, `fields`, `body`, `chunk_line` and
  /// `trailers`. What is read in pieces may be longer than `body`; an event among it may not.
  wend::limits limits{.body = 64 * 1024 * 1024};
  std::size_t redirects = 5;  ///< followed at most; 0: a redirect is an answer like any other
  std::size_t idle = 8;       ///< connections that are kept though nothing is asked on them
  wend::fields fields{};      ///< sent with every request, unless that has them itself
};

/// What came of a request that got no answer, or not all of one: no connection, no time, or no HTTP.
class client_error : public std::runtime_error {
 public:
  explicit client_error(std::string const& why) : std::runtime_error("wend: " + why) {}
};

}  // namespace wend
