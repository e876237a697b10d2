// expect: what this handler returns has a to_json for nlohmann::json: include <wend/handler/json.hpp> before the route
// expect-gcc: part_of<point, std::vector<point> >
#include <nlohmann/json.hpp>
#include <wend/routes.hpp>  // wrong
// right: #include <wend/wend.hpp>

struct point {
  int x = 0, y = 0;
};
void to_json(nlohmann::json& j, point const& p) {
  j = {p.x, p.y};
}

auto api() {
  return wend::routes(wend::get<"/points">([] { return std::vector<point>(); }));
}
