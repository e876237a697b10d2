// Bodies through a session in memory: kept whole, and taken in pieces.
#include <wend/wire/session.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "growth.hpp"

namespace {

/// A client that has a head and so many bytes after it, and what it talks to.
struct state {
  wend::limits limits;
  wend::coarse_clock clock;
  wend::session session{limits, clock};
  wend::body_mode mode;
  std::string head;
  std::string block = std::string(64 * 1024, 'x');
  std::size_t size;
  std::size_t given = 0;  // of head and body
  std::size_t got = 0;    // of the body

  state(wend::body_mode m, std::size_t n) : mode(m), size(n) {
    clock.update(std::chrono::steady_clock::now(), wend::http_time{});
    head = "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(n) + "\r\n\r\n";
  }

  /// At most 64 KiB at a time, as a socket gives.
  void give() {
    auto const room = session.room();
    auto const from =
        given < head.size()
            ? std::string_view(head).substr(given)
            : std::string_view(block).substr(0, std::min(block.size(), head.size() + size - given));
    auto const n = std::min(room.size(), from.size());
    std::memcpy(room.data(), from.data(), n);
    given += n;
    session.received(n);
  }

  void pull_all() {
    using kind = wend::session::pulled::kind;
    while (true) {
      auto const piece = session.pull();
      if (piece.what == kind::piece) got += piece.data.size();
      if (piece.what == kind::input) give();
      if (piece.what == kind::output) session.sent(session.output().size());
      if (piece.what == kind::end || piece.what == kind::failed) return;
    }
  }

  void request() {
    given = got = 0;
    bool answered = false;
    while (true)
      switch (session.next()) {
        case wend::session::want::input:
          if (answered) return;
          give();
          break;
        case wend::session::want::route: session.expect({mode, size}); break;
        case wend::session::want::call:
          if (mode == wend::body_mode::pieces)
            pull_all();
          else
            got = session.request().body.size();
          session.respond();
          break;
        case wend::session::want::output:
          session.sent(session.output().size());
          answered = true;
          break;
        default: return;
      }
  }
};

}  // namespace

void bench::add_bodies(samples& to) {
  for (auto const mode : {wend::body_mode::whole, wend::body_mode::pieces})
    for (std::size_t n = 0; n <= 100UL << 20U; n = n == 0 ? 100 : n * 16) {
      std::string const name = mode == wend::body_mode::whole ? "body_whole" : "body_pieces";
      to.push_back({name, static_cast<double>(n), [=] {
                      auto const s = std::make_shared<state>(mode, n);
                      s->request();
                      expect(s->got == n, name);
                      return [s] { s->request(); };
                    }});
    }
}
