// expect: this type has a to_json for nlohmann::json: include <wend/handler/json.hpp> before it is written
// expect-gcc: point, point
#include <nlohmann/json.hpp>
#include <wend/handler/json_write.hpp>  // wrong
// right: #include <wend/handler/json.hpp>

struct point {
  int x = 0, y = 0;
};
void to_json(nlohmann::json& j, point const& p) {
  j = {p.x, p.y};
}

void print(std::string& out, point const& p) {
  wend::write_json(out, p);
}
