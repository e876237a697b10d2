// expect: two routes of a table have the same name
// expect-gcc: {"/notes"}, wend::fixed_string<12>{"/notes/{id}"}
#include <wend/routes.hpp>

auto api() {
  return wend::routes(wend::get<"/notes", "note">([] { return "all"; }),
                      wend::get<"/notes/{id}", "note">([](int id) { return id; }));  // wrong
  // right: wend::get<"/notes/{id}", "one_note">([](int id) { return id; }));
}
