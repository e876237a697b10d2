// expect: wend: redirect<From, To>: each capture of the target has the name and the type of a capture of the source, and is optional if that one is
// expect-gcc: "/notes/{id:int}"
#include <wend/routes.hpp>

auto const api = wend::routes(
    wend::redirect<"/old/{number:int}", "/notes/{id:int}">()  // wrong
                                                              // right: wend::redirect<"/old/{id:int}", "/notes/{id:int}">()
);
