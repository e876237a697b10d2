// The PROXY header: what is said of a text holds for every longer one, it is said at the byte that
// decides it or before, and the addresses are such as can be read again.
#include <wend/http/forwarded.hpp>
#include <wend/wire/proxy_protocol.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

void require(bool fact) {
  if (!fact) std::abort();
}

using outcome = wend::result<std::optional<wend::proxy_header>>;

outcome parse(std::string_view text) {
  std::string const exact(text);  // for the sanitizer
  return wend::parse_proxy_header(exact);
}

bool same(outcome const& a, outcome const& b) {
  return a ? b && *a == *b : !b && a.error() == b.error();
}

void check_end(std::string_view text) {
  if (text.empty()) return;
  require(text.find_first_of("\r\n") == text.npos);
  auto const address = wend::ip_address::parse(wend::detail::without_port(text));
  require(address.has_value());
  require(text.substr(0, address->is_v4() ? 0 : 1) == (address->is_v4() ? "" : "["));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const whole = parse(text);
  if (whole && *whole) {
    auto const& header = **whole;
    require(header.size <= size && header.size <= wend::max_proxy_header && header.size >= 15);
    require(header.source.empty() == header.destination.empty());
    check_end(header.source);
    check_end(header.destination);
    auto const less = parse(text.substr(0, header.size - 1));
    require(less && !*less);
    require(same(whole, parse(text.substr(0, header.size))));
  }
  if (whole && !*whole) require(size < wend::max_proxy_header);
  bool decided = false;
  for (std::size_t n = 0; n <= std::min(size, wend::max_proxy_header + 1); ++n) {
    auto const now = parse(text.substr(0, n));
    require(!decided || same(now, whole));
    decided = decided || !now || *now;
    if (decided) require(same(now, whole));
  }
  return 0;
}
