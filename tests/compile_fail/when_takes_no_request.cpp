// expect: wend: when: a predicate is callable, when const, with a request const& and returns bool
#include <wend/routes.hpp>

auto const api = wend::routes(
    wend::when([] { return true; },  // wrong
                                     // right: wend::when([](wend::request const&) { return true; },
               wend::get<"/">([] { return "up\n"; })));
