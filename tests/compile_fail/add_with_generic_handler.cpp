// expect: a handler is a function or lambda with written parameter types, not auto
#include <wend/extra/configured.hpp>

struct page {
  std::string text;
};

void fill(wend::named_handlers& known) {
  known.add("greet", [](std::string name) { return name; });
  known.add_with("page", [](page) { return [](auto id) { return id; }; });  // wrong
  // right: known.add_with("page", [](page) { return [](int id) { return id; }; });
}
