// expect: wend: two hosts of a table match the same names: write them in the same way, and their routes are one set
// expect-gcc: "{name}.example.com"
#include <wend/routes.hpp>

auto const api = wend::routes(
    wend::host<"{tenant}.example.com">(wend::get<"/">([] { return "up\n"; })),
    wend::host<"{name}.example.com">(  // wrong
                                       // right: wend::host<"{tenant}.example.com">(
        wend::get<"/notes">([] { return "notes\n"; })));
