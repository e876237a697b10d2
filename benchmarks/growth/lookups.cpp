// Lookup in routers of many routes, with deep paths, and with patterns made to be slow.
#include <wend/app/router.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "growth.hpp"

namespace {

struct state {
  wend::router router;
  std::vector<std::string> paths;
  wend::request in;

  void add(std::string pattern) {
    router.add(wend::method::get, std::move(pattern), [] { return "found"; });
  }

  /// Looks up the paths in turn, one a call.
  bool look_up(std::size_t& turn) {
    wend::response out;
    wend::body_policy body;
    in.target.path = paths[turn];
    turn = turn + 1 == paths.size() ? 0 : turn + 1;
    return router.find(in, out, body) == wend::stage::body;
  }
};

std::function<void()> ready(std::shared_ptr<state> s, bool found) {
  s->in.method = wend::method::get;
  s->router.prepare();
  auto const turn = std::make_shared<std::size_t>(0);
  for (std::size_t i = 0; i < s->paths.size(); ++i)
    bench::expect(s->look_up(*turn) == found, s->paths[i].substr(0, 80));
  return [s = std::move(s), turn] { bench::keep(s->look_up(*turn)); };
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

/// Routes as an API has them, and a spread of paths that lead to them.
std::function<void()> many_routes(std::size_t count) {
  auto s = std::make_shared<state>();
  for (std::size_t i = 0; i < count; ++i) {
    auto const number = std::to_string(i / 4);
    std::string const end[] = {"", "/{id:int}", "/{id:int}/parts", "/by-name/{name}"};
    s->add("/things" + number + end[i % 4]);
  }
  std::uint32_t random = 1;
  for (std::size_t i = 0; i < 256; ++i) {
    random = random * 1664525U + 1013904223U;
    auto const route = (random >> 8U) % count;
    std::string const end[] = {"", "/42", "/42/parts", "/by-name/ada"};
    s->paths.push_back("/things" + std::to_string(route / 4) + end[route % 4]);
  }
  return ready(std::move(s), true);
}

/// A route for each depth; the path is as deep as it says, and matches or just does not.
std::function<void()> deep(std::size_t depth, bool found) {
  auto s = std::make_shared<state>();
  for (std::size_t i = 1; i <= 100; ++i)
    s->add(repeat("/a", i) + "/{x}");
  s->paths.push_back(repeat("/a", depth) + (found ? "/b" : "/b/b"));
  return ready(std::move(s), found);
}

/// Four captures that float in one segment, so that it could be split in size^3 ways; none matches.
std::function<void()> floating(std::size_t size) {
  auto s = std::make_shared<state>();
  s->add("/{a}-{b}-{c}-{d}!");
  s->paths.push_back("/" + std::string(size, '-'));
  return ready(std::move(s), false);
}

/// Many such patterns at one place, and a path that none of them matches in the end.
std::function<void()> floating_routes(std::size_t count) {
  auto s = std::make_shared<state>();
  for (std::size_t i = 0; i < count; ++i)
    s->add("/{a}-" + std::to_string(i) + "-{b}!");
  std::string path = "/";
  for (std::size_t i = 0; path.size() < 1000; ++i)
    path += "-" + std::to_string(i % 64) + "-x";
  s->paths.push_back(path);
  return ready(std::move(s), false);
}

}  // namespace

void bench::add_lookups(samples& to) {
  for (std::size_t const n : {10UL, 100UL, 1'000UL, 10'000UL})
    to.push_back({"routes", static_cast<double>(n), [n] { return many_routes(n); }});
  for (bool const found : {true, false})
    for (std::size_t const n : {1UL, 3UL, 10UL, 30UL, 100UL})
      to.push_back({found ? "depth" : "depth_miss", static_cast<double>(n), [n, found] {
                      return deep(n, found);
                    }});
  for (std::size_t const n : {10UL, 30UL, 100UL, 300UL, 1'000UL, 3'000UL, 8'000UL})
    to.push_back({"floating_bytes", static_cast<double>(n), [n] { return floating(n); }});
  for (std::size_t const n : {1UL, 2UL, 4UL, 8UL, 16UL, 32UL, 64UL})
    to.push_back({"floating_routes", static_cast<double>(n), [n] { return floating_routes(n); }});
}
