// The 203 routes of the GitHub API of old: a run looks each up once.
#include <wend/app/table.hpp>

#include <memory>
#include <string>
#include <vector>

#include "cases.hpp"
#include "support/github.hpp"

namespace {

auto const api = wend::test::github_table();

struct state {
  struct ask {
    wend::method method;
    std::string path;
  };
  std::vector<ask> asks;
  wend::request in;
  wend::response out;
  wend::body_policy body;

  std::size_t look_up_all() {
    std::size_t found = 0;
    for (auto const& a : asks) {
      in.method = a.method;
      in.target.path = a.path;
      found += api.find(in, out, body) == wend::stage::body;
    }
    return found;
  }
};

}  // namespace

void bench::add_route_lookup(cases& to) {
  auto const s = std::make_shared<state>();
  for (auto const& r : wend::test::github_routes) {
    s->asks.push_back({wend::method(r.method), std::string(r.pattern)});
    std::erase_if(s->asks.back().path, [](char c) { return c == '{' || c == '}'; });
  }
  expect(s->look_up_all() == s->asks.size(), "route_lookup");
  to.push_back({"route_lookup:github",
                [s] { keep(s->look_up_all()); },
                static_cast<double>(s->asks.size())});
}
