// What a consumer of wend::core writes: routes, and nothing that needs Asio.
#include <wend/routes.hpp>

int main() {
  const auto table = wend::routes(wend::get<"/">([] { return "hello\n"; }));
  static_cast<void>(table);
}
