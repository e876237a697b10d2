// Files of any size, up and down in constant memory. A name is there when its content is complete.
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "options.hpp"

namespace fs = std::filesystem;

/// A file that has no name yet: unless it is given one it goes, whatever happens.
class unfinished {
 public:
  explicit unfinished(fs::path const& folder)
      : path_(folder / ".unfinished-XXXXXX"), fd_(::mkostemp(path_.data(), O_CLOEXEC)) {
    if (fd_ < 0) fail();
  }
  unfinished(unfinished const&) = delete;
  unfinished& operator=(unfinished const&) = delete;
  ~unfinished() {
    ::close(fd_);
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  void append(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno != EINTR) fail();
      if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  /// Gives it a name, in place of what had that.
  void finish(fs::path const& name) {
    if (::fsync(fd_) != 0 || ::rename(path_.c_str(), name.c_str()) != 0) fail();
    path_.clear();
  }

 private:
  [[noreturn]] static void fail() {
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
      throw wend::problem{wend::status::insufficient_storage, "there is no room for this file"};
    throw std::system_error(errno, std::generic_category(), "upload");
  }

  std::string path_;
  int fd_;
};

int main(int argc, char** argv) {
  using namespace wend::literals;
  fs::path const folder = example::argument(argc, argv, "--folder", "blobs");
  fs::create_directories(folder);

  // No dot at the front, no slash, nothing to decode: every name is one in this folder, and no
  // other is a route.
  auto app = wend::routes(
      wend::get<"/blobs/{name:\\w[\\w.-]{0,31}}">(
          [&](std::string_view name) { return wend::file(folder / name); }),
      wend::put<"/blobs/{name:\\w[\\w.-]{0,31}}", wend::max_body<10_GiB>>(
          [&](std::string_view name, wend::body_reader& in) -> asio::awaitable<wend::status> {
            unfinished file(folder);
            // throws when the body is too large, the disk full or the client gone
            while (auto const piece = co_await in.read())
              file.append(*piece);
            bool const had = fs::exists(folder / name);
            file.finish(folder / name);
            co_return had ? wend::status::no_content : wend::status::created;
          }),
      wend::del<"/blobs/{name:\\w[\\w.-]{0,31}}">([&](std::string_view name) {
        if (!fs::remove(folder / name)) throw wend::problem{wend::status::not_found};
      }));

  wend::serve(app, example::options(argc, argv));
}
