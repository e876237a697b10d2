// The threads for what blocks.
#pragma once

#include <wend/net/asio.hpp>

#include <atomic>
#include <mutex>
#include <optional>

namespace wend::detail {

/// Threads for what blocks, made when they are first asked for: a program of one thread is quicker.
///
/// Thread safety: all of it.
class blocking_pool {
 public:
  explicit blocking_pool(unsigned threads) noexcept : size_(threads) {}
  ~blocking_pool() { end(); }

  /// Where to run. Throws `asio::system_error` with `operation_aborted` after `end`.
  asio::thread_pool::executor_type executor() {
    std::lock_guard const hold(lock_);
    if (ending_) throw asio::system_error(asio::error::operation_aborted);
    if (!threads_) threads_.emplace(size_);
    return threads_->get_executor();
  }

  /// True when nothing should be waited for any more.
  bool ending() const noexcept { return ending_; }

  /// Waits for what runs and drops what has not begun. Not while a loop runs that uses it, but for
  /// the thread of that loop.
  void end() {
    if (ending_.exchange(true)) return;
    std::unique_lock hold(lock_);
    if (!threads_) return;
    hold.unlock();  // nobody gets in any more
    threads_->stop();
    threads_->join();
    threads_.reset();
  }

 private:
  unsigned size_;
  std::mutex lock_;
  std::atomic<bool> ending_ = false;
  std::optional<asio::thread_pool> threads_;
};

}  // namespace wend::detail
