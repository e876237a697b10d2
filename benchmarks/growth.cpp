// Measures each sample: nanoseconds of the fastest run, or, under callgrind, a dump named after it.
// growth.py reads both.
#include "growth.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>

#include "callgrind.hpp"

namespace {

using nanoseconds = std::chrono::duration<double, std::nano>;

double time_of(std::function<void()> const& run, int times) {
  auto const start = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i)
    run();
  return nanoseconds(std::chrono::steady_clock::now() - start).count() / times;
}

/// The fastest of many batches, which are long enough for the clock: others were disturbed.
double fastest(std::function<void()> const& run) {
  int const batch = static_cast<int>(std::clamp(200'000 / (time_of(run, 1) + 1), 1.0, 1e5));
  double best = time_of(run, batch);
  auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(150);
  for (int i = 0; i < 5 || std::chrono::steady_clock::now() < end; ++i)
    best = std::min(best, time_of(run, batch));
  return best;
}

}  // namespace

int main() {
  bench::samples all;
  bench::add_lookups(all);
  bench::add_heads(all);
  bench::add_bodies(all);
  bench::add_json(all);
  for (auto const& s : all) {
    auto const run = s.prepare();
    run();  // buffers reach their size
    auto const name = s.series + ':' + std::to_string(static_cast<long long>(s.size));
    std::cout << name << ' ';
    if (bench::under_callgrind()) {
      bench::count(name, run);
      std::cout << 1 << std::endl;
    } else {
      std::cout << fastest(run) << std::endl;
    }
  }
}
