// What is measured in memory, one file in cases/ for a kind. instructions.cpp counts what a case
// costs, small.cpp times it.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

/// Something to measure. A case that does not do what it says throws while it is made.
struct measured {
  std::string name;           ///< "kind:which"
  std::function<void()> run;  ///< once
  double units = 1;           ///< how many of what is counted a run does
  int runs = 100;             ///< how often callgrind is to see it; less for what takes long
};

using cases = std::vector<measured>;

void add_parse_head(cases& to);
void add_route_lookup(cases& to);
void add_dispatch(cases& to);
void add_json(cases& to);

inline cases all_cases() {
  cases all;
  add_parse_head(all);
  add_route_lookup(all);
  add_dispatch(all);
  add_json(all);
  return all;
}

inline void expect(bool so, std::string const& name) {
  if (!so) throw std::logic_error(name + " does not do what it should");
}

/// Lets the compiler believe that a value is needed.
template <class T>
void keep(T const& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

}  // namespace bench
