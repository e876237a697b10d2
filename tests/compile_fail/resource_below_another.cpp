// expect: wend: the handler takes fewer captures than its pattern has
// expect-gcc: "/regions/{regions_id:int}/locations/{id}"
#include <wend/routes.hpp>

struct regions {
  int show(int region) const { return region; }
};
struct locations {
  int show(int id) const { return id; }  // wrong
  // right: int show(int, int id) const { return id; }
};

auto const api = wend::routes(wend::resource<"regions">(
    regions{}, wend::resource<"locations">(locations{})));
