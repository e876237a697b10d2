// Server-sent events as a client reads them: whole and in pieces the same, and what was read is written and read again
// the same. The first byte says into which pieces.
#include <wend/http/event.hpp>
#include <wend/http/event_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

void require(bool fact) {
  if (!fact) std::abort();
}

constexpr std::size_t limit = 200;

struct told {
  std::string id{}, name{}, data{};
  std::int64_t retry = -1;

  bool operator==(told const&) const = default;
};

struct outcome {
  std::vector<told> events{};
  std::string last_id{};
  bool refused = false;

  bool operator==(outcome const&) const = default;
};

outcome read(std::string_view text, std::size_t size) {
  wend::event_parser parser(limit);
  outcome out;
  while (!text.empty() && !out.refused) {
    std::string const piece(text.substr(0, size));  // exact, for the sanitizer
    text.remove_prefix(piece.size());
    for (std::string_view rest = piece; !rest.empty() && !out.refused;) {
      auto const found = parser.next(rest);
      out.refused = !found;
      if (!found || !*found) continue;
      auto const& e = **found;
      require(e.data.size() <= limit && e.event.size() <= limit && e.id.size() <= limit);
      auto const retry = e.retry ? e.retry->count() : -1;
      out.events.push_back({std::string(e.id), std::string(e.event), std::string(e.data), retry});
    }
  }
  out.last_id = parser.last_id();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
  auto const whole = read(text, size);
  require(whole == read(text, 1));
  require(whole == read(text, std::size_t{1} + data[0] % 16));

  std::string again;
  std::string_view id;
  for (auto const& e : whole.events) {
    if (e.id.empty() && !id.empty()) return 0;  // the writer cannot take an id back
    id = e.id;
    wend::event out{.id = e.id, .event = e.name, .data = e.data};
    if (e.name.empty() && e.data.empty()) out.event = "message";  // without, it would be no event
    if (e.retry >= 0) out.retry = std::chrono::milliseconds(e.retry);
    wend::write_event(again, out);
  }
  auto const back = read(again, again.size() + 1);
  if (back.refused) return 0;  // the names of its fields and a blank more may be over the limit
  require(back.events.size() == whole.events.size());
  for (std::size_t i = 0; i < back.events.size(); ++i) {
    auto one = back.events[i];
    if (whole.events[i].name.empty() && one.name == "message") one.name.clear();
    require(one == whole.events[i]);
  }
  return 0;
}
