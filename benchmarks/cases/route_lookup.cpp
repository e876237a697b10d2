// The 203 routes of the GitHub API of old: a run looks each up once. `tree` is the lookup alone, from
// a path to what stands at its end and the captures as views; `github` is what a request takes, with
// its method, up to the handler.
#include <wend/app/table.hpp>
#include <wend/http/target.hpp>

#include <memory>
#include <span>
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
    bool plain;  // the parser has seen that routes see it as it is
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
      in.target.plain = a.plain;
      found += api.find(in, out, body) == wend::stage::body;
    }
    return found;
  }

  std::size_t walk_all() const {
    std::size_t found = 0;
    for (auto const& a : asks)
      found += wend::detail::lookup(
          decltype(api)::facts::set.tree,
          a.path,
          [](std::span<wend::detail::tree_terminal const> ends, auto const& captures) {
            bench::keep(ends);
            bench::keep(captures);
            return true;
          });
    return found;
  }
};

}  // namespace

void bench::add_route_lookup(cases& to) {
  auto const s = std::make_shared<state>();
  for (auto const& r : wend::test::github_routes) {
    auto path = std::string(r.pattern);
    std::erase_if(path, [](char c) { return c == '{' || c == '}'; });
    wend::method const method(r.method);
    bool const plain = wend::parse_target(method, path)->plain;
    s->asks.push_back({method, std::move(path), plain});
  }
  auto const count = s->asks.size();
  expect(s->look_up_all() == count && s->walk_all() == count, "route_lookup");
  to.push_back({"route_lookup:tree", [s] { keep(s->walk_all()); }, static_cast<double>(count)});
  to.push_back(
      {"route_lookup:github", [s] { keep(s->look_up_all()); }, static_cast<double>(count)});
}
