// expect: wend: this type cannot be read from JSON: use types that own what they hold
#include <wend/extra/configured.hpp>

struct page {
  std::string_view text;  // wrong
  // right: std::string text;
};

void fill(wend::named_handlers& known) {
  known.add_with("page", [](page const& p) { return [p] { return p.text; }; });
}
