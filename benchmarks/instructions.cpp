// Counts what a run of each case costs: under callgrind, which dumps once for a case and names the
// dump after it. instructions.py reads them.
//
//     valgrind --tool=callgrind --collect-atstart=no bench_instructions [KIND...]
#include <algorithm>
#include <iostream>
#include <string_view>
#include <vector>

#include <valgrind/callgrind.h>

#include "cases.hpp"

int main(int argc, char** argv) {
  std::vector<std::string_view> const kinds(argv + 1, argv + argc);
  for (auto const& c : bench::all_cases()) {
    auto const kind = std::string_view(c.name).substr(0, c.name.find(':'));
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
    for (int i = 0; i < (c.runs + 4) / 5; ++i)  // buffers reach their size, symbols are bound
      c.run();
    CALLGRIND_TOGGLE_COLLECT;
    for (int i = 0; i < c.runs; ++i)
      c.run();
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS_AT(c.name.c_str());
    std::cout << c.name << ' ' << c.runs * c.units << ' ' << c.ours << '\n';
  }
}
