#include <wend/handler/json_write.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "support/catch.hpp"

namespace catalogue {

enum class mood { sad, glad };

struct author {
  std::string name;
  std::optional<int> born;
};

struct book {
  std::int64_t id{};
  wend::text<1, 200> title;
  catalogue::author author;
  std::vector<std::string> tags;
  std::map<std::string, double> ratings;
  wend::range<int, 1, 5> stars = 5;
  catalogue::mood mood{};
};

struct tree {
  int value = 0;
  std::vector<tree> children;
  std::unique_ptr<tree> left;
};

struct nothing {};

struct arrays {
  int numbers[3];
  char name[4];
};

struct secret {
  explicit secret(int v) : hidden(v) {}

 private:
  int hidden;
};

struct names_only {  // another library's function of the same name
  std::string name;
};
[[maybe_unused]] void to_json(std::string& out, names_only const&) {
  out = "not this one";
}

}  // namespace catalogue

namespace {

using namespace std::chrono;

static_assert(wend::json_writable<int> && wend::json_writable<std::vector<std::string> const&>);
static_assert(wend::json_writable<catalogue::book> && wend::json_writable<catalogue::tree>);
static_assert(wend::json_writable<char const*> && wend::json_writable<char[5]>);
static_assert(wend::json_writable<std::map<int, std::optional<catalogue::book>>>);
static_assert(!wend::json_writable<catalogue::secret> && !wend::json_writable<int*>);
static_assert(!wend::json_writable<std::vector<catalogue::secret>> && !wend::json_writable<void>);
static_assert(!wend::json_writable<std::optional<catalogue::secret>>);
static_assert(!wend::json_writable<std::map<double, int>>);
static_assert(!wend::json_writable<std::variant<int, catalogue::secret>>);
static_assert(!wend::json_writable<char> && !wend::json_writable<std::filesystem::path>);

template <class T>
std::string json(T const& value) {
  std::string out;
  wend::write_json(out, value);
  return out;
}

struct row {
  char const* because;
  std::string got;
  std::string_view expected;
};

using number_or_text = std::variant<std::monostate, int, std::string>;

row const rows[] = {
    {"true", json(true), "true"},
    {"an integer", json(-42), "-42"},
    {"the least integer", json(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808"},
    {"a small unsigned is a number", json(std::uint8_t{65}), "65"},
    {"a fraction, as short as it reads back", json(0.1), "0.1"},
    {"a float is no double", json(0.1f), "0.1"},
    {"NaN is null", json(std::numeric_limits<double>::quiet_NaN()), "null"},
    {"infinity is null", json(-std::numeric_limits<double>::infinity()), "null"},
    {"a literal", json("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")"},
    {"a string", json(std::string("\u00e4")), "\"\u00e4\""},
    {"a NUL in a string", json(std::string("a\0b", 3)), R"("a\u0000b")"},
    {"what is not UTF-8", json(std::string_view("a\xff")), "\"a\xEF\xBF\xBD\""},
    {"no pointer", json(static_cast<char const*>(nullptr)), "null"},
    {"null", json(nullptr), "null"},
    {"an enum", json(catalogue::mood::glad), "\"glad\""},
    {"an enum without a name", json(static_cast<catalogue::mood>(9)), "9"},
    {"a UUID", json(wend::uuid{}), "\"00000000-0000-0000-0000-000000000000\""},
    {"a text", json(wend::text<1>("x")), "\"x\""},
    {"a range", json(wend::range<int, 1, 5>(3)), "3"},
    {"an empty optional", json(std::optional<int>{}), "null"},
    {"a full one", json(std::optional<int>{1}), "1"},
    {"a unique pointer", json(std::make_unique<int>(1)), "1"},
    {"a shared pointer", json(std::shared_ptr<int>{}), "null"},
    {"a time", json(sys_days{2026y / January / 2} + 3h + 4min + 5s), "\"2026-01-02T03:04:05Z\""},
    {"a system_clock time", json(system_clock::time_point{}), "\"1970-01-01T00:00:00Z\""},
    {"a day", json(sys_days{2026y / January / 2}), "\"2026-01-02\""},
    {"a date", json(2026y / January / 2), "\"2026-01-02\""},
    {"no date", json(2026y / February / 30), "null"},
    {"a time too late to be written", json(sys_seconds::max()), "null"},
    {"a duration", json(1500ms), "1500"},
    {"a duration in fractions", json(duration<double>(1.5)), "1.5"},
    {"an array", json(std::vector<int>{1, 2}), "[1,2]"},
    {"an empty one", json(std::vector<int>{}), "[]"},
    {"of bool", json(std::vector<bool>{true, false}), "[true,false]"},
    {"std::array", json(std::array<int, 2>{1, 2}), "[1,2]"},
    {"a list", json(std::list<std::string>{"a"}), "[\"a\"]"},
    {"a set", json(std::set<int>{2, 1}), "[1,2]"},
    {"a pair", json(std::pair(1, "a")), "[1,\"a\"]"},
    {"a tuple", json(std::tuple(1, true, nullptr)), "[1,true,null]"},
    {"an empty tuple", json(std::tuple<>()), "[]"},
    {"a map", json(std::map<std::string, int>{{"a", 1}, {"b", 2}}), R"({"a":1,"b":2})"},
    {"an empty map", json(std::map<std::string, int>{}), "{}"},
    {"integers as keys", json(std::map<int, int>{{-1, 2}, {3, 4}}), R"({"-1":2,"3":4})"},
    {"an enum as key",
     json(std::unordered_map<catalogue::mood, int>{{catalogue::mood::sad, 1}}),
     R"({"sad":1})"},
    {"a variant", json(number_or_text{"x"}), "\"x\""},
    {"monostate", json(number_or_text{}), "null"},
    {"an aggregate without members", json(catalogue::nothing{}), "{}"},
    {"C arrays",
     json(catalogue::arrays{{1, 2, 3}, {'a', 'b', 'c', 'd'}}),
     R"({"numbers":[1,2,3],"name":"abcd"})"},
    {"to_json of another kind is not used", json(catalogue::names_only{"a"}), R"({"name":"a"})"},
};

}  // namespace

TEST_CASE("every kind of value has its JSON", "[handler][json]") {
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      CHECK(r.got == r.expected);
    }
}

TEST_CASE("an aggregate is an object of its members, null where there is nothing",
          "[handler][json]") {
  catalogue::book const b{.id = 7,
                          .title = "Emma",
                          .author = {"Jane", std::nullopt},
                          .tags = {"a", "b"},
                          .ratings = {{"x", 4.5}},
                          .mood = catalogue::mood::glad};
  CHECK(json(b) ==
        R"({"id":7,"title":"Emma","author":{"name":"Jane","born":null},"tags":["a","b"],)"
        R"("ratings":{"x":4.5},"stars":5,"mood":"glad"})");
}

TEST_CASE("an aggregate may hold itself", "[handler][json]") {
  catalogue::tree t{.value = 1, .children = {}, .left = {}};
  t.children.emplace_back();
  t.left = std::make_unique<catalogue::tree>();
  CHECK(json(t) == R"({"value":1,"children":[{"value":0,"children":[],"left":null}],)"
                   R"("left":{"value":0,"children":[],"left":null}})");
}

TEST_CASE("a value is appended to what stands there", "[handler][json]") {
  std::string out = "x";
  int const numbers[] = {1, 2};
  wend::write_json(out, std::span<int const>(numbers));
  CHECK(out == "x[1,2]");
}

TEST_CASE("any double reads back as itself", "[handler][json]") {
  std::mt19937_64 random{1};
  for (int i = 0; i < 1000; ++i) {
    double const value =
        std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 200));
    REQUIRE(std::stod(json(value)) == value);
  }
}
