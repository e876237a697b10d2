// The same bytes in different pieces: what a parser makes of them must not depend on it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace wend::test {

using pieces = std::vector<std::string_view>;

/// Calls `use(pieces)` with `text` whole, byte by byte, and cut in two at every position; a text of
/// more than 512 bytes is cut at 256 positions and around both ends only.
template <class Use>
void every_split(std::string_view text, Use&& use) {
  use(pieces{text});
  pieces bytes;
  for (std::size_t i = 0; i < text.size(); ++i)
    bytes.push_back(text.substr(i, 1));
  use(bytes);
  auto const step = text.size() > 512 ? text.size() / 256 : std::size_t{1};
  for (std::size_t cut = 1; cut < text.size();) {
    use(pieces{text.substr(0, cut), text.substr(cut)});
    bool const edge = cut < 16 || cut + 16 + step > text.size();
    cut += edge ? 1 : step;
  }
}

}  // namespace wend::test
