// Counting under callgrind, where valgrind's header is there; else, and outside of callgrind, a
// call is a call.
#pragma once

#include <string>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif

namespace bench {

inline bool under_callgrind() {
#ifdef RUNNING_ON_VALGRIND
  return RUNNING_ON_VALGRIND != 0;
#else
  return false;
#endif
}

/// Calls `run`, and has callgrind (with --collect-atstart=no) dump what that cost, named `name`.
template <class F>
void count(std::string const& name, F&& run) {
#ifdef CALLGRIND_TOGGLE_COLLECT
  CALLGRIND_TOGGLE_COLLECT;
  run();
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS_AT(name.c_str());
#else
  (void)name;
  run();
#endif
}

}  // namespace bench
