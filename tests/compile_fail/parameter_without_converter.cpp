// expect: text cannot become this parameter: specialise wend::converter for its type, or take std::string_view
// expect-gcc: "/paint/{with}"}, 1, color>
#include <wend/routes.hpp>

struct color {
  int rgb = 0;
};

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/paint/{with}">([](color with) { return with.rgb; }));  // wrong
  // right: wend::get<"/paint/{with}">([](std::string_view with) { return with; }));
}
