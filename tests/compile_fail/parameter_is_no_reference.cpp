// expect: this parameter stays where it is while the handler runs: take it by reference, as T&
#include <wend/routes.hpp>

struct upload {
  int size;
};
template <>
struct wend::extractor<upload> {
  static constexpr bool by_reference = true;
  static upload* extract(request&, rejection&) { return nullptr; }
};

auto api() {
  return wend::put<"/blob">([](upload in) { return in.size; });  // wrong
  // right: return wend::put<"/blob">([](upload& in) { return in.size; });
}
