// Owns a session as a server would, with strings for a socket and a clock that is set by hand.
#pragma once

#include <wend/wire/session.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend::test {

/// What a client makes of a response.
struct seen_response {
  int status = 0;
  std::string head;
  std::string body;

  bool has(std::string_view line) const {
    return head.find("\r\n" + std::string(line) + "\r\n") != head.npos;
  }
};

/// Takes the chunked coding off, without much care.
inline std::string unchunk(std::string_view& rest) {
  std::string out;
  while (true) {
    auto const end = rest.find("\r\n");
    if (end == rest.npos) return out;
    std::size_t size = 0;
    std::from_chars(rest.data(), rest.data() + end, size, 16);
    rest.remove_prefix(end + 2);
    out.append(rest.substr(0, size));
    rest.remove_prefix(std::min(size + 2, rest.size()));
    if (size == 0) return out;
  }
}

/// Cuts what a server sent into responses; those to HEAD only if they have no length.
inline std::vector<seen_response> read_responses(std::string_view rest) {
  std::vector<seen_response> out;
  while (!rest.empty()) {
    seen_response r;
    auto const end = std::min(rest.find("\r\n\r\n"), rest.size());
    r.head = std::string(rest.substr(0, end)) + "\r\n";
    rest.remove_prefix(std::min(end + 4, rest.size()));
    std::from_chars(r.head.data() + 9, r.head.data() + 12, r.status);
    constexpr std::string_view length = "\r\nContent-Length: ";
    if (auto const at = r.head.find(length); at != r.head.npos) {
      std::size_t size = 0;
      auto const* const digits = r.head.data() + at + length.size();
      std::from_chars(digits, r.head.data() + r.head.size(), size);
      r.body = rest.substr(0, size);
      rest.remove_prefix(std::min(size, rest.size()));
    } else if (r.has("Transfer-Encoding: chunked")) {
      r.body = unchunk(rest);
    } else if (r.has("Connection: close")) {
      r.body = rest;
      rest = {};
    }
    out.push_back(std::move(r));
  }
  return out;
}

/// The owner. By default it wants every body and answers 200 with the body.
struct session_owner {
  using want = session::want;

  explicit session_owner(limits l = {}) : used_limits(l) {
    clock.update(std::chrono::steady_clock::time_point(std::chrono::hours(1)),
                 http_time(std::chrono::seconds(784111777)));
  }

  limits used_limits;
  coarse_clock clock;
  session at{used_limits, clock};

  /// Says what becomes of a body; nothing when it filled `response()` and that is the answer.
  std::function<std::optional<body_policy>(session&)> route = [](session&) {
    return body_policy{.mode = body_mode::whole};
  };
  /// Fills the response; false when the answer comes later.
  std::function<bool(request&, response&)> handler = [](request& in, response& out) {
    out.body = in.body;
    return true;
  };

  /// Takes what is pulled of a body in pieces, from the next time on that the session waits; false
  /// when it wants no more. Set by `handler`.
  std::function<bool(session&, session::pulled const&)> reader;
  /// Pushes content whenever there is room for some; false when there will be no more.
  std::function<bool(session&)> producer;
  /// Dresses a refusal.
  std::function<void(request&, response&)> refused;
  std::string file;  // what every descriptor has

  std::string output;                // all that was sent
  std::vector<std::string> targets;  // of the requests that were routed
  std::size_t writes = 0, refusals = 0;
  bool failed = false, finished = false, closed = false;

  /// Makes the handler read every body in pieces, and answer with it, or with what went wrong.
  void echo_in_pieces(std::optional<std::size_t> limit = {}) {
    route = [=](session&) { return body_policy{.mode = body_mode::pieces, .limit = limit}; };
    handler = [this](request&, response&) {
      reader = [](session& s, session::pulled const& got) {
        using kind = session::pulled::kind;
        auto& out = s.response();
        if (got.what == kind::piece) {
          out.body += got.data;
          return true;
        }
        if (got.what == kind::failed)
          problem{s.failure().status, std::string(s.failure().detail)}.write(out);
        for (auto const& f : s.request().trailers)
          out.add("X-Trailer", f.value);
        s.respond();
        return false;
      };
      return false;
    };
  }

  /// Does what the session wants until it wants input, or the end.
  want run() {
    while (true) {
      auto const w = at.next();
      switch (w) {
        case want::input:
          if (!read_on() && !push_on()) return w;
          break;
        case want::route:
          targets.emplace_back(at.request().target.raw);
          if (auto const policy = route(at))
            at.expect(*policy);
          else
            at.respond();
          break;
        case want::call:
          if (handler(at.request(), at.response())) at.respond();
          break;
        case want::refuse:
          ++refusals;
          if (refused) refused(at.request(), at.refusal());
          at.respond();
          break;
        case want::output: write(); break;
        case want::file: {
          auto const left = at.file();
          auto const part = std::string_view(file).substr(std::min(left.offset, file.size()), 1000);
          auto const n = std::min<std::uint64_t>(part.size(), left.size);
          output += part.substr(0, n);
          at.file_sent(n);
          break;
        }
        case want::failed: failed = true; break;
        case want::finish: finished = true; break;
        case want::close: closed = true; return w;
      }
    }
  }

  void write() {
    output += at.output();
    ++writes;
    at.sent(at.output().size());
  }

  /// Pulls once for the reader; false when there is nothing to do but read.
  bool read_on() {
    if (!reader) return false;
    auto const got = at.pull();
    if (got.what == session::pulled::kind::input) return false;
    if (got.what == session::pulled::kind::output) return true;
    auto now = std::exchange(reader, nullptr);
    if (now(at, got) && !reader) reader = std::move(now);
    return true;
  }

  bool push_on() {
    if (!producer || !at.may_push()) return false;
    auto now = std::exchange(producer, nullptr);
    if (now(at)) producer = std::move(now);
    return true;
  }

  /// Lets the peer send a piece. False when not all of it was read.
  bool feed(std::string_view piece) {
    run();
    while (!piece.empty() && !closed) {
      auto const room = at.room();
      if (room.empty()) return false;
      auto const n = std::min(room.size(), piece.size());
      std::copy_n(piece.begin(), n, room.begin());
      piece.remove_prefix(n);
      at.received(n);
      run();
    }
    return piece.empty();
  }

  void feed_all(std::vector<std::string_view> const& all) {
    for (auto piece : all)
      feed(piece);
  }

  void end() {
    at.received_end();
    run();
  }

  /// Lets time pass; true when the session has something to say about it.
  bool pass(std::chrono::milliseconds time) {
    clock.now += time;
    bool const changed = at.tick();
    if (changed) run();
    return changed;
  }

  std::vector<seen_response> responses() const { return read_responses(output); }

  /// "200 404": the final statuses that were sent, in order.
  std::string statuses() const {
    std::string out;
    for (auto const& r : responses())
      if (r.status >= 200) out += (out.empty() ? "" : " ") + std::to_string(r.status);
    return out;
  }
};

}  // namespace wend::test
