// Counts what a run of each case costs: under callgrind, which dumps once for a case and names the
// dump after it. instructions.py reads them.
//
//     valgrind --tool=callgrind --collect-atstart=no bench_instructions
#include <iostream>

#include "callgrind.hpp"
#include "cases.hpp"

int main() {
  for (auto const& c : bench::all_cases()) {
    for (int i = 0; i < (c.runs + 4) / 5; ++i)  // buffers reach their size, symbols are bound
      c.run();
    bench::count(c.name, [&] {
      for (int i = 0; i < c.runs; ++i)
        c.run();
    });
    std::cout << c.name << ' ' << c.runs * c.units << '\n';
  }
}
