// State that each thread has for itself: a database connection, a random number generator.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <unordered_map>
#include <utility>

namespace wend {

/// A value for each thread that asks for it, made by `make` when it first does:
///
///     wend::per_thread<database> db([] { return database("notes.db"); });
///     auto api = wend::routes(wend::get<"/notes">([&] { return db->newest(20); }));
///
/// A handler that waits stays on its thread; `blocking` handlers run on others, which have their
/// own. What `make` throws, the handler throws. Lifetime: the values go with this, not with the
/// threads. Thread safety: all of it. Complexity: a lookup in a hash table under a shared lock.
template <class T>
class per_thread {
 public:
  explicit per_thread(std::function<T()> make) : make_(std::move(make)) {}
  per_thread(per_thread const&) = delete;
  per_thread& operator=(per_thread const&) = delete;

  T& operator*() const { return get(); }
  T* operator->() const { return &get(); }

 private:
  T& get() const {
    auto const id = std::this_thread::get_id();
    {
      std::shared_lock const reading(lock_);
      if (auto const found = values_.find(id); found != values_.end()) return *found->second;
    }
    auto made = std::make_unique<T>(make_());  // may take its time: others go on
    std::unique_lock const writing(lock_);
    return *values_.emplace(id, std::move(made)).first->second;
  }

  std::function<T()> make_;
  mutable std::shared_mutex lock_;
  mutable std::unordered_map<std::thread::id, std::unique_ptr<T>> values_;
};

}  // namespace wend
