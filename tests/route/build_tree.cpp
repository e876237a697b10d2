#include <wend/route/build_tree.hpp>

#include <string>

#include "support/catch.hpp"

using namespace wend;
using namespace wend::detail;

namespace {

constexpr auto github_like = [] {
  constexpr parsed_pattern a = parse_pattern("/repos/{owner}/{repo}/issues/{n:int}");
  constexpr parsed_pattern b = parse_pattern("/repos/{owner}/{repo}/issues");
  tree_route const routes[] = {{&a, 0}, {&b, 0}};
  auto const parts = build_tree(routes);
  return parts.nodes.size() + parts.edges.size();
}();
static_assert(github_like == 9);

}  // namespace

TEST_CASE("what patterns share stands in a tree once", "[route][tree]") {
  auto const a = checked_pattern("/users/{id:int}"), b = checked_pattern("/users");
  tree_route const routes[] = {{&a, 0}, {&b, 0}};
  auto const parts = build_tree(routes);
  CHECK(std::string(parts.text.begin(), parts.text.end()) == "sers");  // behind "/u"
  CHECK(parts.nodes.size() == 3);
  CHECK(parts.terminals.size() == 2);
  CHECK(parts.edges[0].reach == reach::to_end);
}

TEST_CASE("a tree without routes has a root", "[route][tree]") {
  CHECK(build_tree({}).nodes.size() == 1);
}

TEST_CASE("routes of different methods do not conflict", "[route][tree]") {
  auto const a = checked_pattern("/{a}"), b = checked_pattern("/{b}");
  tree_route const routes[] = {{&a, 0}, {&b, 1}};
  CHECK(build_tree(routes).conflict_a == tree_parts::no_route);
}

TEST_CASE("two patterns of the same shape conflict", "[route][tree]") {
  auto const conflict = [](std::string a, std::string b) {
    auto const p = checked_pattern(a), other = checked_pattern("/other"), q = checked_pattern(b);
    tree_route const routes[] = {{&p, 0}, {&other, 0}, {&q, 0}};
    return build_tree(routes).conflict_a != tree_parts::no_route;
  };
  CHECK(conflict("/{a}", "/{b}"));
  CHECK(conflict("/a[/b]", "/a/b"));
  CHECK(conflict("/{a:\\d+}/x", "/{b:\\d+}/x"));
  CHECK(conflict("/caf%C3%A9", "/café"));
  CHECK_FALSE(conflict("/{a}", "/{a:int}"));
  CHECK_FALSE(conflict("/a", "/a/"));
  CHECK_FALSE(conflict("/{a}/x", "/{a}/y"));

  SECTION("so do a wide regex and what is tried after it") {
    CHECK(conflict("/{a:[^/]+}/x", "/{b}/x"));
    CHECK(conflict("/{a:\\w+}", "/{b:alpha}"));
    CHECK(conflict("/{a:.+}", "/{b:any}"));
    CHECK(conflict("/{a:uint}", "/{b:digits}"));
    CHECK_FALSE(conflict("/{a:\\w+}/x", "/{b:alpha}/y"));
    CHECK_FALSE(conflict("/{a:\\w+}", "/{b}"));
    CHECK_FALSE(conflict("/{a:.+}", "/{b...}"));
    CHECK_FALSE(conflict("/x/{n:\\d+}", "/x[/{n:digits}]"));  // "/x" is reached
  }
}
