// expect: wend: resource<...>: its name is one segment of a path, as in notes, perhaps with what a member of it is found by, as in notes/{slug:slug}
#include <wend/routes.hpp>

struct notes {
  std::string_view index() const { return "all"; }
};

auto const api = wend::routes(
    wend::resource<"/notes">(notes{})  // wrong
                                       // right: wend::resource<"notes">(notes{})
);
