// What the compiler says when a call of the typed client does not fit its route.
#pragma once

#include <wend/route/fixed_string.hpp>

#include <cstdint>

namespace wend::detail {

enum class call_fault : std::uint8_t {
  none,
  name,
  too_many,
  missing,
  type,
  unknown_extractor,
  capture_untaken,
};

/// The error shows the fault and the name.
template <call_fault Fault, auto Name>
struct explain_call {
  template <call_fault F>
  static constexpr bool isnt = Fault != F;

  static_assert(isnt<call_fault::name>, "wend: call: no route of the table has this name");
  static_assert(isnt<call_fault::too_many>,
                "wend: call: there are more arguments than the handler takes of a request");
  static_assert(isnt<call_fault::missing>,
                "wend: call: an argument is missing that a request must bring");
  static_assert(isnt<call_fault::type>,
                "wend: call: an argument does not convert to what the handler takes");
  static_assert(isnt<call_fault::unknown_extractor>,
                "wend: call: the handler takes an extractor of yours that no client can write: it "
                "may say `using reads = wend::header<...>`");
  static_assert(isnt<call_fault::capture_untaken>,
                "wend: call: a capture of the route is no parameter of its handler");
};

}  // namespace wend::detail
