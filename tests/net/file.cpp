#include <wend/net/file.hpp>
#include <wend/wend.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>
#include <sys/un.h>

#include "support/catch.hpp"
#include "support/peer.hpp"

using namespace wend;
using namespace std::string_literals;

namespace {

/// A folder that is gone after the test.
class scratch {
 public:
  scratch() {
    auto pattern = (std::filesystem::temp_directory_path() / "wend_file_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    where_ = pattern;
  }
  scratch(scratch const&) = delete;
  scratch& operator=(scratch const&) = delete;
  ~scratch() { std::filesystem::remove_all(where_); }

  std::string path(std::string_view name) const { return (where_ / name).string(); }
  std::string write(std::string_view name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

 private:
  std::filesystem::path where_;
};

std::string sample(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i)
    out += static_cast<char>('a' + i % 26 + (i / 26) % 2);
  return out;
}

response answer(file value) {
  response out;
  detail::respond(out, std::move(value));
  return out;
}

/// The pieces of a source.
std::vector<std::string> pieces(body_source& source) {
  std::vector<std::string> out;
  bool more = true;
  while (more) {
    std::string piece = "before";
    more = source.read(piece);
    out.push_back(piece.substr(6));
  }
  return out;
}

std::string content(response& r) {
  std::string out;
  while (r.source->read(out)) {
  }
  return out;
}

std::ptrdiff_t open_descriptors() {
  std::filesystem::directory_iterator const all("/proc/self/fd"), end;
  return std::distance(all, end);
}

}  // namespace

TEST_CASE("a handler returns a file", "[net][file]") {
  scratch const folder;
  auto const path = folder.write("data.bin", "some bytes");

  auto plain = answer(file(path));
  CHECK(plain.status == status::ok);
  CHECK(plain.fields.get("Content-Type") == "application/octet-stream");
  CHECK(plain.source->size() == 10);
  CHECK(content(plain) == "some bytes");

  auto typed = answer(file(path, "text/csv"));
  CHECK(typed.fields.get("Content-Type") == "text/csv");
  CHECK(content(typed) == "some bytes");

  response pair;
  detail::respond(pair, std::pair(status::accepted, file(path)));
  CHECK(pair.status == status::accepted);
  CHECK(content(pair) == "some bytes");
}

TEST_CASE("a handler returns a part of a file", "[net][file]") {
  scratch const folder;
  auto const path = folder.write("data.bin", "some bytes");
  auto middle = answer(file(path, 2, 5));
  CHECK(middle.source->size() == 5);
  CHECK(content(middle) == "me by");
  auto end = answer(file(path, 5));
  CHECK(end.source->size() == 5);
  CHECK(content(end) == "bytes");
  auto typed = answer(file(path, 0, 4, "text/plain"));
  CHECK(typed.fields.get("Content-Type") == "text/plain");
  CHECK(content(typed) == "some");
  auto nothing = answer(file(path, 10, 0));
  CHECK(nothing.source->size() == 0);
  CHECK(content(nothing).empty());

  CHECK_THROWS_AS(answer(file(path, 2, 9)), std::out_of_range);
  CHECK_THROWS_AS(answer(file(path, 11)), std::out_of_range);
  CHECK_THROWS_AS(answer(file(path, 11, 0)), std::out_of_range);
  CHECK_THROWS_AS(answer(file(path, 5, ~std::uint64_t{0})), std::out_of_range);
}

TEST_CASE("what is no regular file is not found", "[net][file]") {
  scratch const folder;
  auto const path = folder.write("data.bin", "some bytes");
  auto const pipe = folder.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  auto const socket_path = folder.path("socket");
  int const socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  REQUIRE(socket_path.size() < sizeof at.sun_path);
  socket_path.copy(at.sun_path, socket_path.size());
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  ::close(socket);
  std::filesystem::create_symlink("loop", folder.path("loop"));

  struct row {
    char const* because;
    std::string path;
  };
  row const rows[] = {
      {"nothing is there", folder.path("none")},
      {"no name", ""},
      {"a folder", folder.path("")},
      {"a file is no folder", path + "/x"},
      {"the name ends at no NUL", path + "\0.csv"s},
      {"a name that is too long", folder.path(std::string(300, 'x'))},
      {"a link to itself", folder.path("loop")},
      {"a pipe is not waited for", pipe},
      {"a socket", socket_path},
      {"a device", "/dev/null"},
  };
  for (auto const& row : rows)
    DYNAMIC_SECTION(row.because) {
      auto const before = open_descriptors();
      auto const out = answer(file(row.path, "text/csv"));
      CHECK(out.status == status::not_found);
      CHECK(out.fields.get("Content-Type") == "application/problem+json");
      CHECK_FALSE(out.source);
      CHECK(open_descriptors() == before);
    }
}

TEST_CASE("a file that may not be read is forbidden", "[net][file]") {
  CHECK(detail::cannot_open(EACCES).status == status::forbidden);
  CHECK(detail::cannot_open(EPERM).status == status::forbidden);
  CHECK_THROWS_AS(detail::cannot_open(EMFILE), std::system_error);
  CHECK_THROWS_AS(detail::cannot_open(EIO), std::system_error);

  scratch const folder;
  auto const path = folder.write("secret", "x");
  REQUIRE(::chmod(path.c_str(), 0) == 0);
  if (::access(path.c_str(), R_OK) != 0)  // root may read all
    CHECK(answer(file(path)).status == status::forbidden);
}

TEST_CASE("a long file comes in pieces of 64 KiB", "[net][file]") {
  scratch const folder;
  auto const text = sample(2 * file_source::piece + 10);
  auto const path = folder.write("long", text);
  auto const whole = pieces(**open_file(path));
  REQUIRE(whole.size() == 3);
  CHECK(whole[0].size() == file_source::piece);
  CHECK(whole[2].size() == 10);
  CHECK((whole[0] + whole[1] + whole[2] == text));
  CHECK(pieces(**open_file(path, 0, file_source::piece)).size() == 1);
  CHECK(pieces(**open_file(path, 7, file_source::piece + 1)).size() == 2);
}

TEST_CASE("a source says which part of the file is left", "[net][file]") {
  scratch const folder;
  auto const path = folder.write("long", sample(file_source::piece + 10));
  auto source = *open_file(path, 3);
  auto const at = source->file();
  REQUIRE(at);
  CHECK(at->offset == 3);
  CHECK(at->size == file_source::piece + 7);
  std::string out;
  CHECK(source->read(out));
  CHECK(source->file() == file_slice{at->fd, file_source::piece + 3, 7});
  CHECK(source->size() == file_source::piece + 7);
}

TEST_CASE("a file that shrinks while it is sent is noticed", "[net][file]") {
  scratch const folder;
  auto const path = folder.write("long", sample(file_source::piece + 10));
  auto source = *open_file(path);
  std::string out;
  CHECK(source->read(out));
  std::filesystem::resize_file(path, 100);
  auto const before = out.size();
  CHECK_THROWS_AS(source->read(out), std::runtime_error);
  CHECK(out.size() == before);

  file_source broken(-1, 0, 10);
  CHECK_THROWS_AS(broken.read(out), std::system_error);
  CHECK(out.size() == before);
}

TEST_CASE("a source closes its file", "[net][file]") {
  scratch const folder;
  auto const path = folder.write("data", "x");
  auto const before = open_descriptors();
  {
    auto const out = answer(file(path));
    CHECK(open_descriptors() == before + 1);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("files and JSON of any length arrive whole", "[net][file]") {
  scratch const folder;
  auto const text = sample(300'000);
  auto const path = folder.write("export.csv", text);
  auto const app = routes(get<"/export">([&] { return file(path, "text/csv"); }),
                          get<"/none">([&] { return file(folder.path("none")); }),
                          get<"/numbers">([] { return json_array(std::vector<int>(50'000, 7)); }),
                          get<"/broken">([] {
                            return json_lines([i = 0]() mutable -> std::optional<int> {
                              if (i == 50'000) throw std::runtime_error("lost");
                              return i++;
                            });
                          }));
  background_server const web(app, {.port = 0});
  auto const ask = [&](std::string const& line) {
    test::peer p(web.port());
    p.send(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return p.rest();
  };
  auto const has = [](std::string const& all, std::string_view part) {
    return all.find(part) != all.npos;
  };
  auto const whole = ask("GET /export");
  CHECK(whole.substr(0, 15) == "HTTP/1.1 200 OK");
  CHECK(has(whole, "Content-Type: text/csv\r\n"));
  CHECK(has(whole, "Content-Length: 300000\r\n"));
  CHECK((whole.substr(whole.find("\r\n\r\n") + 4) == text));
  auto const head = ask("HEAD /export");
  CHECK(has(head, "Content-Length: 300000\r\n"));
  CHECK(head.substr(head.size() - 4) == "\r\n\r\n");
  CHECK(ask("GET /none").substr(0, 22) == "HTTP/1.1 404 Not Found");

  auto const numbers = ask("GET /numbers");
  CHECK(has(numbers, "Transfer-Encoding: chunked\r\n"));
  CHECK(numbers.substr(numbers.size() - 8) == "]\r\n0\r\n\r\n");
  auto const broken = ask("GET /broken");
  CHECK(broken.substr(0, 15) == "HTTP/1.1 200 OK");
  CHECK_FALSE(has(broken, "\r\n0\r\n\r\n"));  // the client sees that something is missing
}

TEST_CASE("a peer that reads a file slowly holds up nobody", "[net][file]") {
  scratch const here;
  auto const path = here.write("large", "begin");
  std::uintmax_t const size = 64 << 20;
  std::filesystem::resize_file(path, size);  // most of it is a hole
  auto const api =
      routes(get<"/large">([&] { return wend::file(path); }), get<"/now">([] { return "now\n"; }));
  background_server web(api, {.port = 0});
  test::peer slow(web.port());
  slow.send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  slow.until("begin");  // and no more: the system's buffers are full soon
  for (int i = 0; i < 3; ++i) {
    test::peer other(web.port());
    other.send("GET /now HTTP/1.0\r\n\r\n");
    CHECK(other.rest().ends_with("now\n"));
  }
  CHECK(slow.rest().size() == size - 5);
}

TEST_CASE("a file that shrinks while it is sent cuts the connection", "[net][file]") {
  scratch const here;
  auto const path = here.write("large", "begin");
  std::filesystem::resize_file(path, 64 << 20);
  auto const api = routes(get<"/large">([&] { return wend::file(path); }));
  background_server web(api, {.port = 0});
  test::peer p(web.port());
  p.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  p.until("begin");
  std::filesystem::resize_file(path, 5);
  CHECK(p.rest().size() < (64 << 20) - 5);
}
