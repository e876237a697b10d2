#include <wend/handler/json.hpp>
#include <wend/handler/json_stream.hpp>

#include <iterator>
#include <list>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace wend;

namespace {

struct place {
  std::string name;
  std::optional<int> height;
};
struct trip {
  int id = 0;
  std::vector<place> stops;
};

class nothing {
  [[maybe_unused]] int hidden_ = 0;
};

auto count_to(int n) {
  return [i = 0, n]() mutable { return i < n ? std::optional(++i) : std::nullopt; };
}

auto trips(int n) {
  return [i = 0, n]() mutable -> std::optional<trip> {
    if (i == n) return std::nullopt;
    return trip{i++, {{"a \"b\"\nc", 3}, {"d", std::nullopt}}};
  };
}

template <class T>
response answer(T&& value) {
  response out;
  detail::respond(out, std::forward<T>(value));
  return out;
}

/// Everything that is sent, and how long the longest piece of it is.
struct sent {
  std::string content;
  std::size_t longest = 0;
  std::size_t pieces = 0;
};
sent all_of(response& r) {
  sent out{r.body};
  for (bool more = r.source != nullptr; more; ++out.pieces) {
    std::string piece = "before";  // of an earlier answer
    more = r.source->read(piece);
    out.longest = std::max(out.longest, piece.size() - 6);
    out.content += piece.substr(6);
  }
  return out;
}

template <class T>
std::string content(T&& value) {
  auto out = answer(std::forward<T>(value));
  return all_of(out).content;
}

using unwritable = decltype(json_array(std::vector<nothing>()));
static_assert(detail::respondable<decltype(json_array(count_to(1)))>());
static_assert(detail::respondable<std::optional<decltype(json_lines(trips(1)))>>());
static_assert(!detail::respondable<unwritable>());
static_assert(!detail::respondable<std::pair<status, unwritable>>());
static_assert(std::is_same_v<detail::unfit_result<unwritable>, nothing>);
static_assert(!detail::json_sequence<int>);
static_assert(!detail::json_sequence<int (*)()>);
static_assert(detail::json_sequence<std::optional<int> (*)()>);

}  // namespace

TEST_CASE("values become an array, one at a time", "[handler][json_stream]") {
  CHECK(content(json_array(count_to(0))) == "[]");
  CHECK(content(json_array(count_to(1))) == "[1]");
  CHECK(content(json_array(count_to(3))) == "[1,2,3]");
  CHECK(content(json_array(trips(2))) ==
        R"([{"id":0,"stops":[{"name":"a \"b\"\nc","height":3},{"name":"d","height":null}]},)"
        R"({"id":1,"stops":[{"name":"a \"b\"\nc","height":3},{"name":"d","height":null}]}])");
  CHECK(answer(json_array(count_to(0))).fields.get("Content-Type") == "application/json");
}

TEST_CASE("values become lines, one at a time", "[handler][json_stream]") {
  CHECK(content(json_lines(count_to(0))).empty());
  CHECK(content(json_lines(count_to(1))) == "1\n");
  CHECK(content(json_lines(count_to(3))) == "1\n2\n3\n");
  std::istringstream lines(content(json_lines(trips(2000))));
  int n = 0;
  for (std::string line; std::getline(lines, line); ++n)
    REQUIRE(nlohmann::json::parse(line).at("id") == n);  // a line break in a text is no line's end
  CHECK(n == 2000);
  CHECK(answer(json_lines(count_to(0))).fields.get("Content-Type") == "application/x-ndjson");
}

TEST_CASE("a range is a sequence of values", "[handler][json_stream]") {
  std::vector<int> const kept{1, 2};
  CHECK(content(json_array(kept)) == "[1,2]");
  CHECK(content(json_array(std::list<std::string>{"a", "b"})) == R"(["a","b"])");
  CHECK(content(json_array(std::vector<bool>{true, false})) == "[true,false]");
  CHECK(content(json_lines(std::vector<place>{{"a", 1}})) == "{\"name\":\"a\",\"height\":1}\n");

  struct once {  // can be gone through but once, and goes where the response goes
    std::unique_ptr<std::istringstream> in;
    auto begin() { return std::istream_iterator<int>(*in); }
    auto end() { return std::istream_iterator<int>(); }
  };
  CHECK(content(json_array(once{std::make_unique<std::istringstream>("3 4 5")})) == "[3,4,5]");
}

TEST_CASE("a short sequence is content like any other", "[handler][json_stream]") {
  auto const out = answer(json_array(count_to(1000)));
  CHECK_FALSE(out.source);  // so that it has a Content-Length
  CHECK(out.body.size() == 3894);
}

TEST_CASE("a long sequence leaves in pieces of 16 KiB", "[handler][json_stream]") {
  constexpr int n = 100'000;
  auto array = answer(json_array(count_to(n)));
  CHECK(array.body.empty());
  REQUIRE(array.source);
  CHECK_FALSE(array.source->size());
  auto const made = all_of(array);
  CHECK(made.longest < 16 * 1024 + 16);
  CHECK(made.pieces == made.content.size() / (16 * 1024) + 1);
  auto const read = nlohmann::json::parse(made.content);
  REQUIRE(read.size() == n);
  CHECK(read.front() == 1);
  CHECK(read.back() == n);

  std::vector<int> numbers(n);
  for (int i = 0; i < n; ++i)
    numbers[static_cast<std::size_t>(i)] = i + 1;
  CHECK((content(json_array(std::move(numbers))) == made.content));
}

TEST_CASE("an array is complete wherever its pieces end", "[handler][json_stream]") {
  for (std::size_t n = 16 * 1024 - 8; n < 16 * 1024 + 4; ++n) {
    auto const read = nlohmann::json::parse(
        content(json_array(std::vector<std::string>{std::string(n, 'x'), "y", "z"})));
    CHECK(read.size() == 3);
    CHECK(
        nlohmann::json::parse(content(json_array(std::vector<std::string>(1, std::string(n, 'x')))))
            .size() == 1);
  }
}

TEST_CASE("values are made no sooner than they are sent", "[handler][json_stream]") {
  int made = 0;
  auto out = answer(json_lines([&made]() -> std::optional<std::string> {
    return ++made > 1000 ? std::nullopt : std::optional(std::string(1021, 'x'));
  }));
  CHECK(made == 16);
  std::string piece;
  CHECK(out.source->read(piece));
  CHECK(made == 16);
  CHECK(out.source->read(piece));
  CHECK(made == 32);
}

TEST_CASE("an exception is told while that is possible", "[handler][json_stream]") {
  auto const fails_after = [](int n) {
    return [i = 0, n]() mutable -> std::optional<int> {
      if (i == n) throw std::runtime_error("lost");
      return i++;
    };
  };
  CHECK_THROWS_AS(answer(json_array(fails_after(0))), std::runtime_error);
  CHECK_THROWS_AS(answer(json_array(fails_after(1000))), std::runtime_error);
  auto late = answer(json_array(fails_after(10'000)));  // the status is sent by then
  CHECK(late.status == status::ok);
  CHECK_THROWS_AS(all_of(late), std::runtime_error);
}

TEST_CASE("a sequence has the status of the pair around it", "[handler][json_stream]") {
  auto out = answer(std::pair(status::accepted, json_array(count_to(2))));
  CHECK(out.status == status::accepted);
  CHECK(out.body == "[1,2]");
  CHECK(answer(std::optional<decltype(json_array(count_to(1)))>()).status == status::not_found);
}
