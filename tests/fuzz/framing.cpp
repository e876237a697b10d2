// The chunk decoder: the same bytes, whole and in pieces, give the same data, trailers and errors.
#include <wend/wire/framing.hpp>

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
  std::string data;
  std::string trailers;
  std::optional<wend::error> error;
  std::size_t used = 0;
  bool done = false;

  bool operator==(outcome const&) const = default;
};

/// Decodes with pieces whose sizes `cut` derives from the position.
template <class Cut>
outcome decode(wend::limits const& limits, std::string_view text, Cut cut) {
  wend::chunk_decoder decoder(limits);
  outcome out;
  while (out.used < text.size() && !decoder.done()) {
    std::string const piece(text.substr(out.used, cut(out.used)));  // exact, for the sanitizer
    std::string_view rest = piece;
    while (!rest.empty() && !decoder.done()) {
      auto const data = decoder.next(rest);
      if (!data) {
        out.error = data.error();
        out.used = 0;  // where an error is seen is not promised, only which
        return out;
      }
      out.data += *data;
    }
    out.used += piece.size() - rest.size();
  }
  out.done = decoder.done();
  for (auto const& f : decoder.trailers()) {
    require(wend::is_token(f.name) && wend::detail::field_byte.all(f.value));
    out.trailers.append(f.name).append("=").append(f.value).append("\n");
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  wend::limits const limits{.head = 200, .fields = 5, .chunk_line = 40, .trailers = 100};
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const whole = decode(limits, text, [&](std::size_t) { return size; });
  require(whole == decode(limits, text, [](std::size_t) { return std::size_t{1}; }));
  require(whole ==
          decode(limits, text, [&](std::size_t at) { return std::size_t{1} + data[at] % 9; }));
  require(whole.data.size() <= size);
  if (whole.done) require(text.substr(whole.used - 2, 2) == "\r\n");
  return 0;
}
