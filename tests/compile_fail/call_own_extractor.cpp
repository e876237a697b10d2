// expect: wend: call: the handler takes an extractor of yours, which no client can write
#include <wend/extra/client.hpp>

struct locale {};
template <>
struct wend::extractor<locale> {
  static std::optional<locale> extract(wend::request&, wend::rejection&) { return locale{}; }
};

auto api() {
  return wend::routes(wend::get<"/notes/{id:int}", "note">([](int id) { return id; }),
                      wend::get<"/in/{where}", "in">([](wend::request& in) { return in.captures.size(); }),
                      wend::get<"/local", "local">([](locale) { return 1; }));
}

int ask(wend::client<decltype(api())>& remote) {
  return remote.call<"local">();  // wrong
  // right: return remote.call<"note">(1);
}
