// A part of an open file, as content that can be sent without being read.
#pragma once

#include <cstdint>

namespace wend {

/// Bytes of an open file. Does not own the descriptor.
struct file_slice {
  int fd = -1;
  std::uint64_t offset = 0, size = 0;
};

}  // namespace wend
