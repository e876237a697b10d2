// Files as content: opened when a handler returns them, read while they are sent. Ranges,
// validators and media types by name are for whoever serves folders; this sends what it is told to.
#pragma once

#include <wend/handler/respond.hpp>
#include <wend/http/error.hpp>
#include <wend/http/file.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/response.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wend {

/// A file, or a part of it, as the result of a handler:
///
///     return wend::file("data.bin");
///     return wend::file("export.csv", "text/csv");
///     return wend::file("data.bin", offset, size);
///
/// 200 with its Content-Type and Content-Length, and constant memory however long it is. A 404
/// problem when there is no regular file of this name, 403 when it may not be read; other trouble,
/// and a part that ends behind the end of the file, is an exception, thus a 500.
///
/// Choice: what is not a regular file (a folder, a device, a pipe) is not there.
///
/// The path is the system's, not the request's: a path that a client may choose must be checked.
/// Files are read on the thread of the connection, which is quick for what the system has cached.
struct file {
  explicit file(std::string where, std::string type = "application/octet-stream")
      : path(std::move(where)), content_type(std::move(type)) {}
  file(std::string where,
       std::uint64_t first,
       std::optional<std::uint64_t> count = std::nullopt,
       std::string type = "application/octet-stream")
      : path(std::move(where)), content_type(std::move(type)), offset(first), size(count) {}

  std::string path;
  std::string content_type;           ///< without a sniff at the content
  std::uint64_t offset = 0;           ///< of the first byte that is sent
  std::optional<std::uint64_t> size;  ///< in bytes; nothing: all that follows
};

/// The bytes of an open regular file as content. Owns the descriptor, and closes it.
///
/// Thread safety: none; several may read one file through descriptors of their own.
class file_source final : public body_source {
 public:
  static constexpr std::size_t piece = 64 * 1024;  ///< the most that one `read` appends, in bytes

  /// Takes `fd` over, which is open for reading, and gives `count` bytes from `first` on.
  file_source(int fd, std::uint64_t first, std::uint64_t count) noexcept
      : left_{fd, first, count}, size_(count) {}
  file_source(file_source const&) = delete;
  file_source& operator=(file_source const&) = delete;
  ~file_source() override { ::close(left_.fd); }

  /// The length of the part, however much of it was read.
  std::optional<std::uint64_t> size() const override { return size_; }

  /// Appends the next piece. Throws `std::runtime_error` when the file has become shorter than the
  /// part, and `std::system_error` when it cannot be read; nothing is appended then.
  bool read(std::string& out) override;

  std::optional<file_slice> file() const override { return left_; }

 private:
  file_slice left_;
  std::uint64_t size_;
};

/// Opens a regular file as content: `size` bytes from `offset` on, or all that follow.
///
/// Errors: 404 for a path that names no regular file, 403 for one that may not be read. Throws
/// `std::system_error` when the system is at fault (descriptors used up, a broken disk), and
/// `std::out_of_range` for a part that ends behind the end of the file.
result<std::unique_ptr<file_source>> open_file(std::string const& path,
                                               std::uint64_t offset = 0,
                                               std::optional<std::uint64_t> size = std::nullopt);

template <>
struct responder<file> {
  static void respond(file&& value, response& out);
};

// ------------------------------------------------------------------------------------------------

namespace detail {

/// The error for a file that could not be opened; throws when that is nobody's fault but ours.
inline error cannot_open(int why) {
  switch (why) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
    case ELOOP:
    case ENXIO:  // a socket
    case ENODEV: return {status::not_found, "there is no such file", "RFC 9110 15.5.5"};
    case EACCES:
    case EPERM: return {status::forbidden, "the file may not be read", "RFC 9110 15.5.4"};
    default: throw std::system_error(why, std::generic_category(), "a file cannot be opened");
  }
}

}  // namespace detail

inline bool file_source::read(std::string& out) {
  auto const start = out.size();
  auto const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_.size, piece));
  if (wanted == 0) return false;
  out.resize(start + wanted);
  ssize_t got = 0;
  do {
    got = ::pread(left_.fd, out.data() + start, wanted, static_cast<off_t>(left_.offset));
  } while (got < 0 && errno == EINTR);
  auto const why = errno;
  auto const n = got > 0 ? static_cast<std::size_t>(got) : std::size_t{0};
  out.resize(start + n);
  if (got < 0) throw std::system_error(why, std::generic_category(), "a file cannot be read");
  if (got == 0) throw std::runtime_error("a file became shorter while it was sent");
  left_.offset += n;
  left_.size -= n;
  return left_.size > 0;
}

inline result<std::unique_ptr<file_source>> open_file(std::string const& path,
                                                      std::uint64_t offset,
                                                      std::optional<std::uint64_t> size) {
  if (path.find('\0') != path.npos) return detail::cannot_open(ENOENT);  // open() would end there
  int fd = -1;
  do {
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);  // a pipe would wait
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return detail::cannot_open(errno);
  struct stat facts{};
  bool const known = ::fstat(fd, &facts) == 0;
  auto const why = errno;
  auto const length = known ? static_cast<std::uint64_t>(facts.st_size) : 0;
  bool const regular = known && S_ISREG(facts.st_mode);
  bool const inside = offset <= length && size.value_or(0) <= length - offset;
  if (!regular || !inside) ::close(fd);
  if (!known) throw std::system_error(why, std::generic_category(), "a file cannot be examined");
  if (!regular) return detail::cannot_open(ENOENT);
  if (!inside) throw std::out_of_range("a part of a file ends behind its end");
  return std::make_unique<file_source>(fd, offset, size.value_or(length - offset));
}

inline void responder<file>::respond(file&& value, response& out) {
  auto opened = open_file(value.path, value.offset, value.size);
  if (!opened) {
    problem(opened.error().status, std::string(opened.error().detail)).write(out);
    return;
  }
  out.set("Content-Type", value.content_type);
  out.source = *std::move(opened);
}

}  // namespace wend
