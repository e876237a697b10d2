#include <wend/app/detail/route_search.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace wend;
using namespace wend::detail;

namespace {

struct path_row {
  char const* because;
  char const* path;
  std::size_t scope;
};

template <fixed_string Text>
constexpr condition of_host() {
  return {condition::kind::host, {}, &host_of<Text>, Text.view()};
}

constexpr condition of_predicate{condition::kind::predicate,
                                 [](void const* self, request const&, std::string_view) {
                                   return *static_cast<bool const*>(self);
                                 }};

constexpr scope under(std::uint16_t outer, condition c = {}) {
  scope out{"", {}, outer, true};
  out.only_if = c;
  return out;
}

/// The order of realms, as the numbers of their scopes.
constexpr bool in_order(std::span<scope const> all, std::vector<std::size_t> const& wanted) {
  return condition_order(all).realms().scopes == wanted;
}

constexpr scope nested[] = {under(0),
                            under(1, of_predicate),              // 2
                            under(2),                            //
                            under(3, of_predicate),              // 4, inside of 2
                            under(0, of_host<"{x}.example">()),  // 5
                            under(5, of_predicate),              // 6
                            under(0, of_host<"a.example">()),    // 7
                            under(0, of_predicate),              // 8
                            under(1, of_host<"a.example">()),    // 9, the same as 7
                            under(9, of_host<"{y:any}">())};     // 10, inside of it
static_assert(in_order(nested, {10, 7, 6, 5, 4, 2, 8}));
static_assert(in_order({}, {}));
static_assert(condition_around(nested, 3) == 2);
static_assert(condition_around(nested, 1) == 0);

constexpr auto realm_in_nested(std::size_t scope) {
  return condition_order(nested).realms().of_scope[scope];
}
static_assert(realm_in_nested(0) == 0 && realm_in_nested(1) == 0);
static_assert(realm_in_nested(7) == realm_in_nested(9));
static_assert(realm_in_nested(3) == 6);

constexpr bool alike(std::span<scope const> all, std::size_t a, std::size_t b) {
  auto const found = condition_order(all).realms();
  return found.alike == a && found.other == b;
}
constexpr scope same_names[] = {under(0, of_host<"b.example">()),
                                under(0, of_host<"{x}.example">()),
                                under(2, of_predicate),
                                under(0, of_host<"b.example">()),
                                under(0, of_host<"{y:chunk}.example">()),
                                under(5, of_predicate)};
constexpr scope elsewhere[] = {under(0, of_host<"{x}.example">()),
                               under(1, of_host<"{y}.example">()),
                               under(0, of_host<"{z:slug}.example">())};
static_assert(alike(same_names, 2, 5));
static_assert(alike(elsewhere, 0, 0));

/// A set with these scopes, and its realms.
struct scopes_of_routes {
  explicit scopes_of_routes(std::span<scope const> all) : found(condition_order(all).realms()) {
    for (auto const s : found.scopes)
      realms.push_back({s, {}});
    set.scopes = all;
    set.realms = realms;
    set.realm_of_scope = found.of_scope;
  }
  realm_list found;
  std::vector<realm> realms;
  route_set set;
};

}  // namespace

TEST_CASE("a path belongs to the innermost scope that owns it", "[app][route_search]") {
  scope const all[] = {{"", {}, 0, true},
                       {"/a", {}, 1, true},
                       {"/a", {}, 1, true},
                       {"/a/b", {}, 2, true},
                       {"/a/b", {}, 4, true},
                       {"/n", {}, 1, false}};
  for (auto const& r : {path_row{"the root", "/x", 1},
                        {"no path at all", "", 1},
                        {"the first of two that are the same", "/a/x", 2},
                        {"the prefix itself", "/a", 2},
                        {"more than the segment", "/ab", 1},
                        {"the inner of two that are the same", "/a/b/c", 5},
                        {"one that owns nothing", "/n/x", 1}})
    DYNAMIC_SECTION(r.because) {
      CHECK(scope_of(scopes_of_routes(all).set, r.path, nullptr) == r.scope);
    }
  CHECK(scope_of({}, "/", nullptr) == 0);
}

TEST_CASE("a scope below a condition has a path only if it is met", "[app][route_search]") {
  bool holds = false;
  scope all[] = {under(0), under(1, of_predicate), under(2)};
  all[1].self = &holds;
  request const in;
  conditions const met(all, nullptr, in);
  scopes_of_routes const of(all);
  CHECK(scope_of(of.set, "/x", &met) == 1);
  CHECK(met.first_unmet(3) == &all[1].only_if);
  holds = true;
  CHECK(scope_of(of.set, "/x", &met) == 3);
  CHECK(met.hold(3));
  CHECK(scope_of(of.set, "/x", nullptr) == 1);  // where nothing may be asked
}
