// expect: wend: resource<...>: behind its object stand the resources below its members, and nothing else
#include <wend/routes.hpp>

struct notes {
  std::string_view index() const { return "all"; }
};

auto const api = wend::routes(
    wend::resource<"notes">(notes{}, wend::get<"/new">([] { return "form"; }))  // wrong
                                                                                // right: wend::resource<"notes">(notes{}), wend::get<"/notes/new">([] { return "form"; })
);
