// expect: wend: two captures of one route pattern have the same name
#include <wend/routes.hpp>

struct regions {
  int show(int region) const { return region; }
};
struct locations {
  int show(int, int id) const { return id; }
};

auto const api = wend::routes(
    wend::resource<"regions/{id:int}">(  // wrong
                                         // right: wend::resource<"regions/{region:int}">(
        regions{},
        wend::resource<"locations">(locations{})));
