// Values from JSON and to JSON, beside what nlohmann_json takes for the same text without a struct.
#include <wend/handler/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "cases.hpp"

namespace {

struct greeting {
  std::string message;
};

struct address {
  std::string street;
  std::string city;
  std::optional<int> zip;
};

struct person {
  std::int64_t id = 0;
  std::string name;
  address home;
  std::vector<std::string> roles;
  double score = 0;
  bool active = false;
};

person const somebody{
    42, "Ada Lovelace", {"12 St James's Square", "London", 1815}, {"author", "reader"}, 9.75, true};

template <class T>
void add(bench::cases& to, std::string const& which, T value, int runs = 100) {
  auto const kept = std::make_shared<T>(std::move(value));
  auto const text = std::make_shared<std::string>();
  wend::write_json(*text, *kept);
  auto const tree = std::make_shared<nlohmann::json>(nlohmann::json::parse(*text));

  wend::problem why(wend::status::bad_request);
  T read;
  bench::expect(wend::read_json(*text, read, why), "json_in:" + which);
  std::string again;
  wend::write_json(again, read);
  bench::expect(again == *text, "json_out:" + which);

  auto const add_one = [&](std::string const& kind, std::function<void()> run) {
    to.push_back({kind + ':' + which, std::move(run), 1, runs});
  };
  add_one("json_in", [text] {
    T out;
    wend::problem wrong(wend::status::bad_request);
    bench::keep(wend::read_json(*text, out, wrong));
    bench::keep(out);
  });
  add_one("json_out", [kept] {
    std::string out;
    wend::write_json(out, *kept);
    bench::keep(out);
  });
  add_one("nlohmann_parse", [text] { bench::keep(nlohmann::json::parse(*text)); });
  add_one("nlohmann_dump", [tree] { bench::keep(tree->dump()); });
}

}  // namespace

void bench::add_json(cases& to) {
  add(to, "small", greeting{"Hello, world!"});
  add(to, "nested", somebody);
  add(to, "array_1000", std::vector<person>(1000, somebody), 4);
}
