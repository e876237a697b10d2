// The table that the mistakes in compile_fail/call_*.cpp are made with.
#pragma once

#include <wend/extra/client.hpp>

struct locale {};
template <>
struct wend::extractor<locale> {
  static std::optional<locale> extract(wend::request&, wend::rejection&) { return locale{}; }
};

inline auto called_api() {
  return wend::routes(
      wend::get<"/notes/{id:int}", "note">([](int id) { return id; }),
      wend::get<"/in/{where}", "in">([](wend::request& in) { return in.captures.size(); }),
      wend::get<"/local", "local">([](locale) { return 1; }));
}
using remote_api = wend::client<decltype(called_api())>;
