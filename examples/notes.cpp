// A REST service on SQLite: paging, validation, every mistake answered as a problem, and a page at
// /docs that documents all of it. What it serves stands in notes_api.hpp.
#include <wend/extra/docs.hpp>

#include "note_store.hpp"
#include "notes_api.hpp"
#include "options.hpp"

int main(int argc, char** argv) {
  note_store notes{example::argument(argc, argv, "--db", "notes.sqlite")};
  auto const api = wend::routes(notes_api(notes), wend::docs<"/docs">({.title = "Notes"}));
  wend::serve(api, example::options(argc, argv));
}
