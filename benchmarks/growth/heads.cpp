// Heads of more and more fields.
#include <wend/wire/parser.hpp>

#include <memory>
#include <string>

#include "growth.hpp"

namespace {

struct state {
  wend::limits limits;
  wend::head_parser parser{limits};
  std::string text = "GET / HTTP/1.1\r\nHost: localhost:8080\r\n";
};

}  // namespace

void bench::add_heads(samples& to) {
  for (int const n : {1, 2, 5, 10, 20, 50, 100})
    to.push_back({"fields", static_cast<double>(n), [n] {
                    auto const s = std::make_shared<state>();
                    for (int i = 1; i < n; ++i)
                      s->text += "X-Field-" + std::to_string(i) + ": the value of it\r\n";
                    s->text += "\r\n";
                    auto const complete = s->parser.parse(s->text);
                    expect(complete && *complete, "fields");
                    return [s] {
                      s->parser.reset();
                      keep(s->parser.parse(s->text));
                    };
                  }});
}
