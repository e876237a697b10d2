// The server that is measured over sockets: three small answers, and nothing around them.
//
//     bench_server [PORT [THREADS]]
#include <wend/wend.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

struct greeting {
  std::string_view message;
};

unsigned number(int argc, char** argv, int place, unsigned otherwise) {
  return argc > place ? static_cast<unsigned>(std::atoi(argv[place])) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  auto const api = wend::routes(wend::get<"/">([] { return "Hello, world!"; }),
                                wend::get<"/users/{id}">([](std::string_view id) { return id; }),
                                wend::get<"/json">([] { return greeting{"Hello, world!"}; }));
  wend::serve(api,
              {.port = static_cast<std::uint16_t>(number(argc, argv, 1, 0)),
               .threads = number(argc, argv, 2, 1),
               .limits = {.connections = 20'000}});
}
