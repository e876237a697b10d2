// A service that asks another one: the typed client is made of the table that the other serves.
#include <wend/extra/client.hpp>

#include "note_store.hpp"
#include "notes_api.hpp"
#include "options.hpp"

int main(int argc, char** argv) {
  // the other service, which would be another program elsewhere: only the type of its table matters
  note_store store{":memory:"};
  auto const api = notes_api(store);
  wend::background_server other{api, {.port = 0}};

  auto const url = "http://127.0.0.1:" + std::to_string(other.port());
  using notes = wend::client<decltype(api)>;

  auto const front = wend::routes(
      wend::get<"/titles">(wend::blocking([&] {  // it waits, so it is for the pool
        std::string out;
        for (note const& n : notes{url}.call<"notes">(100))
          out += *n.title + "\n";
        return out;
      })),
      wend::get<"/titles/{id:int}">(wend::blocking([&](std::int64_t id) {
        std::optional<note> const n = notes{url}.call<"note">(id);
        return n ? std::optional(*n->title) : std::nullopt;
      })),
      wend::post<"/titles/{title}">(wend::blocking([&](std::string title) {
        auto const made = notes{url}.call<"add">(note{{}, title, {}});  // or a problem: 409
        return wend::created(wend::url_for<"/titles/{id:int}">(made.value.id));
      })));
  wend::serve(front, example::options(argc, argv));
}
