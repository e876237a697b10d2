// The notes as an API. Who includes this can serve it, or call it: see notes.cpp and remote.cpp.
#pragma once

#include <wend/wend.hpp>

#include "note_store.hpp"

inline void found(bool was_there) {
  if (!was_there) throw wend::problem{wend::status::not_found, "there is no such note"};
}

inline auto notes_api(note_store& notes) {
  return wend::routes(
      wend::get<"/">([] { return "wend is up\n"; }),
      wend::get<"/notes", "notes">([&](wend::query<"limit", wend::range<int, 1, 100>, 20> limit,
                                       wend::query<"before", std::optional<std::int64_t>> before) {
        return notes.newest(*limit, *before);  // std::vector<note>: a JSON array
      }),
      wend::get<"/notes/{id:int}", "note">([&](std::int64_t id) {
        return notes.find(id);  // std::optional<note>: JSON, or a 404 problem
      }),
      wend::post<"/notes", "add">([&](wend::json<note> draft) {
        draft->id = notes.add(*draft);
        return wend::created(wend::url_for<"/notes/{id:int}">(draft->id), *draft);
      }),
      wend::put<"/notes/{id:int}", "replace">([&](std::int64_t id, wend::json<note> draft) {
        found(notes.replace(id, *draft));  // void: 204
      }),
      wend::del<"/notes/{id:int}", "erase">([&](std::int64_t id) { found(notes.erase(id)); }));
}
