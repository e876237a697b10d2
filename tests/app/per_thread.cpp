#include <wend/app/per_thread.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"

TEST_CASE("each thread has a value of its own", "[app][per_thread]") {
  std::atomic<int> made = 0;
  wend::per_thread<int> const number([&] { return ++made; });
  CHECK(*number == 1);
  CHECK(*number == 1);
  std::vector<std::thread> all;
  std::atomic<int> sum = 0;
  for (int i = 0; i < 4; ++i)
    all.emplace_back([&] {
      auto const mine = *number;
      for (int n = 0; n < 1000; ++n)
        if (*number != mine) sum += 1000;
      sum += mine;
    });
  for (auto& t : all)
    t.join();
  CHECK(sum == 2 + 3 + 4 + 5);
  CHECK(made == 5);
}

TEST_CASE("a value that cannot be made is tried again", "[app][per_thread]") {
  int tries = 0;
  wend::per_thread<std::string> const text([&] {
    if (++tries == 1) throw std::runtime_error("not yet");
    return std::string("there");
  });
  CHECK_THROWS_AS(*text, std::runtime_error);
  CHECK(text->size() == 5);
}
