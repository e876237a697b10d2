// A program of two source files, of which only the other one compiles the server.
#include <wend/wend.hpp>

#include <string_view>

#if defined(ASIO_VERSION) || defined(NLOHMANN_JSON_VERSION_MAJOR)
#error "this file should need neither"
#endif

struct greeting {
  std::string_view hello;
};

int main(int argc, char**) {
  auto const api =
      wend::routes(wend::get<"/{name}">([](std::string_view name) { return greeting{name}; }));
  wend::background_server web(api, {.port = 0});
  if (web.port() == 0) return 1;
  if (argc == 1) wend::serve(api);
}
