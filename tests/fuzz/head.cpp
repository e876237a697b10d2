// The head parser: views stay inside the bytes, values hold no control bytes, the result does not
// depend on the pieces, and the fast scan agrees with the plain one.
#include <wend/wire/framing.hpp>
#include <wend/wire/parser.hpp>

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

bool inside(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void check_scan(std::string_view text) {
  for (std::size_t from = 0; from + 16 <= text.size() && from < 16; ++from)
    require(wend::detail::control_mask(text.data() + from) ==
            wend::detail::control_mask_bytewise(text.data() + from, 16));
}

void check_head(wend::request_head const& head, std::string_view text) {
  require(head.size <= text.size());
  auto const bytes = text.substr(0, head.size);
  require(bytes.substr(bytes.size() - 4) == "\r\n\r\n");
  require(inside(head.target.raw, bytes));
  require(!head.target.raw.empty() && !head.method.name().empty());
  std::size_t hosts = 0;
  for (auto const& f : head.fields) {
    require(inside(f.name, bytes) && inside(f.value, bytes));
    require(wend::is_token(f.name) && wend::detail::field_byte.all(f.value));
    require(f.value == wend::trim(f.value));
    hosts += wend::iequals(f.name, "Host");
  }
  require(hosts == 1 || (hosts == 0 && head.version_minor == 0));
  require(head.count(wend::framing_field::host) == hosts);
  require(head.count(wend::framing_field::content_length) == head.fields.count("Content-Length"));
  auto const length = wend::request_body_length(head);
  if (length && length->is_chunked()) require(!head.fields.get("Content-Length"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  wend::limits const limits{.target = 256, .head = 1024, .fields = 10};
  std::string const text(reinterpret_cast<char const*>(data), size);  // exact, for the sanitizer
  check_scan(text);
  wend::head_parser whole(limits), grown(limits);
  auto const at_once = whole.parse(text);
  if (at_once && *at_once) check_head(whole.head(), text);

  // the same in growing pieces, each time at another place
  std::size_t known = 0;
  std::vector<char> before;  // not a string: a short one moves its bytes when it is swapped
  while (known < size) {
    known += 1 + data[known] % 13;
    known = known < size ? known : size;
    std::vector<char> now(data, data + known);
    std::string_view const seen(now.data(), now.size());
    grown.rebase(before.data(), before.size(), now.data());
    auto const complete = grown.parse(seen);
    if (!complete) {
      require(!at_once && complete.error() == at_once.error());
      return 0;
    }
    if (*complete) {
      require(at_once && *at_once && grown.head().size == whole.head().size);
      check_head(grown.head(), seen);
      return 0;
    }
    before.swap(now);
  }
  require(at_once && !*at_once);
  return 0;
}
