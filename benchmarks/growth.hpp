// What is measured at growing sizes, one file in growth/ for a kind.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cases.hpp"

namespace bench {

/// One size of a series.
struct sample {
  std::string series;
  double size;
  std::function<std::function<void()>()> prepare;  ///< makes what is run and measured
};

using samples = std::vector<sample>;

void add_lookups(samples& to);
void add_heads(samples& to);
void add_bodies(samples& to);
void add_json(samples& to);

}  // namespace bench
