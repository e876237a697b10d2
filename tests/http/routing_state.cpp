#include <wend/http/detail/routing_state.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"

using namespace wend::detail;

namespace {

/// Writes its name when it goes.
struct mortal {
  std::string* log;
  char name;
  mortal(std::string& l, char n) : log(&l), name(n) {}
  mortal(mortal&& other) noexcept : log(std::exchange(other.log, nullptr)), name(other.name) {}
  ~mortal() {
    if (log != nullptr) *log += name;
  }
};

struct alignas(64) wide {
  std::array<char, 600> bytes{};
};

}  // namespace

static_assert(id_of<int> != id_of<unsigned>);

TEST_CASE("values of a request go in the reverse of the order they came in", "[http][request]") {
  std::string log;
  {
    arena values;
    values.put(mortal(log, 'a'));
    values.put(7);
    values.put(mortal(log, 'b'));
    CHECK(log.empty());
    values.clear();
    CHECK(log == "ba");
    values.put(mortal(log, 'c'));
  }
  CHECK(log == "bac");
}

TEST_CASE("values of a request stay where they are, and their memory is used again",
          "[http][request]") {
  arena values;
  auto const fill = [&] {
    values.clear();
    auto const& first = values.put(std::uint64_t{42});
    for (int i = 0; i < 100; ++i)
      values.put(std::array<int, 7>{});
    auto const& w = values.put(wide{});
    CHECK(reinterpret_cast<std::uintptr_t>(&w) % alignof(wide) == 0);
    CHECK(first == 42);
  };
  fill();
  CHECK(wend::test::allocations_in([&] { values.clear(); }) == 0);
  auto const again = wend::test::allocations_in([&] {
    values.put(std::uint64_t{42});
    for (int i = 0; i < 100; ++i)
      values.put(std::array<int, 7>{});
    values.put(wide{});
  });
  CHECK(again == 0);
}
