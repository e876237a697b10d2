// expect: wend: behind the prefix of a group, or a host, stand options of its routes: max_body<...>, summary<...>, description<...>, tag<...>, may_answer<...>, names<...>, deprecated, undocumented
#include <wend/routes.hpp>

auto const api = wend::routes(
    wend::group<"/api", 5>(  // wrong
                             // right: wend::group<"/api", wend::deprecated>(
        wend::get<"/">([] { return "up\n"; })));
