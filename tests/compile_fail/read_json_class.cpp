// expect: this type cannot be read from JSON: use types that own what they hold and have a default (std::string, not std::string_view), a struct of such with public members only, or give it a from_json for nlohmann::json
// expect-gcc: std::basic_string_view<char>, note
#include <wend/handler/json.hpp>

struct note {
  int id = 0;
  std::string_view title;  // wrong
  // right: std::string title;
};

bool read(std::string_view text, note& out, wend::problem& why) {
  return wend::read_json(text, out, why);
}
