// Times each case with Google Benchmark; see its --help. small.py reads what it says.
#include <benchmark/benchmark.h>

#include "cases.hpp"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  for (auto const& c : bench::all_cases())
    benchmark::RegisterBenchmark(c.name.c_str(), [c](benchmark::State& state) {
      for (auto _ : state)
        c.run();
      state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(c.units));
    });
  benchmark::RunSpecifiedBenchmarks();
}
