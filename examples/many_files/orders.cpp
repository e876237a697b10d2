// The routes of orders, with middleware of their own, which is around no others.
#include <cstdint>
#include <string>
#include <vector>

#include "tables.hpp"

namespace {

struct order {
  std::int64_t user{};
  std::string item;
};

/// Orders are nothing for caches.
struct no_store {
  void after(wend::request const&, wend::response& out) const {
    out.set("Cache-Control", "no-store");
  }
};

}  // namespace

void add_orders(wend::router& site) {
  site.add(
      wend::routes(wend::use(no_store{}),
                   wend::get<"/orders">([] { return std::vector<order>{{1, "tea"}, {2, "milk"}}; }),
                   wend::get<"/users/{id:int}/orders">(
                       [](std::int64_t id) { return std::vector<order>{{id, "tea"}}; })));
}
