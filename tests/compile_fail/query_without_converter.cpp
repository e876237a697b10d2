// expect: text cannot become this parameter: specialise wend::converter for its type, or take std::string_view
// expect-gcc: wend::query<wend::fixed_string<5>{"with"}, color
#include <wend/routes.hpp>

struct color {
  int rgb = 0;
};

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/paint">([](wend::query<"with", color> with) { return with->rgb; }));  // wrong
  // right: wend::get<"/paint">([](wend::query<"with", std::string> with) { return *with; }));
}
