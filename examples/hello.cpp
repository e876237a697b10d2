// The smallest service: text, a captured name, and a value as JSON.
#include "options.hpp"

struct greeting {
  std::string message;
};

int main(int argc, char** argv) {
  auto app = wend::routes(wend::get<"/">([] { return "wend is up\n"; }),
                          wend::get<"/hello/{name}">([](std::string_view name) {
                            return "Hello, " + std::string(name) + "!\n";
                          }),
                          wend::get<"/json">([] { return greeting{"Hello, world!"}; }));

  wend::serve(app, example::options(argc, argv));
}
