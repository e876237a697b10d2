// expect: a handler cannot return this: return text, a value that JSON can hold, void, status, response, or specialise wend::responder
// expect-gcc: part_of<author, wend::json_stream
#include <wend/routes.hpp>
#include <vector>

class author {
  std::string name_;
};

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/authors">(
                          [] { return wend::json_array(std::vector<author>()); }));  // wrong
  // right: [] { return wend::json_array(std::vector<int>()); }));
}
