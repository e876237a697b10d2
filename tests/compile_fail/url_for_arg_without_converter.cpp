// expect: wend: arg<...>: a value of this type has no converter
#include <wend/routes.hpp>

struct point {};

std::string link() {
  return wend::url_for<"/notes">(wend::arg<"at">(point{}));  // wrong
  // right: return wend::url_for<"/notes">(wend::arg<"at">(7));
}
