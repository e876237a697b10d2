// Requests to a table with every kind of extractor: whatever comes, it is an answer that the
// handlers meant, or a problem that says what is wrong; never a 500, and twice the same.
//
// An input is a method, a target, and fields, each on a line; an empty line; and the content.
#include <wend/app/group.hpp>
#include <wend/app/middleware.hpp>
#include <wend/handler/form.hpp>
#include <wend/handler/json.hpp>
#include <wend/routes.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/ask.hpp"

namespace {

void require(bool fact) {
  if (!fact) std::abort();
}

enum class color { red, green };
struct pair_of {
  wend::text<1, 5> name;
  std::optional<int> n;
};
struct named {
  std::string text;
};

std::string said(std::string_view a, std::string_view b) {
  return std::string(a) + "|" + std::string(b);
}

auto const api = wend::routes(
    wend::get<"/">([] { return "root"; }),
    wend::get<"/int/{n:int}">([](std::int8_t n) { return n; }),
    wend::get<"/uint/{n:uint}/{m:uint}">(
        [](std::uint64_t n, std::uint8_t m) { return std::vector<std::uint64_t>{n, m}; }),
    wend::get<"/text/{a}/{b}">(said),
    wend::get<"/rest/{r...}">([](std::string_view r) { return named{std::string(r)}; }),
    wend::get<"/uuid/{u:uuid}">([](wend::uuid u) { return u; }),
    wend::get<"/color/{c}">([](color c) { return c; }),
    wend::get<"/query">([](wend::query<"q", std::string> q,
                           wend::query<"n", std::optional<int>> n,
                           wend::query<"all", std::vector<std::uint16_t>> all) {
      return said(*q, std::to_string(n->value_or(0)) + std::to_string(all->size()));
    }),
    wend::get<"/field">([](wend::header<"X-A", std::optional<double>> a,
                           wend::cookie<"c", std::string_view> c,
                           wend::header<"X-B", bool> b) {
      return said(*c, std::to_string(a->value_or(0)) + (*b ? "1" : "0"));
    }),
    wend::put<"/json/{id:int}">([](int id, wend::json<pair_of> p) {
      return said(*p->name, std::to_string(id) + std::to_string(p->n.value_or(0)));
    }),
    wend::post<"/form">([](wend::form<pair_of> f) { return *f->name; }),
    wend::post<"/body">([](wend::body b) { return b.bytes.size(); }),
    wend::del<"/int/{n:int}">([](int) {}));

std::string_view next_line(std::string_view& text) {
  auto const end = std::min(text.find('\n'), text.size());
  auto const line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void check(wend::response const& out) {
  // a method that nobody knows is 501
  require(wend::code(out.status) < 500 || out.status == wend::status::not_implemented);
  auto const type = out.fields.get("Content-Type").value_or("");
  bool const problem = type == "application/problem+json";
  if (problem || type == "application/json") {
    require(nlohmann::json::accept(out.body));
    if (problem) require(nlohmann::json::parse(out.body)["status"] == wend::code(out.status));
  }
  if (wend::code(out.status) >= 400) require(problem || out.body.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const all(reinterpret_cast<char const*>(data), size);
  std::string_view text(all);
  auto const name = next_line(text);
  if (name.size() > wend::method::max_size || !wend::is_token(name)) return 0;
  wend::test::question q{wend::method(name), std::string(next_line(text))};
  while (!text.empty() && q.fields.size() < 8) {
    auto const line = next_line(text);
    if (line.empty()) break;
    auto const colon = line.find(':');
    // as the head parser hands it on
    if (colon == line.npos || !wend::is_token(line.substr(0, colon))) return 0;
    auto const value = wend::trim(line.substr(colon + 1));
    if (!wend::detail::field_byte.all(value)) return 0;
    q.fields.push_back({line.substr(0, colon), value});
  }
  q.body = text;
  auto const first = wend::test::ask(api, q);
  check(first);
  auto const second = wend::test::ask(api, q);
  require(first.status == second.status && first.body == second.body);
  return 0;
}
