// The comparison of secrets.
#pragma once

#include <cstddef>
#include <string_view>

namespace wend {

/// True when `given` is `secret`. `==` stops at the first byte that differs, so that the time it
/// takes tells a stranger how much of a token was guessed; the time of this depends on nothing but
/// the length of `given`, and perhaps on whether the lengths are equal.
///
///     if (!wend::timing_safe_equal(in.field("X-Key").value_or(""), key)) return refused;
///
/// Linear in `given`. A map that is asked for a secret compares it too: look up by a name that is
/// none, or by a keyed hash, and compare the secret with this.
[[nodiscard]] inline bool timing_safe_equal(std::string_view given,
                                            std::string_view secret) noexcept {
  auto const other = given.size() == secret.size() ? secret : given;
  int volatile differs = given.size() != secret.size();  // volatile: not stopped early
  for (std::size_t i = 0; i < given.size(); ++i)
    differs = differs | (given[i] ^ other[i]);
  return differs == 0;
}

}  // namespace wend
