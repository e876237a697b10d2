// What a request costs without a socket: parse, route, call, answer; nanoseconds, and under
// `valgrind --tool=callgrind --toggle-collect='*measured*'` instructions.
//
//     cmake --preset release && cmake --build --preset release --target bench_request
//     build/release/benchmarks/bench_request [requests]
#include <wend/routes.hpp>
#include <wend/wire/session.hpp>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>

namespace {

struct greeting {
  std::string_view message;
};

auto const api = wend::routes(wend::get<"/">([] { return "Hello, world!"; }),
                              wend::get<"/users/{id}">([](std::string_view id) { return id; }),
                              wend::get<"/notes/{id:int}">([](int id) { return id; }),
                              wend::get<"/json">([] { return greeting{"Hello, world!"}; }));

/// Serves one request from memory.
[[gnu::noinline]] std::size_t measured(wend::session& s, std::string_view request) {
  std::size_t sent = 0;
  while (true)
    switch (s.next()) {
      case wend::session::want::input: {
        if (request.empty()) return sent;
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
      case wend::session::want::output:
        sent += s.output().size();
        s.sent(s.output().size());
        break;
      default: return sent;
    }
}

}  // namespace

int main(int argc, char** argv) {
  long const count = argc > 1 ? std::atol(argv[1]) : 200'000;
  wend::limits const limits;
  wend::coarse_clock clock;
  clock.update(std::chrono::steady_clock::now(), wend::http_time{});
  for (std::string const target : {"/", "/users/42", "/notes/42", "/json", "/none"}) {
    wend::session s(limits, clock);
    auto const request = "GET " + target + " HTTP/1.1\r\nHost: localhost:8080\r\n\r\n";
    std::size_t sent = measured(s, request);
    auto const start = std::chrono::steady_clock::now();
    for (long i = 0; i < count; ++i)
      sent += measured(s, request);
    std::chrono::duration<double, std::nano> const took = std::chrono::steady_clock::now() - start;
    std::cout << target << "  " << took.count() / static_cast<double>(count) << " ns  "
              << sent / static_cast<std::size_t>(count + 1) << " bytes\n";
  }
}
