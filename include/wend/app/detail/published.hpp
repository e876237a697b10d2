// A value that is replaced while many threads read it, and who reads waits for nobody.
//
// std::atomic<std::shared_ptr> would say the same, but a load of it takes a lock inside, at least
// in libstdc++: a thread that is stopped there, by the scheduler or by a debugger, stops all others.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>

namespace wend::detail {

/// The value that was last published, shared with whoever has loaded it.
///
/// There are two places for it, and one word says which of them holds it and how many have entered
/// there: a reader does both with a single addition. It copies the pointer and leaves, so that a
/// place is held for a few instructions, however long the value is. A writer fills the other place,
/// turns the word, and waits until as many have left the old place as had entered.
///
/// Thread safety: any number of `load`, beside one `exchange` at a time. Destroy it after those.
template <class T>
class published {
 public:
  explicit published(std::shared_ptr<T> first = nullptr) { places_[0].value = std::move(first); }

  /// The current value. Wait-free: three additions, whatever other threads do or do not.
  std::shared_ptr<T> load() const noexcept {
    auto& here = places_[place_of(word_.fetch_add(1, std::memory_order_acquire))];
    auto copy = here.value;
    here.left.fetch_add(1, std::memory_order_release);  // the copy is made before
    return copy;
  }

  /// Publishes `next`; returns what was there before, which those keep alive who have loaded it.
  /// Waits for readers that are just copying the pointer.
  std::shared_ptr<T> exchange(std::shared_ptr<T> next) noexcept {
    auto const old = place_of(word_.load(std::memory_order_relaxed));
    auto &from = places_[old], &to = places_[1 - old];
    to.value = std::move(next);
    to.left.store(0, std::memory_order_relaxed);  // nobody is there
    auto const entered = entered_in(word_.exchange(word(1 - old), std::memory_order_acq_rel));
    // Sleeps rather than yields: the scheduler may have stopped a reader of less priority there.
    while (from.left.load(std::memory_order_acquire) != entered)
      std::this_thread::sleep_for(std::chrono::microseconds(20));
    return std::exchange(from.value, nullptr);
  }

 private:
  struct place {
    std::shared_ptr<T> value;
    std::atomic<std::uint64_t> left = 0;  ///< of those who have entered since it was filled
  };

  // The place is the highest bit, the count below it: a billion loads in each second of 292 years.
  static constexpr std::uint64_t word(std::size_t place) {
    return static_cast<std::uint64_t>(place) << 63;
  }
  static constexpr std::size_t place_of(std::uint64_t word) { return word >> 63; }
  static constexpr std::uint64_t entered_in(std::uint64_t word) { return word & ~(1ull << 63); }

  mutable std::atomic<std::uint64_t> word_ = 0;
  mutable place places_[2];
};

}  // namespace wend::detail
