#include <wend/handler/reflect.hpp>

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "support/catch.hpp"

namespace library {

struct author {
  std::string name;
  int born = 0;
};

struct book {
  std::int64_t id{};
  std::string title;
  library::author author;
  std::optional<std::string> note;
  std::vector<std::string> tags;
};

template <class T>
struct boxed {
  T content_1;
};

enum class mood : unsigned char { sad, calm = 2, glad = 5 };
enum color { red, green, blue };  // no fixed type: holds 0 to 3 only
enum class answer : bool { no, yes };
enum class level : signed char { below = -1, ground, first };
enum class opcode { load = 70, store = 200 };
enum class alias { one = 1, uno = 1 };
enum class unnamed : int {};

}  // namespace library

template <>
inline constexpr int wend::enum_max<library::opcode> = 255;

namespace {

namespace detail = wend::detail;

struct empty {};
struct base {
  int inherited;
};
struct derived : base {
  int own;
};
struct derived_from_empty : empty {
  int own;
};
struct no_default {
  explicit no_default(int);
  no_default(no_default const&) = default;
};
struct closed {
  explicit closed(int);

 private:
  int hidden_;
};
struct needy {
  int before;
  no_default middle;
  int after;
};
struct with_arrays {
  int a;
  int triple[3];
  std::array<int, 4> four;
  double grid[2][2];
  char z;
};
struct with_reference {
  int& r;
};
struct move_only {
  std::unique_ptr<int> p;
  std::variant<int, std::string> v;
  std::map<std::string, int> m;
  std::chrono::system_clock::time_point t;
  std::tuple<int, std::string> tu;
};
struct wide {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5;
  int c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5;
};
struct too_wide {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5;
  int c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, one_more;
};
struct flat {
  int first;
  double second = 2;
};

static_assert(wend::reflectable<library::book> && wend::reflectable<library::book const>);
static_assert(wend::reflectable<empty> && wend::reflectable<needy> && wend::reflectable<move_only>);
static_assert(wend::reflectable<wide> && !wend::reflectable<too_wide>);
static_assert(!wend::reflectable<int> && !wend::reflectable<int[2]> && !wend::reflectable<int*>);
static_assert(!wend::reflectable<std::string> && !wend::reflectable<std::array<int, 2>>);
static_assert(!wend::reflectable<closed> && !wend::reflectable<with_reference>);
static_assert(!wend::reflectable<derived> && !wend::reflectable<derived_from_empty>);

static_assert(detail::member_count<empty> == 0);
static_assert(detail::member_count<library::book> == 5);
static_assert(detail::member_count<needy> == 3);
static_assert(detail::member_count<move_only> == 5);
static_assert(detail::member_count<with_arrays> == 5, "an array is one member");
static_assert(detail::member_count<wide> == 32);

static_assert(detail::member_names<library::book> ==
              std::array<std::string_view, 5>{"id", "title", "author", "note", "tags"});
static_assert(detail::member_names<with_arrays> ==
              std::array<std::string_view, 5>{"a", "triple", "four", "grid", "z"});
static_assert(detail::member_names<library::boxed<std::map<std::string, int>>>[0] == "content_1");
static_assert(detail::member_names<wide>[31] == "d5");

constexpr int sum(flat value) {
  int out = 0;
  detail::for_each_member(value, [&](std::string_view, auto& m) { out += static_cast<int>(m); });
  return out;
}
static_assert(sum({.first = 40}) == 42);

static_assert(wend::enum_name(library::mood::glad) == "glad");
static_assert(wend::enum_name(static_cast<library::mood>(1)).empty());
static_assert(wend::enum_name(static_cast<library::mood>(200)).empty());
static_assert(wend::enum_from_name<library::mood>("calm") == library::mood::calm);
static_assert(wend::enum_from_name<library::mood>("Calm") == std::nullopt);
static_assert(wend::enum_from_name<library::mood>("") == std::nullopt);
static_assert(wend::enum_names<library::mood> ==
              std::array<std::string_view, 3>{"sad", "calm", "glad"});
static_assert(wend::enum_names<library::color> ==
              std::array<std::string_view, 3>{"red", "green", "blue"});
static_assert(wend::enum_names<library::answer> == std::array<std::string_view, 2>{"no", "yes"});
static_assert(wend::enum_names<library::level> ==
              std::array<std::string_view, 2>{"ground", "first"});
static_assert(wend::enum_name(library::level::below).empty());
static_assert(wend::enum_names<library::opcode> ==
              std::array<std::string_view, 2>{"load", "store"});
static_assert(wend::enum_names<library::alias>.size() == 1);
static_assert(wend::enum_names<library::unnamed>.empty());

}  // namespace

TEST_CASE("the members of an aggregate are visited by name, in order, as const as it is",
          "[handler][reflect]") {
  library::book b{
      .id = 7, .title = "Emma", .author = {"Jane Austen", 1775}, .note = {}, .tags = {}};
  std::vector<std::string> names;
  detail::for_each_member(b, [&](std::string_view name, auto& member) {
    names.emplace_back(name);
    if constexpr (std::is_same_v<decltype(member), std::string&>) member = "Persuasion";
  });
  CHECK(names == std::vector<std::string>{"id", "title", "author", "note", "tags"});
  CHECK(b.title == "Persuasion");
  detail::for_each_member(std::as_const(b), [](std::string_view, auto& member) {
    static_assert(std::is_const_v<std::remove_reference_t<decltype(member)>>);
  });
}

TEST_CASE("a type of a function's own can be reflected", "[handler][reflect]") {
  struct local {
    std::string here;
    int there;
  };
  enum class side { left, right };
  CHECK(detail::member_names<local> == std::array<std::string_view, 2>{"here", "there"});
  CHECK(wend::enum_names<side> == std::array<std::string_view, 2>{"left", "right"});
  local value{"a", 1};
  int visited = 0;
  detail::for_each_member(value, [&](std::string_view, auto&) { ++visited; });
  CHECK(visited == 2);
}

TEST_CASE("every name of an enum leads back to its value", "[handler][reflect]") {
  for (auto name : wend::enum_names<library::opcode>)
    CHECK(wend::enum_name(wend::enum_from_name<library::opcode>(name).value()) == name);
}
