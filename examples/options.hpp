// The command line that all examples share: --port, --address, and --name value for their own.
#pragma once

#include <wend/wend.hpp>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace example {

/// The value of `--name` on the command line, or `otherwise`.
inline std::string argument(int argc, char** argv, std::string_view name, std::string otherwise) {
  for (int i = 1; i + 1 < argc; ++i)
    if (std::string_view(argv[i]) == name) return argv[i + 1];
  return otherwise;
}

/// What `wend::serve` is to listen on.
inline wend::server_options options(int argc, char** argv) {
  auto const port =
      wend::converter<std::uint16_t>::from_text(argument(argc, argv, "--port", "8080"));
  if (!port) {
    std::cerr << "--port takes a number from 0 to 65535\n";
    std::exit(2);
  }
  return {.address = argument(argc, argv, "--address", "127.0.0.1"), .port = *port};
}

}  // namespace example
