// A part of an open file: what layers that do no I/O hand on to the one that does.
#pragma once

#include <cstdint>

namespace wend {

/// Bytes of an open regular file, such as a connection may send without copying them.
///
/// Lifetime: the descriptor belongs to whoever gave the slice, and is open as long as that lives.
struct file_slice {
  int fd = -1;               ///< open for reading
  std::uint64_t offset = 0;  ///< where the slice starts, in bytes
  std::uint64_t size = 0;    ///< how long it is, in bytes

  friend bool operator==(file_slice const&, file_slice const&) = default;
};

}  // namespace wend
