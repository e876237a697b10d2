// What tests/soak/run.py asks: every kind of handler and of content, and some that fail. The right
// answer to each can be told from the request.
//
//     soak_service THREADS FILE
#include <wend/wend.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace wend::literals;

std::atomic<int> live = 0;

/// Stands in everything that is at work, so that the end can tell whether something still is.
struct counted {
  counted() { ++live; }
  counted(counted const&) { ++live; }
  ~counted() { --live; }
};

struct sum {
  std::int64_t a = 0, b = 0, result = 0;
};
struct note {
  wend::text<1, 50> text;
  std::vector<std::string> tags;
};
struct order {
  std::string name;
  int count = 0;
};

/// `n` pieces of 1000 bytes, each of one letter.
struct letters : wend::body_source {
  counted here;
  int n, at = 0;
  bool sized;
  letters(int pieces, bool tell) : n(pieces), sized(tell) {}
  std::optional<std::uint64_t> size() const override {
    if (!sized) return std::nullopt;
    return std::uint64_t(n) * 1000;
  }
  bool read(std::string& out) override {
    if (at < n) out.append(1000, static_cast<char>('a' + at % 26));
    return ++at < n;
  }
};

wend::response from_source(int n, bool sized) {
  wend::response out;
  out.source = std::make_unique<letters>(n, sized);
  return out;
}

asio::awaitable<void> wait(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

struct stamp {
  counted before(wend::request&) const { return {}; }
  void after(wend::request const& in, wend::response& out, counted const&) const {
    out.set("X-Stamp", in.field("X-Mark").value_or("none"));
  }
};
struct fails_before {
  void before(wend::request&) const { throw std::runtime_error("before"); }
};
struct fails_after {
  void after(wend::request const&, wend::response&) const { throw std::runtime_error("after"); }
};

asio::awaitable<wend::response> around(wend::request& in, wend::next go) {
  counted const here;
  co_await wait(1ms);
  auto out = co_await go(in);
  out.set("X-Around", "yes");
  co_return out;
}

/// The size of a body and a sum over it (FNV-1a).
asio::awaitable<std::string> digest(wend::body_reader& in) {
  counted const here;
  std::uint32_t hash = 2166136261;
  std::uint64_t size = 0;
  while (auto const piece = co_await in.read()) {
    size += piece->size();
    for (char c : *piece)
      hash = static_cast<std::uint32_t>(
          std::uint64_t(hash ^ static_cast<unsigned char>(c)) * 16777619 & 0xffffffff);
  }
  co_return std::to_string(size) + " " + std::to_string(hash);
}

}  // namespace

int main(int, char** argv) {
  std::string const path = argv[2];
  auto const api = wend::routes(
      wend::use(stamp{}),
      wend::get<"/sum/{a:int}/{b:int}">(
          [](std::int32_t a, std::int32_t b) { return sum{a, b, std::int64_t(a) + b}; }),
      wend::put<"/notes/{id:int}">([](int id, wend::json<note> n) {
        return std::to_string(id) + *n->text + std::to_string(n->tags.size());
      }),
      wend::post<"/trailers">([](wend::request const& in, wend::body b) {
        std::string out(b.bytes);
        for (auto const& f : in.trailers)
          out.append("|").append(f.value);
        return out;
      }),
      wend::get<"/search">([](wend::query<"q", std::string> q,
                              wend::query<"page", wend::range<int, 1, 9>, 1> page,
                              wend::cookie<"who", std::optional<std::string>> who) {
        return *q + "|" + std::to_string(**page) + "|" + (*who).value_or("nobody");
      }),
      wend::post<"/order">([](wend::form<order> o) { return o->name + std::to_string(o->count); }),
      wend::post<"/echo", wend::max_body<4_MiB>>([](wend::body b) { return b.bytes; }),
      wend::post<"/digest", wend::max_body<64_MiB>>(digest),
      wend::get<"/lines/{n:int}">([](int n) {
        return wend::stream("text/plain",
                            [n, here = counted()](wend::writer& out) -> asio::awaitable<void> {
                              for (int i = 0; i < n; ++i)
                                co_await out.write(std::to_string(i) + "\n");
                            });
      }),
      wend::get<"/letters/{n:int}">([](int n) { return from_source(n, false); }),
      wend::get<"/sized/{n:int}">([](int n) { return from_source(n, true); }),
      wend::get<"/file">([&] { return wend::file(path); }),
      wend::get<"/events/{n:int}">([](int n) {
        return wend::events([n](wend::event_writer& out) -> asio::awaitable<void> {
          counted const here;
          for (int i = 0; i < n; ++i)
            co_await out.send({.data = std::to_string(i)});
        });
      }),
      wend::get<"/blocking/{n:int}">(wend::blocking([](int n) {
        counted const here;
        std::this_thread::sleep_for(1ms);
        return std::to_string(n) + "\n";
      })),
      wend::get<"/blocking-lines/{n:int}">([](int n) {
        return wend::stream("text/plain", wend::blocking([n](std::ostream& out) {
                              counted const here;
                              for (int i = 0; i < n; ++i)
                                out << i << '\n';
                            }));
      }),
      wend::get<"/wait/{ms:int}">([](int ms) -> asio::awaitable<std::string> {
        counted const here;
        co_await wait(std::chrono::milliseconds(ms));
        co_return "waited " + std::to_string(ms);
      }),
      wend::get<"/never">([]() -> asio::awaitable<void> {
        counted const here;
        co_await wait(1h);
      }),
      wend::get<"/fails/handler">([]() -> int { throw std::runtime_error("handler"); }),
      wend::get<"/fails/later">([]() -> asio::awaitable<int> {
        co_await wait(1ms);
        throw std::runtime_error("later");
      }),
      wend::get<"/fails/blocking">(wend::blocking([]() -> int { throw 42; })),
      wend::get<"/fails/stream">([] {
        return wend::stream("text/plain", [](wend::writer& out) -> asio::awaitable<void> {
          co_await out.write("begun");
          throw std::runtime_error("stream");
        });
      }),
      wend::group<"/fails/before">(wend::use(fails_before{}), wend::get<"/">([] { return "x"; })),
      wend::group<"/fails/after">(wend::use(fails_after{}), wend::get<"/">([] { return "x"; })),
      wend::group<"/around">(wend::use(around),
                             wend::get<"/{n:int}">([](int n) { return std::to_string(n); }),
                             wend::get<"/wait/{n:int}">([](int n) -> asio::awaitable<std::string> {
                               counted const here;
                               co_await wait(1ms);
                               co_return std::to_string(n);
                             })),
      wend::mount<"/mount">([](wend::request& in) { return std::string(in.mount_path); }));

  wend::serve(api,
              {.port = 0,
               .threads = static_cast<unsigned>(std::atoi(argv[1])),
               .limits = {.handler_deadline = 2s, .linger = 500ms, .drain = 3s},
               .on_error = [](wend::request const&, std::exception_ptr) {}});
  std::cout << "live " << live << std::endl;
}
