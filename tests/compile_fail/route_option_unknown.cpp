// expect: wend: behind the pattern of a route come its name and its options: max_body<...>, summary<...>, description<...>, tag<...>, may_answer<...>, deprecated, undocumented
#include <wend/routes.hpp>

auto const api = wend::routes(
    wend::get<"/notes", 10>([] { return "all"; })  // wrong
                                                   // right: wend::get<"/notes", wend::max_body<10>>([] { return "all"; })
);
