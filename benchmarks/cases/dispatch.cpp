// A whole request without a socket: parse, route, call, answer.
#include <wend/handler/json.hpp>
#include <wend/routes.hpp>
#include <wend/wire/session.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "cases.hpp"

namespace {

struct greeting {
  std::string_view message;
};

struct note {
  std::string title;
  std::string body = "";
};

auto const api = wend::routes(wend::get<"/">([] { return "Hello, world!"; }),
                              wend::get<"/users/{id}">([](std::string_view id) { return id; }),
                              wend::get<"/notes/{id:int}">([](int id) { return id; }),
                              wend::get<"/json">([] { return greeting{"Hello, world!"}; }),
                              wend::post<"/notes">([](wend::json<note> draft) { return *draft; }));

/// Serves one request from memory; `sent` is called with what would go to the socket.
template <class F>
[[gnu::noinline]] void serve(wend::session& s, std::string_view request, F sent) {
  while (true)
    switch (s.next()) {
      case wend::session::want::input: {
        if (request.empty()) return;
        auto const room = s.room();
        auto const n = std::min(room.size(), request.size());
        std::memcpy(room.data(), request.data(), n);
        request.remove_prefix(n);
        s.received(n);
        break;
      }
      case wend::session::want::route: {
        wend::body_policy body;
        if (api.find(s.request(), s.response(), body) == wend::stage::body)
          s.expect(body);
        else
          s.respond();
        break;
      }
      case wend::session::want::call:
        api.call(s.request(), s.response());
        s.respond();
        break;
      case wend::session::want::output: {
        auto const out = s.output();
        sent(out);
        s.sent(out.size());
        break;
      }
      default: return;
    }
}

struct state {
  wend::limits limits;
  wend::coarse_clock clock;
  wend::session session{limits, clock};
  std::string request;
};

}  // namespace

void bench::add_dispatch(cases& to) {
  auto const add = [&](std::string name, std::string request, std::string_view status) {
    auto const s = std::make_shared<state>();
    s->clock.update(std::chrono::steady_clock::now(), wend::http_time{});
    s->request = std::move(request);
    std::string answer;
    serve(s->session, s->request, [&](std::string_view piece) { answer += piece; });
    expect(answer.substr(9, 3) == status, name);
    to.push_back({std::move(name), [s] {
                    serve(s->session, s->request, [](std::string_view piece) { keep(piece); });
                  }});
  };
  auto const get = [](std::string const& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost:8080\r\n\r\n";
  };
  for (std::string const target : {"/", "/users/42", "/notes/42", "/json"})
    add("dispatch:" + target, get(target), "200");
  add("dispatch:404", get("/none"), "404");
  std::string const body = R"({"title":"Buy milk","body":"Two bottles, and some bread."})";
  add("dispatch:post_json",
      "POST /notes HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\n"
      "Content-Length: " +
          std::to_string(body.size()) + "\r\n\r\n" + body,
      "200");
}
