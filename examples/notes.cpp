// A REST service on SQLite: paging, validation, every mistake answered as a problem, and a page at
// /docs that documents all of it.
#include <wend/extra/docs.hpp>

#include "note_store.hpp"
#include "options.hpp"

int main(int argc, char** argv) {
  note_store notes{example::argument(argc, argv, "--db", "notes.sqlite")};

  auto const found = [](bool was_there) {
    if (!was_there) throw wend::problem{wend::status::not_found, "there is no such note"};
  };

  auto api = wend::routes(
      wend::get<"/">([] { return "wend is up\n"; }),
      wend::get<"/notes">([&](wend::query<"limit", wend::range<int, 1, 100>, 20> limit,
                              wend::query<"before", std::optional<std::int64_t>> before) {
        return notes.newest(*limit, *before);  // std::vector<note>: a JSON array
      }),
      wend::get<"/notes/{id:int}", "note">([&](std::int64_t id) {
        return notes.find(id);  // std::optional<note>: JSON, or a 404 problem
      }),
      wend::post<"/notes">([&](wend::json<note> draft) {
        draft->id = notes.add(*draft);
        return wend::created(wend::url_for<"/notes/{id:int}">(draft->id), *draft);
      }),
      wend::put<"/notes/{id:int}">([&](std::int64_t id, wend::json<note> draft) {
        found(notes.replace(id, *draft));  // void: 204
      }),
      wend::del<"/notes/{id:int}">([&](std::int64_t id) { found(notes.erase(id)); }),
      wend::docs<"/docs">({.title = "Notes"}));  // OpenAPI 3.1, and a page to read it

  wend::serve(api, example::options(argc, argv));
}
