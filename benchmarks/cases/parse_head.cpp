// Bytes to views: the smallest head, that of a browser, and one with as many fields as may be.
#include <wend/wire/parser.hpp>

#include <memory>
#include <string>
#include <utility>

#include "cases.hpp"

namespace {

constexpr char minimal[] = "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n";

constexpr char browser[] =
    "GET /articles/2024/01/a-story?page=2 HTTP/1.1\r\n"
    "Host: www.example.org\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.7,de;q=0.3\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Referer: https://www.example.org/articles/2024/01/\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: session=5f2b8c1e9a7d4e30b6c1; theme=dark; seen=2024-01-17\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-Site: same-origin\r\n\r\n";

std::string with_fields(int count) {
  std::string head = "GET / HTTP/1.1\r\nHost: localhost:8080\r\n";
  for (int i = 1; i < count; ++i)
    head += "X-Field-" + std::to_string(i) + ": the value of it\r\n";
  return head + "\r\n";
}

struct state {
  wend::limits limits;
  wend::head_parser parser{limits};
  std::string text;
};

}  // namespace

void bench::add_parse_head(cases& to) {
  auto const add = [&](std::string name, std::string text) {
    auto const s = std::make_shared<state>();
    s->text = std::move(text);
    auto const complete = s->parser.parse(s->text);
    expect(complete && *complete, name);
    to.push_back({std::move(name), [s] {
                    s->parser.reset();
                    keep(s->parser.parse(s->text));
                  }});
  };
  add("parse_head:minimal", minimal);
  add("parse_head:browser", browser);
  add("parse_head:100_fields", with_fields(100));
}
