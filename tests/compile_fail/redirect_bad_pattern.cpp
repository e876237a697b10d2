// expect: wend: a route pattern begins with /
#include <wend/routes.hpp>

auto const api = wend::routes(
    wend::redirect<"/old/{id:int}", "notes/{id:int}">()  // wrong
                                                         // right: wend::redirect<"/old/{id:int}", "/notes/{id:int}">()
);
