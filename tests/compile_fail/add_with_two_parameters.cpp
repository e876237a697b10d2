// expect: wend: add_with takes a lambda of one parameter, the settings by value or const&, which makes a handler of them
#include <wend/extra/configured.hpp>

struct page {
  std::string text;
};

void fill(wend::named_handlers& known) {
  known.add_with("page", [](page p, int) { return [p] { return p.text; }; });  // wrong
  // right: known.add_with("page", [](page p) { return [p] { return p.text; }; });
}
