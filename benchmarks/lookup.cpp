// What a lookup costs in the 203 routes of the GitHub API, each asked once a round; nanoseconds, and
// under `valgrind --tool=callgrind --toggle-collect='*measured*'` instructions.
//
//     build/release/benchmarks/bench_lookup [rounds]
#include <wend/app/table.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "support/github.hpp"

namespace {

auto const api = wend::test::github_table();

[[gnu::noinline]] bool measured(wend::request& in, wend::response& out, wend::body_policy& body) {
  return api.find(in, out, body) == wend::stage::body;
}

}  // namespace

int main(int argc, char** argv) {
  long const rounds = argc > 1 ? std::atol(argv[1]) : 2'000;
  std::vector<std::string> paths;
  for (auto const& r : wend::test::github_routes) {
    paths.emplace_back(r.pattern);
    std::erase_if(paths.back(), [](char c) { return c == '{' || c == '}'; });
  }
  wend::request in;
  wend::response out;
  wend::body_policy body;
  long found = 0;
  auto const start = std::chrono::steady_clock::now();
  for (long i = 0; i < rounds; ++i)
    for (std::size_t r = 0; r < paths.size(); ++r) {
      in.method = wend::method(wend::test::github_routes[r].method);
      in.target.path = paths[r];
      found += measured(in, out, body);
    }
  std::chrono::duration<double, std::nano> const took = std::chrono::steady_clock::now() - start;
  auto const lookups = static_cast<double>(rounds) * static_cast<double>(paths.size());
  std::cout << took.count() / lookups << " ns a lookup, " << found << " found\n";
}
