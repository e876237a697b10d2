// Content that goes from a file to a socket without passing through the program.
#pragma once

#include <wend/http/file.hpp>
#include <wend/net/asio.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <csignal>
#include <ctime>

#include <sys/sendfile.h>
#else
#include <array>

#include <sys/socket.h>
#include <unistd.h>
#endif

namespace wend::detail {

#if defined(__linux__)
/// Keeps a peer that has gone from ending the program: unlike `send`, `sendfile` has no flag
/// against SIGPIPE. The disposition of the signal belongs to the program and is left alone.
/// Set `raised` when it may have been.
class without_sigpipe {
 public:
  without_sigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~without_sigpipe() {
    bool const ours = sigismember(&before_, SIGPIPE) == 0;
    timespec const now{};
    if (ours && raised) ::sigtimedwait(&pipe_, nullptr, &now);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  without_sigpipe(without_sigpipe const&) = delete;
  without_sigpipe& operator=(without_sigpipe const&) = delete;

  bool raised = false;

 private:
  sigset_t pipe_, before_;
};
#endif

/// Sends from the front of `slice` what the socket takes, and returns how much; 0 at the end of the
/// file. Non-blocking: `would_block` when the socket is full.
inline std::size_t send_file(int socket, file_slice const& slice, asio::error_code& why) {
  why.clear();
  auto const most = static_cast<std::size_t>(std::min<std::uint64_t>(slice.size, 1 << 20));
#if defined(__linux__)
  without_sigpipe quiet;
  ::ssize_t n = 0;
  do {
    auto at = static_cast<off_t>(slice.offset);
    n = ::sendfile(socket, slice.fd, &at, most);
  } while (n < 0 && errno == EINTR);
  // what was sent is told even if the peer went after that, and the signal was raised
  quiet.raised = n < 0 ? errno == EPIPE : static_cast<std::size_t>(n) < most;
#else
  std::array<char, 64 * 1024> piece;
  auto n = ::pread(
      slice.fd, piece.data(), std::min(most, piece.size()), static_cast<off_t>(slice.offset));
  if (n > 0) n = ::send(socket, piece.data(), static_cast<std::size_t>(n), MSG_NOSIGNAL);
#endif
  if (n >= 0) return static_cast<std::size_t>(n);
  why.assign(errno, asio::error::get_system_category());
  return 0;
}

}  // namespace wend::detail
