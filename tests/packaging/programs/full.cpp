// What a consumer of wend::wend writes. It is linked, and run with an argument that keeps it from
// serving.
#include <wend/wend.hpp>

int main(int argc, char*[]) {
  const auto table = wend::routes(wend::get<"/">([] { return "hello\n"; }));
  if (argc == 1) wend::serve(table, {.port = 0});
}
