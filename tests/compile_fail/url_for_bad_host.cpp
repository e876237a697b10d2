// expect: wend: url_for: the host of a URL is letters, digits, - . and :, and captures of one label
// expect-gcc: "https://{host:any}/notes"
#include <wend/routes.hpp>

auto const cdn = wend::url_for<"https://{host:any}/notes">("example.com");  // wrong
                                                                            // right: auto const cdn = wend::url_for<"https://{host}/notes">("localhost");
