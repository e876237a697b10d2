#include <wend/handler/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "support/catch.hpp"

namespace shelf {

struct note {  // the one of the README
  std::int64_t id{};
  wend::text<1, 200> title;
  std::optional<std::string> body;
};

enum class color { red, green };

struct author {
  std::string name;
  int born = 0;
  friend bool operator==(author const&, author const&) = default;
};

struct book {
  shelf::author author;
  std::vector<std::string> tags;
  std::map<std::string, shelf::author> editors;
};

struct tree {
  int value = 0;
  std::vector<tree> children;
  std::unique_ptr<tree> left;
};

struct circle {
  double radius = 1;
};
struct square {
  double side = 1;
};

struct node;
using nodes = std::vector<node>;
struct sum {
  nodes of;
  std::string sum_only;
};
struct product {
  nodes of;
  std::string product_only;
};
struct node {
  std::variant<sum, product> what;
};

struct money {  // reads itself
  int cents = 0;
  friend bool operator==(money const&, money const&) = default;
};
void to_json(nlohmann::json& j, money const& m) {
  j = std::to_string(m.cents) + "c";
}
void from_json(nlohmann::json const& j, money& m) {
  auto const text = j.get<std::string>();
  if (!text.ends_with('c')) throw std::invalid_argument("expected cents");
  m.cents = std::stoi(text);
}

class counter {  // a class that is no aggregate
 public:
  int count() const { return count_; }
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(counter, count_)

 private:
  int count_ = 0;
};

class badge {  // functions as nlohmann's macros write them from 3.11.4 on
 public:
  template <class J>
    requires std::same_as<J, nlohmann::json>
  friend void to_json(J& j, badge const& b) {
    j = b.number_;
  }
  template <class J>
    requires std::same_as<J, nlohmann::json>
  friend void from_json(J const& j, badge& b) {
    j.get_to(b.number_);
  }

 private:
  int number_ = 0;
};

enum class size { small, large };
NLOHMANN_JSON_SERIALIZE_ENUM(size, {{size::small, "S"}, {size::large, "L"}})

struct shop {
  std::vector<money> prices;
  std::optional<counter> visits;
  nlohmann::json anything;
};

}  // namespace shelf

namespace {

using namespace std::chrono;
using wend::json_options;

/// "ok", or the status with its detail, or one "pointer detail" a line.
template <class T>
std::string read(std::string_view text, T& out, json_options const& options = {}) {
  wend::problem why{wend::status::ok};
  if (wend::read_json(text, out, why, options)) return "ok";
  std::string said = why.detail;
  for (auto const& e : why.errors) {
    CHECK(e.in == "body");
    said += (said.empty() ? "" : "\n") + e.where + " " + e.detail;
  }
  return std::to_string(code(why.status)) + " " + said;
}

template <class T>
std::string outcome(std::string_view text, json_options const& options = {}) {
  T out{};
  return read(text, out, options);
}

template <class T>
T value_of(std::string_view text) {
  T out{};
  CAPTURE(text);
  CHECK(read(text, out) == "ok");
  return out;
}

template <class T>
std::string written(T const& value) {
  std::string out;
  wend::write_json(out, value);
  return out;
}

struct row {
  char const* because;
  std::string got;
  std::string_view expected;
};

template <std::size_t N>
void check(row const (&rows)[N]) {
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      CHECK(r.got == r.expected);
    }
}

struct no_default {
  explicit no_default(int);
};

static_assert(wend::json_readable<shelf::book> && wend::json_readable<shelf::tree>);
static_assert(wend::json_readable<shelf::counter> && wend::json_readable<nlohmann::json>);
static_assert(wend::json_readable<std::map<wend::uuid, std::vector<std::optional<int>>>>);
static_assert(!wend::json_readable<no_default> && !wend::json_readable<std::vector<no_default>>);
static_assert(!wend::json_readable<std::string_view> && !wend::json_readable<char const*>);
static_assert(!wend::json_readable<std::span<int>> && !wend::json_readable<char[4]>);
static_assert(!wend::json_readable<std::map<double, int>> && !wend::json_readable<int*>);
static_assert(!wend::json_readable<std::variant<int, std::string_view>>);

template <class T>
struct one {
  T m;
};

/// What is said of `{}` as a struct with one member of this type.
template <class T>
std::string left_out() {
  return outcome<one<T>>("{}");
}

}  // namespace

TEST_CASE("the problem of the README comes out as it stands there", "[handler][json]") {
  shelf::note out;
  wend::problem why{wend::status::ok};
  REQUIRE_FALSE(wend::read_json(R"({"title":"","body":5})", out, why));
  CHECK(why.json() ==
        R"({"type":"about:blank","title":"Unprocessable Content","status":422,"errors":[)"
        R"({"pointer":"/title","detail":"expected 1 to 200 characters, got 0"},)"
        R"({"pointer":"/body","detail":"expected string, got number"}]})");
}

TEST_CASE("malformed JSON is a 400 that says where (RFC 8259)", "[handler][json]") {
  row const rows[] = {
      {"nothing at all",
       outcome<int>(""),
       "400 malformed JSON at line 1, column 1 (byte 1): while parsing value - unexpected end of "
       "input; expected '[', '{', or a literal"},
      {"cut short",
       outcome<shelf::author>("{\"name\":"),
       "400 malformed JSON at line 1, column 9 (byte 9): while parsing value - unexpected end of "
       "input; expected '[', '{', or a literal"},
      {"on another line",
       outcome<shelf::author>("{\n  \"name\" 1}"),
       "400 malformed JSON at line 2, column 10 (byte 12): while parsing object separator - "
       "unexpected number literal; expected ':'"},
      {"two values",
       outcome<int>("1 2"),
       "400 malformed JSON at line 1, column 3 (byte 3): while parsing value - unexpected number "
       "literal; expected end of input"},
      {"not UTF-8",
       outcome<std::string>("\"\xff\""),
       "400 malformed JSON at line 1, column 2 (byte 2): while parsing value - invalid string: "
       "ill-formed UTF-8 byte"},
      {"a comma too many",
       outcome<std::vector<int>>("[1,]"),
       "400 malformed JSON at line 1, column 4 (byte 4): while parsing value - unexpected ']'; "
       "expected '[', '{', or a literal"},
      {"a number without end",
       outcome<double>("1e999"),
       "400 malformed JSON at line 1, column 5 (byte 5): a number that is out of range"},
      {"a comment is no JSON", outcome<int>("/**/1").substr(0, 18), "400 malformed JSON"},
      {"NaN is no JSON", outcome<double>("NaN").substr(0, 18), "400 malformed JSON"},
  };
  check(rows);
}

TEST_CASE("JSON has a limit of depth", "[handler][json]") {
  auto const nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  CHECK(outcome<nlohmann::json>(nested(64)) == "ok");
  CHECK(outcome<nlohmann::json>(nested(65)) == "400 JSON nested deeper than 64 levels");
  CHECK(outcome<nlohmann::json>(nested(3), {.max_depth = 2}) ==
        "400 JSON nested deeper than 2 levels");
  CHECK(outcome<nlohmann::json>(std::string(1'000'000, '[')) ==
        "400 JSON nested deeper than 64 levels");
}

TEST_CASE("every type says what it expected and what it got", "[handler][json]") {
  using number_or_text = std::variant<int, std::string>;
  row const rows[] = {
      {"a string for a number", outcome<int>("\"1\""), "422  expected integer, got string"},
      {"a number for a string", outcome<std::string>("1"), "422  expected string, got number"},
      {"null for a string", outcome<std::string>("null"), "422  expected string, got null"},
      {"a number for a bool", outcome<bool>("1"), "422  expected boolean, got number"},
      {"an array for an object", outcome<shelf::author>("[]"), "422  expected object, got array"},
      {"an object for an array",
       outcome<std::vector<int>>("{}"),
       "422  expected array, got object"},
      {"too large",
       outcome<std::int8_t>("300"),
       "422  expected an integer from -128 to 127, got 300"},
      {"negative", outcome<std::uint8_t>("-1"), "422  expected an integer from 0 to 255, got -1"},
      {"beyond 64 bits", outcome<std::int64_t>("1e19"), "422  expected integer, got 1e+19"},
      {"a fraction", outcome<int>("1.5"), "422  expected integer, got 1.5"},
      {"a fraction of zero", outcome<int>("2.0"), "ok"},
      {"an integer for a double", outcome<double>("1"), "ok"},
      {"too large for a float",
       outcome<float>("1e300"),
       "422  expected a number that fits 3.4028235e+38, got 1e+300"},
      {"out of range", outcome<wend::range<int, 1, 100>>("500"), "422  expected 1 to 100, got 500"},
      {"out of range and type",
       outcome<wend::range<int, 1, 100>>("5000000000"),
       "422  expected 1 to 100, got 5000000000"},
      {"no number for a range",
       outcome<wend::range<int, 1, 100>>("\"5\""),
       "422  expected integer, got string"},
      {"another color",
       outcome<shelf::color>("\"blue\""),
       "422  expected one of red, green, got blue"},
      {"a color by number", outcome<shelf::color>("1"), "422  expected string, got number"},
      {"a bad UUID", outcome<wend::uuid>("\"x\""), "422  expected a UUID, got x"},
      {"a bad time",
       outcome<system_clock::time_point>("\"2026-13-01T00:00:00Z\""),
       "422  expected a time such as 2026-01-31T12:00:00Z, got 2026-13-01T00:00:00Z"},
      {"a bad date",
       outcome<sys_days>("\"2026-02-30\""),
       "422  expected a date such as 2026-01-31, got 2026-02-30"},
      {"a long value is cut",
       outcome<shelf::color>('"' + std::string(500, 'x') + '"'),
       "422  expected one of red, green, got xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."},
      {"too few", outcome<std::array<int, 2>>("[1]"), "422  expected 2 elements, got 1"},
      {"too many", outcome<std::tuple<int>>("[1,2]"), "422  expected 1 element, got 2"},
      {"no alternative",
       outcome<number_or_text>("true"),
       "422  fits no alternative: integer (expected integer, got boolean); string (expected "
       "string, got boolean)"},
      {"a set has each once", outcome<std::set<int>>("[1,2,1]"), "422 /2 appears more than once"},
      {"a key that is no integer",
       outcome<std::map<int, int>>(R"({"a":1})"),
       "422 /a expected an integer as name, got a"},
      {"a key beyond its type",
       outcome<std::map<std::int8_t, int>>(R"({"128":1})"),
       "422 /128 expected an integer from -128 to 127, got 128"},
      {"two spellings of a key",
       outcome<std::map<int, int>>(R"({"1":1,"01":1})"),
       "422 /1 appears more than once"},
  };
  check(rows);
}

TEST_CASE("all errors are told at once, each with its pointer (RFC 6901)", "[handler][json]") {
  CHECK(outcome<shelf::book>(
            R"({"author":{"name":1,"born":"x"},"tags":["a",2,null],"editors":{"a/b~c":{}}})") ==
        "422 /author/name expected string, got number\n"
        "/author/born expected integer, got string\n"
        "/tags/1 expected string, got number\n"
        "/tags/2 expected string, got null\n"
        "/editors/a~1b~0c/name is required");
  std::string many = "[0";
  for (int i = 1; i < 1000; ++i)
    many += ",0";
  many += ']';
  auto const said = outcome<std::vector<bool>>(many);
  CHECK(std::count(said.begin(), said.end(), '\n') == 99);
  CHECK(outcome<std::vector<bool>>(many, {.max_errors = 1}) ==
        "422 /0 expected boolean, got number");
}

TEST_CASE("a member is required when it has no value of its own", "[handler][json]") {
  enum class from_one { a = 1 };
  row const rows[] = {
      {"a number has one", left_out<int>(), "ok"},
      {"a bool has", left_out<bool>(), "ok"},
      {"an enum has", left_out<shelf::color>(), "ok"},
      {"an enum whose zero has no name has not", left_out<from_one>(), "422 /m is required"},
      {"a string has not", left_out<std::string>(), "422 /m is required"},
      {"a text that may be empty has", left_out<wend::text<0, 9>>(), "ok"},
      {"another has not", left_out<wend::text<1, 9>>(), "422 /m is required"},
      {"a range with zero has", left_out<wend::range<int, 0, 9>>(), "ok"},
      {"another has not", left_out<wend::range<int, 1, 9>>(), "422 /m is required"},
      {"a UUID has not", left_out<wend::uuid>(), "422 /m is required"},
      {"a time has not", left_out<system_clock::time_point>(), "422 /m is required"},
      {"a date has not", left_out<year_month_day>(), "422 /m is required"},
      {"a duration has", left_out<seconds>(), "ok"},
      {"an optional has", left_out<std::optional<std::string>>(), "ok"},
      {"a pointer has", left_out<std::unique_ptr<std::string>>(), "ok"},
      {"a vector has", left_out<std::vector<std::string>>(), "ok"},
      {"a map has", left_out<std::map<std::string, int>>(), "ok"},
      {"an array of strings has not", left_out<std::array<std::string, 2>>(), "422 /m is required"},
      {"an array of numbers has", left_out<std::array<int, 2>>(), "ok"},
      {"a pair of a string has not", left_out<std::pair<int, std::string>>(), "422 /m is required"},
      {"an aggregate has when all its members do", left_out<one<int>>(), "ok"},
      {"and else has not", left_out<shelf::author>(), "422 /m is required"},
      {"a variant is as its first alternative", left_out<std::variant<int, std::string>>(), "ok"},
      {"and so is this", left_out<std::variant<std::string, int>>(), "422 /m is required"},
      {"a class that reads itself has not", left_out<shelf::counter>(), "422 /m is required"},
      {"any JSON has", left_out<nlohmann::json>(), "ok"},
  };
  check(rows);
}

TEST_CASE("an initialiser is a value: the member may be left out", "[handler][json]") {
  struct settings {
    std::string role = "guest";
    wend::text<1, 9> name = "none";
    wend::range<int, 1, 100> limit = 1;
    shelf::author author = {"Jane", 0};
    std::vector<int> sizes = {1, 2};
  };
  auto const s = value_of<settings>(R"({"sizes":[3]})");
  CHECK(s.role == "guest");
  CHECK(s.name == "none");
  CHECK(s.limit == 1);
  CHECK(s.author.name == "Jane");
  CHECK(s.sizes == std::vector<int>{3});
}

TEST_CASE("reading into a value that exists changes what the text has", "[handler][json]") {
  shelf::author jane{"Jane", 1775};
  CHECK(read(R"({"born":1776})", jane) == "ok");
  CHECK(jane == shelf::author{"Jane", 1776});
}

TEST_CASE("unknown members are ignored, or refused when asked for", "[handler][json]") {
  constexpr std::string_view text = R"({"name":"a","nmae":1,"~":2})";
  CHECK(outcome<shelf::author>(text) == "ok");
  CHECK(outcome<shelf::author>(text, {.refuse_unknown = true}) ==
        "422 /nmae is unknown\n/~0 is unknown");
}

TEST_CASE("a member that is sent twice is refused (RFC 8259 4)", "[handler][json]") {
  CHECK(outcome<shelf::author>(R"({"name":"a","name":"b"})") == "422 /name appears more than once");
  CHECK(outcome<shelf::book>(R"({"author":{"name":"a"},"editors":{"x":{"name":"a","name":1}}})") ==
        "422 /editors/x/name appears more than once\n"
        "/editors/x/name expected string, got number");
  CHECK(outcome<nlohmann::json>(R"([1,{"a":[{"b":1,"b":2}]}])") ==
        "422 /1/a/0/b appears more than once");
}

TEST_CASE("the alternative that knows all members goes first", "[handler][json]") {
  using shape = std::variant<shelf::circle, shelf::square>;
  CHECK(std::get<shelf::square>(value_of<shape>(R"({"side":2})")).side == 2);
  CHECK(std::get<shelf::circle>(value_of<shape>(R"({"radius":2})")).radius == 2);
  CHECK(value_of<shape>(R"({"other":2})").index() == 0);
  CHECK(outcome<shape>(R"({"side":"a"})", {.refuse_unknown = true}) ==
        "422  fits no alternative: object (/side: is unknown); object (/side: expected number, got "
        "string)");
  using number = std::variant<std::monostate, int, double>;
  CHECK(value_of<number>("null").index() == 0);
  CHECK(value_of<number>("1").index() == 1);
  CHECK(value_of<number>("1.5").index() == 2);
}

TEST_CASE("alternatives within alternatives do not cost without bound", "[handler][json]") {
  std::string text = "1";
  for (int i = 0; i < 20; ++i)
    text = R"({"what":{"of":[)" + text + "]}}";
  auto const said = outcome<shelf::node>(text);
  CHECK(said.starts_with("422 /what fits no alternative: "));
  CHECK(said.size() < 1000);
}

TEST_CASE("values of every kind are read", "[handler][json]") {
  CHECK(value_of<std::string>(R"("a\u00e4\n\u0000")") == std::string("a\u00e4\n\0", 5));
  CHECK(value_of<std::uint64_t>("18446744073709551615") == ~0ull);
  CHECK(value_of<std::int64_t>("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  CHECK(value_of<std::vector<bool>>("[true,false]") == std::vector<bool>{true, false});
  CHECK(value_of<std::list<int>>("[1]") == std::list<int>{1});
  CHECK(value_of<std::set<std::string>>(R"(["b","a"])") == std::set<std::string>{"a", "b"});
  CHECK(value_of<std::pair<int, std::string>>(R"([1,"a"])") == std::pair(1, std::string("a")));
  CHECK(value_of<std::optional<int>>("null") == std::nullopt);
  CHECK(*value_of<std::shared_ptr<int>>("3") == 3);
  CHECK(value_of<shelf::color>("\"green\"") == shelf::color::green);
  CHECK(value_of<sys_days>("\"2026-01-02\"") == sys_days{2026y / January / 2});
  CHECK(value_of<year_month_day>("\"2026-01-02\"") == 2026y / January / 2);
  CHECK(value_of<sys_seconds>("\"2026-01-02T00:00:00+01:00\"") ==
        sys_days{2026y / January / 2} - 1h);
  CHECK(value_of<milliseconds>("1500") == 1500ms);
  CHECK(value_of<std::unordered_map<int, bool>>(R"({"-1":true})").at(-1));
  CHECK(value_of<std::map<shelf::color, int>>(R"({"red":1})").at(shelf::color::red) == 1);
  CHECK(value_of<one<int[3]>>(R"({"m":[1,2,3]})").m[2] == 3);
  CHECK(value_of<one<int[2][2]>>(R"({"m":[[1,2],[3,4]]})").m[1][0] == 3);
  auto const t = value_of<shelf::tree>(R"({"children":[{"value":2}],"left":{"value":3}})");
  CHECK(t.children.at(0).value == 2);
  CHECK(t.left->value == 3);
}

TEST_CASE("types with nlohmann's to_json and from_json use them", "[handler][json]") {
  auto const s =
      value_of<shelf::shop>(R"({"prices":["5c","7c"],"visits":{"count_":3},"anything":{"a":[1]}})");
  CHECK(s.prices == std::vector<shelf::money>{{5}, {7}});
  CHECK(s.visits->count() == 3);
  CHECK(s.anything["a"][0] == 1);
  CHECK(written(value_of<shelf::badge>("7")) == "7");
  CHECK(written(value_of<shelf::size>("\"L\"")) == "\"L\"");
  CHECK(written(value_of<nlohmann::ordered_json>("[1]")) == "[1]");
  CHECK(written(s) == R"({"prices":["5c","7c"],"visits":{"count_":3},"anything":{"a":[1]}})");
}

TEST_CASE("what from_json throws is an error at its place", "[handler][json]") {
  CHECK(outcome<shelf::shop>(R"({"prices":["5c","5",5],"visits":{}})") ==
        "422 /prices/1 expected cents\n"
        "/prices/2 type must be string, but is number\n"
        "/visits key 'count_' not found");
}

TEST_CASE("the extractor is a value with its options", "[handler][json]") {
  using strict = wend::json<shelf::author, json_options{.refuse_unknown = true}>;
  static_assert(strict::options.refuse_unknown);
  static_assert(!wend::json<shelf::author>::options.refuse_unknown);
  strict body{.value = {"Jane", 1775}};
  CHECK(body->name == "Jane");
  CHECK((*std::move(body)).born == 1775);
}

TEST_CASE("what is written reads back as the same value", "[handler][json]") {
  std::mt19937_64 random{1};
  auto const below = [&](std::uint64_t n) { return random() % n; };
  auto const text = [&] {
    constexpr std::string_view pieces[] = {"a", "\"", "\\", "/", "\u00e4", "\U0001f600", "\n", "~"};
    std::string out;
    for (auto n = below(9); n > 0; --n)
      out += pieces[below(std::size(pieces))];
    return out;
  };
  using value = std::tuple<std::int64_t,
                           double,
                           std::string,
                           std::vector<std::optional<std::string>>,
                           std::map<std::string, shelf::author>,
                           std::optional<wend::range<int, -5, 5>>,
                           sys_time<nanoseconds>,
                           std::variant<bool, std::string>>;
  for (int i = 0; i < 500; ++i) {
    value v{static_cast<std::int64_t>(random()),
            static_cast<double>(random()) / 3,
            text(),
            {},
            {},
            {},
            sys_time<nanoseconds>(nanoseconds(static_cast<std::int64_t>(random()) / 2)),
            {}};
    for (auto n = below(4); n > 0; --n) {
      std::get<3>(v).push_back(below(2) ? std::optional(text()) : std::nullopt);
      std::get<4>(v).insert({text(), {text(), static_cast<int>(below(99))}});
    }
    if (below(2)) std::get<5>(v) = static_cast<int>(below(11)) - 5;
    if (below(2)) std::get<7>(v) = text();
    REQUIRE(value_of<value>(written(v)) == v);
  }
}

namespace {

struct posted_json {
  int n = 0;
};

/// The status that a body of this Content-Type is answered with; 0 when it is taken.
int answer_to(std::vector<wend::field> fields, std::string_view body = R"({"n":1})") {
  wend::request in;
  in.fields = wend::fields_view{std::span<wend::field const>(fields)};
  in.body = body;
  wend::rejection why;
  auto const taken = wend::extractor<wend::json<posted_json>>::extract(in, why);
  return taken ? 0 : code(why.answer().status);
}

}  // namespace

TEST_CASE("a JSON body is declared as JSON", "[handler][json]") {
  CHECK(answer_to({{"Content-Type", "application/json"}}) == 0);
  CHECK(answer_to({{"content-type", "Application/JSON; charset=utf-8"}}) == 0);
  CHECK(answer_to({{"Content-Type", "application/merge-patch+json"}}) == 0);
  CHECK(answer_to({{"Content-Type", "text/plain"}}) == 415);
  CHECK(answer_to({{"Content-Type", "application/jsonp"}}) == 415);
  CHECK(answer_to({{"Content-Type", "text/json"}}) == 415);
}

TEST_CASE("what curl -d says of a body is taken, but not from a browser", "[handler][json]") {
  std::string_view const form = "application/x-www-form-urlencoded";
  CHECK(answer_to({{"Content-Type", form}}) == 0);
  CHECK(answer_to({}) == 0);
  CHECK(answer_to({{"Content-Type", form}, {"Origin", "https://evil.example"}}) == 415);
  CHECK(answer_to({{"Origin", "null"}}) == 415);
  CHECK(answer_to({{"Content-Type", form}, {"Sec-Fetch-Site", "cross-site"}}) == 415);
}

TEST_CASE("a JSON body that does not fit is a 400 or a 422", "[handler][json]") {
  CHECK(answer_to({}, "{") == 400);
  CHECK(answer_to({}, "") == 400);
  CHECK(answer_to({}, R"({"n":"x"})") == 422);
}
