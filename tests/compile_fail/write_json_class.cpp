// expect: this type cannot be written as JSON: make it a struct with public members only, without base classes, of at most 32 members, or give it a to_json for nlohmann::json
// expect-gcc: author, std::vector<note>
#include <wend/handler/json_write.hpp>

#include <vector>

class author {
  std::string name_;
};
struct note {
  std::string title;
  author by;  // wrong
  // right: std::string by;
};

void print(std::string& out, std::vector<note> const& notes) {
  wend::write_json(out, notes);
}
