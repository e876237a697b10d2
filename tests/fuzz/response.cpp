// Responses as a client reads them: the same bytes, whole and in pieces, give the same response or the same refusal.
// The first byte says what was asked, and whether the connection ends behind the last.
#include <wend/wire/response_reader.hpp>

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

struct outcome {
  std::string_view refused{};
  bool complete = false, keep_alive = false;
  int status = 0;
  std::string fields{}, body{};
  std::size_t used = 0;

  bool operator==(outcome const&) const = default;
};

template <class Cut>
outcome read(wend::limits const& limits,
             wend::method const& asked,
             bool ends,
             std::string_view text,
             Cut cut) {
  wend::response_reader reader(limits);
  reader.begin(asked);
  outcome out;
  std::optional<wend::error> why;
  while (!why && !reader.done() && out.used < text.size()) {
    std::string const piece(text.substr(out.used, cut(out.used)));  // exact, for the sanitizer
    std::string_view rest = piece;
    while (!why && !reader.done() && !rest.empty()) {
      auto const known = reader.has_head() ? reader.left() : 0;
      auto const content = reader.next(rest);
      if (!content) {
        why = content.error();
        continue;
      }
      require(content->empty() || (reader.has_head() && content->end() == rest.begin()));
      require(known == 0 || content->size() <= known);
      out.body += *content;
    }
    out.used += piece.size() - rest.size();
  }
  if (!why && !reader.done() && ends) why = reader.take_end();
  if (why) {
    require(!why->detail.empty());
    require(why->status == wend::status::bad_gateway);
    out = {};
    out.refused = why->detail;
    return out;
  }
  auto const& r = reader.response();
  out.complete = reader.done();
  if (!out.complete) return out;
  out.keep_alive = reader.keep_alive();
  out.status = wend::code(r.status);
  out.fields = r.fields.lines();
  require(out.status >= 100 && out.status <= 999);
  r.fields.for_each([](wend::field const& f) {
    require(wend::is_token(f.name) && wend::detail::field_byte.all(f.value));
  });
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  wend::limits const limits{.head = 300, .fields = 6, .chunk_line = 40, .trailers = 100};
  wend::method const methods[] = {wend::method::get, wend::method::head, wend::method::connect};
  auto const& asked = methods[data[0] % 3];
  bool const ends = data[0] & 0x40;
  std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
  auto const whole = read(limits, asked, ends, text, [&](std::size_t) { return size; });
  require(whole == read(limits, asked, ends, text, [](std::size_t) { return std::size_t{1}; }));
  require(whole == read(limits, asked, ends, text, [&](std::size_t at) {
            return std::size_t{1} + data[at + 1] % 9;
          }));
  return 0;
}
