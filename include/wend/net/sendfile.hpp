// Content that goes from a file to a socket without passing through the program.
#pragma once

#include <wend/http/file.hpp>
#include <wend/net/asio.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/sendfile.h>
#else
#include <unistd.h>
#include <array>
#endif

namespace wend::detail {

/// Sends from the front of `slice` what the socket takes, and returns how much; 0 at the end of the
/// file. Non-blocking: `would_block` when the socket is full.
inline std::size_t send_file(int socket, file_slice const& slice, asio::error_code& why) {
  why.clear();
  auto const most = static_cast<std::size_t>(std::min<std::uint64_t>(slice.size, 1 << 30));
#if defined(__linux__)
  auto at = static_cast<off_t>(slice.offset);
  auto const n = ::sendfile(socket, slice.fd, &at, most);
#else
  std::array<char, 64 * 1024> piece;
  auto n = ::pread(slice.fd, piece.data(), std::min(most, piece.size()), static_cast<off_t>(slice.offset));
  if (n > 0) n = ::send(socket, piece.data(), static_cast<std::size_t>(n), MSG_NOSIGNAL);
#endif
  if (n >= 0) return static_cast<std::size_t>(n);
  why.assign(errno, asio::error::get_system_category());
  return 0;
}

}  // namespace wend::detail
