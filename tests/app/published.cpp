#include <wend/app/detail/published.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"

using wend::detail::published;

namespace {

/// Knows how many of its kind there are, and whether it is one still.
struct counted {
  explicit counted(int n) : number(n), same(n) { ++alive; }
  counted(counted const&) = delete;
  counted& operator=(counted const&) = delete;
  ~counted() {
    number = -1;
    same = -2;
    --alive;
  }

  int number, same;
  static inline std::atomic<int> alive = 0;
};

}  // namespace

TEST_CASE("what was published last is loaded", "[app][published]") {
  published<counted const> current;
  CHECK(current.load() == nullptr);
  CHECK(current.exchange(std::make_shared<counted const>(1)) == nullptr);
  CHECK(current.load()->number == 1);
  for (int n = 2; n < 10; ++n) {
    for (int i = 0; i < n; ++i)
      CHECK(current.load()->number == n - 1);
    CHECK(current.exchange(std::make_shared<counted const>(n))->number == n - 1);
    CHECK(counted::alive == 1);
  }
}

TEST_CASE("what was replaced lives as long as somebody has it", "[app][published]") {
  {
    published<counted const> current(std::make_shared<counted const>(1));
    std::vector<std::shared_ptr<counted const>> held;
    for (int n = 2; n < 10; ++n) {  // more than there are places: those who hold hold none
      held.push_back(current.load());
      current.exchange(std::make_shared<counted const>(n));
    }
    CHECK(counted::alive == 9);
    for (int n = 1; n < 9; ++n)
      CHECK(held[static_cast<std::size_t>(n) - 1]->number == n);
    held.clear();
    CHECK(counted::alive == 1);
  }
  CHECK(counted::alive == 0);
}

TEST_CASE("loading does not allocate", "[app][published]") {
  published<counted const> const current(std::make_shared<counted const>(1));
  CHECK(wend::test::allocations_in([&] { (void)current.load(); }) == 0);
}

TEST_CASE("many load while one publishes", "[app][published]") {
  published<counted const> current(std::make_shared<counted const>(0));
  std::atomic<bool> over = false;
  std::atomic<int> wrong = 0, begun = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i)
    readers.emplace_back([&] {
      ++begun;
      std::shared_ptr<counted const> held;  // each is held until the next one is there
      for (int last = 0; !over;) {
        auto const now = current.load();
        wrong += now->number != now->same || now->number < last;
        wrong += held && held->number != held->same;
        last = now->number;
        held = now;
      }
    });
  while (begun < 4)
    std::this_thread::yield();
  int most = 0;
  for (int n = 1; n <= 20'000; ++n) {
    current.exchange(std::make_shared<counted const>(n));
    most = std::max(most, counted::alive.load());
  }
  over = true;
  for (auto& r : readers)
    r.join();
  CHECK(wrong == 0);
  CHECK(most <= 1 + 2 * 4);  // one that is current, and two in the hands of each reader
  CHECK(counted::alive == 1);
  CHECK(current.load()->number == 20'000);
}
