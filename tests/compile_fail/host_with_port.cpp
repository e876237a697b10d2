// expect: wend: a host is a name like {tenant}.example.com, in ASCII: without scheme, port and /, and with no *, [ ] or {x...} in it
// expect-gcc: "example.com:8080"
#include <wend/routes.hpp>

auto const api = wend::routes(
    wend::host<"example.com:8080">(  // wrong
                                     // right: wend::host<"example.com">(
        wend::get<"/">([] { return "up\n"; })));
