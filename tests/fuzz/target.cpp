// Request targets, paths, hosts and addresses, against plainer readings of the same: what is
// accepted is made of its parts, a path is what its decoded segments are, and an address is what
// the system says.
#include <wend/http/ip_address.hpp>
#include <wend/http/percent.hpp>
#include <wend/http/target.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>

namespace {

void require(bool fact) {
  if (!fact) std::abort();
}

/// The path as routes see it, segment by segment; nothing when it is refused.
std::optional<std::string> naive_path(std::string_view raw) {
  std::vector<std::string> kept;
  bool open = true;  // the path ends in a "/"
  for (std::size_t at = 1; at <= raw.size();) {
    auto const end = std::min(raw.find('/', at), raw.size());
    auto decoded = wend::percent_decode(raw.substr(at, end - at));
    if (!decoded || decoded->find('\0') != decoded->npos) return std::nullopt;
    open = *decoded == "." || *decoded == "..";
    if (*decoded == "..") {
      if (kept.empty()) return std::nullopt;
      kept.pop_back();
    } else if (*decoded != ".") {
      kept.push_back(*decoded);
    }
    at = end + 1;
  }
  std::string out;
  for (auto const& segment : kept) {
    // a dot segment beside an encoded slash
    for (std::size_t at = 0; segment.find('/') != segment.npos && at <= segment.size();) {
      auto const end = std::min(segment.find('/', at), segment.size());
      auto const part = segment.substr(at, end - at);
      if (part == "." || part == "..") return std::nullopt;
      at = end + 1;
    }
    out += '/';
    for (char const c : segment)
      out += c == '/' ? '\0' : c;
  }
  if (open) out += '/';
  return out;
}

void check_path(std::string_view raw) {
  std::string scratch;
  auto const path = wend::normalize_path(raw, scratch);
  auto const expected = naive_path(raw);
  require(path.has_value() == expected.has_value());
  if (!path) return;
  require(*path == *expected);

  // escaped again it is the same path
  std::string again;
  for (char const c : *path)
    again += c == '\0' ? "%2F" : wend::percent_encode({&c, 1}, "/");
  std::string other;
  auto const twice = wend::normalize_path(again, other);
  require(twice && *twice == *path);
}

void check_target(wend::method const& m, std::string_view text) {
  auto const got = wend::parse_target(m, text);
  if (!got) return;
  auto const& t = *got;
  require(t.raw == text);
  auto const query = t.has_query ? "?" + std::string(t.query) : std::string{};
  for (char const c : text)
    require(c > ' ' && c < 0x7f && c != '#' && c != '"' && c != '<' && c != '>');
  switch (t.kind) {
    case wend::target::form::origin:
      require(t.path.front() == '/' && std::string(t.path) + query == text && t.authority.empty());
      break;
    case wend::target::form::absolute: {
      require(wend::is_host(t.authority) && t.path.front() == '/');
      auto const start = std::string(t.scheme) + "://" + std::string(t.authority);
      require(text == start + std::string(t.path) + query ||
              (t.path == "/" && text == start + query));
      break;
    }
    case wend::target::form::authority:
      require(m == wend::method::connect && t.authority == text && wend::is_host(text));
      break;
    case wend::target::form::asterisk: require(text == "*" && m == wend::method::options); break;
  }
  if (t.plain) require(t.path.find_first_of("%.") == t.path.npos);
  if (!t.path.empty() && t.path.front() == '/') check_path(t.path);
}

void check_address(std::string const& text) {
  auto const got = wend::ip_address::parse(text);
  std::array<unsigned char, 16> system{};
  bool const v4 = inet_pton(AF_INET, text.c_str(), &system) == 1;
  bool const v6 = !v4 && inet_pton(AF_INET6, text.c_str(), &system) == 1;
  if (text.find('\0') != text.npos) return require(!got);
  require(got.has_value() == (v4 || v6));
  if (!got) return;
  auto const& bytes = got->data();
  require(std::memcmp(bytes.data() + (v4 ? 12 : 0), system.data(), v4 ? 4 : 16) == 0);
  require(wend::ip_address::parse(got->to_string()) == got);
}

void check_host(std::string_view text) {
  if (!wend::is_host(text)) return;
  require(text.find_first_of("@/?#, \t\\<>\"'") == text.npos);
  if (text.front() == '[')
    check_address(std::string(text.substr(1, text.find(']') - 1)));
  else
    require(std::count(text.begin(), text.end(), ':') <= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const text(reinterpret_cast<char const*>(data), size);
  check_target(wend::method::get, text);
  check_target(wend::method::options, text);
  check_target(wend::method::connect, text);
  check_host(text);
  check_address(text);
  if (auto const decoded = wend::percent_decode(text)) {
    require(decoded->size() <= text.size());
    require(wend::percent_decode(wend::percent_encode(*decoded)) == decoded);
  }
  return 0;
}
