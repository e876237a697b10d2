// expect: a handler cannot return this: return text, a value that JSON can hold, void, status, response, or specialise wend::responder
// expect-gcc: part_of<author, std::vector<note> >
#include <wend/routes.hpp>
#include <vector>

class author {
  std::string name_;
};
struct note {
  std::string title;
  author by;
};

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes">([] { return std::vector<note>(); }));  // wrong
  // right: wend::get<"/notes">([] { return std::vector<author>().size(); }));
}
