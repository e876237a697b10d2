// The command line that all examples share: --port, --address, --threads, and --name value for
// their own.
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

/// The same as a number; ends the program when it is none.
template <class T>
T number(int argc, char** argv, std::string_view name, T otherwise) {
  auto const text = argument(argc, argv, name, std::to_string(otherwise));
  if (auto const value = wend::converter<T>::from_text(text)) return *value;
  std::cerr << name << ": expected " << wend::converter<T>::expected() << ", got \"" << text
            << "\"\n";
  std::exit(2);
}

/// Where and how `wend::serve` is to serve.
inline wend::server_options options(int argc, char** argv) {
  return {.address = argument(argc, argv, "--address", "127.0.0.1"),
          .port = number<std::uint16_t>(argc, argv, "--port", 8080),
          .threads = number<unsigned>(argc, argv, "--threads", 1)};
}

}  // namespace example
