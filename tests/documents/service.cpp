// Serves the table of api.hpp to what tests/documents/run.py tries on it.
#include "documents/api.hpp"

int main(int argc, char** argv) {
  wend::serve(wend::test::library::api(argc > 1 ? argv[1] : ""), {.port = 0});
}
