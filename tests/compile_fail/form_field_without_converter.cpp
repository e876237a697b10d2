// expect: text cannot become this parameter: specialise wend::converter for its type, or take std::string_view
// expect-gcc: part_of<color, wend::form<paint> >
#include <wend/routes.hpp>

struct color {
  int rgb = 0;
};
struct paint {
  color with;
};
struct thing {
  std::string name;
};

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::post<"/paint">([](wend::form<paint> p) { return p->with.rgb; }));  // wrong
  // right: wend::post<"/paint">([](wend::form<thing> p) { return p->name; }));
}
