// Time as the sessions of one loop share it: read once a tick, not once a request.
#pragma once

#include <wend/http/date.hpp>

#include <chrono>
#include <new>
#include <string>

namespace wend {

/// The time of a loop, which updates it about once a second and before each round of
/// `session::tick`. Thread safety: none, it belongs to one thread.
struct coarse_clock {
  std::chrono::steady_clock::time_point now{};
  std::string date;  ///< "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

  /// Takes both times. Allocates: once a second, for the new line; without memory for that the old
  /// one stays, if there is one.
  void update(std::chrono::steady_clock::time_point steady, http_time wall) {
    now = steady;
    if (wall == dated_) return;
    try {
      date = "Date: " + format_date(wall) + "\r\n";
      dated_ = wall;
    } catch (std::bad_alloc const&) {
      if (date.empty()) throw;
    }
  }

 private:
  http_time dated_ = http_time::min();
};

}  // namespace wend
