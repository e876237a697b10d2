// What a server takes from a peer at most, in bytes and in time: one struct, one per server.
//
// Every buffer that a peer can make grow, and every wait that a peer can make long, ends at a row
// here. The status beside a row is what the peer is told; "close" means that it is told nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace wend {

/// The limits of a server. Sizes are in bytes, before any decoding unless said otherwise.
///
///     wend::limits small{.head = 4 * 1024, .body = 16 * 1024};
struct limits {
  std::size_t target = 8 * 1024;     ///< the request target; 414
  std::size_t head = 32 * 1024;      ///< request line and fields with all line ends; 431
  std::size_t fields = 100;          ///< fields in a head, and again in the trailers; 431
  std::size_t body = 1024 * 1024;    ///< a body, chunks decoded; routes may say otherwise; 413
  std::size_t chunk_line = 256;      ///< a chunk's size and extensions, without the CRLF; 400
  std::size_t trailers = 8 * 1024;   ///< the fields after a chunked body with line ends; 431
  std::size_t connections = 10'000;  ///< open at a time; accepting pauses

  /// From the first byte of a head to its last, however steadily the bytes drip; 408.
  std::chrono::milliseconds head_deadline{10'000};
  /// Without a byte of the body; 408.
  std::chrono::milliseconds body_deadline{30'000};
  /// Bytes a second that a body has to come in with, as the mean over the time in which it was
  /// waited for; not asked before that is `body_deadline`. 0 for any rate; 408.
  std::size_t body_rate = 128;
  /// From the call of a handler to its answer, without the time in which it waits for more of a
  /// body that it reads in pieces; 0 for any time; 503.
  std::chrono::milliseconds handler_deadline{0};
  /// Without the peer taking a byte of the answer; close.
  std::chrono::milliseconds write_deadline{30'000};
  /// Between an answer and the next request, and before the first; close.
  std::chrono::milliseconds keep_alive{60'000};
  /// For the peer to read the last answer, after our side of the connection is shut; close.
  std::chrono::milliseconds linger{2'000};
  /// For open requests to end when the server stops; close.
  std::chrono::milliseconds drain{30'000};
};

/// What a session waits for; each has a row in `limits`.
enum class deadline : std::uint8_t { none, keep_alive, head, body, handler, write, linger };

}  // namespace wend
