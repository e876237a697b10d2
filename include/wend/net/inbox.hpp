// The inbox of a component: how handlers ask something that runs beside the server.
//
// A component is a coroutine that does its own work and answers questions between: a simulation, a
// cache, whatever owns state that handlers must not touch themselves. It may run on the loop of the
// server, on another loop, or on a thread (`block_on`). What it has to say without being asked goes
// out through a `broadcast`.
//
// Choice: Asio's channels are not used. Those of 1.22 leave who waits to send waiting when they are
// closed, lose what is buffered then, and may not outlive the loop they were made for. A component
// that has one all the same is served by a coroutine beside it,
//
//     while (auto m = co_await questions.receive())  // an optional<message>, as the channel has it
//       co_await work.async_send({}, std::move(m), asio::use_awaitable);
//
// which at last sends an error rather than closes it: see tests/net/inbox_channel.cpp.
#pragma once

#include <wend/http/problem.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/detail/alarm.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

namespace wend {

namespace detail {

template <class Question, class Answer>
struct exchange;
template <class Question, class Answer>
class inbox_state;

}  // namespace detail

/// Where a component is asked. Handlers `ask`, the component `open`s it and receives:
///
///     wend::inbox<int, std::string> names;
///
///     asio::awaitable<void> component() {
///       auto questions = names.open();
///       while (auto m = co_await questions.receive()) m->reply(name_of(m->question));
///     }
///     wend::get<"/names/{id:int}">([&](int id) { return names.ask(id); })
///
/// `Answer` may be void: `reply()` says that it is done. An optional, a `result` or a variant is as
/// good an answer as it is a result of handlers.
///
/// Lifetime: destroying it closes it; receivers and messages may outlive it. What waits keeps its
/// own loop running. Thread safety: all of it; a coroutine goes on where it was. Allocates: a few
/// small objects for a question.
template <class Question, class Answer = void>
class inbox {
 public:
  class message;
  class receiver;

  /// Up to `capacity` messages, at least 1, wait in it; see `ask` and `tell` for those beyond.
  explicit inbox(std::size_t capacity = 64);
  ~inbox() { close(); }
  inbox(inbox const&) = delete;
  inbox& operator=(inbox const&) = delete;

  /// Asks, and returns the answer. A question keeps its turn while the inbox is full; it is taken
  /// back when the coroutine is cancelled before it was received.
  ///
  /// Throws a `problem` with 503 when no answer can come any more: the inbox was closed, the
  /// component is gone, or it dropped the message; and what the component said with
  /// `message::fail`. A component that has not opened the inbox yet is waited for.
  ///
  /// GCC 12 destroys an aggregate twice that braces make within a `co_await`: give a question that
  /// is one, and holds strings, a name first.
  asio::awaitable<Answer> ask(Question question);

  /// Leaves a message, without an answer: waits while the inbox is full, and not until it is
  /// received. Throws a `problem` with 503 when it cannot be received any more.
  asio::awaitable<void> tell(Question question);

  /// The component's end. When the last of these has gone, however the component ended, all
  /// questions fail at once, until the inbox is opened again. Several share the work.
  receiver open() { return receiver(state_); }

  /// Lets questions that were not received yet fail, further ones as well, and receivers come to
  /// their end. What was received may still be answered.
  void close() noexcept;

 private:
  using exchange = detail::exchange<Question, Answer>;
  using state = detail::inbox_state<Question, Answer>;

  std::shared_ptr<state> state_;
};

/// A question that was received. To be answered once; when it goes without, whoever asked gets a
/// 503.
template <class Question, class Answer>
class inbox<Question, Answer>::message {
 public:
  message(message&&) noexcept = default;
  message& operator=(message&& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(exchange_, other.exchange_);
    std::swap(question, other.question);
    return *this;
  }
  ~message() {
    if (exchange_) state_->finish(*exchange_);
  }

  Question question;

  /// Answers. What `tell` left may be answered too, to no effect. Throws `std::logic_error` the
  /// second time.
  template <class T = Answer>
    requires(!std::is_void_v<Answer> && std::convertible_to<T, Answer>)
  void reply(T&& answer) {
    auto const x = end();
    x->answer.emplace(std::forward<T>(answer));
    state_->finish(*x);
  }
  void reply()
    requires std::is_void_v<Answer>
  {
    auto const x = end();
    x->answer.emplace();
    state_->finish(*x);
  }

  /// Has `ask` throw: a `problem` is the response then, anything else a 500.
  void fail(std::exception_ptr why) {
    auto const x = end();
    x->failure = std::move(why);
    state_->finish(*x);
  }

  /// True when nobody waits for the answer any more, so that it need not be worked out.
  bool abandoned() const { return !exchange_ || state_->is_abandoned(*exchange_); }

 private:
  friend receiver;
  message(std::shared_ptr<state> all, std::shared_ptr<exchange> x)
      : question(std::move(x->question)), state_(std::move(all)), exchange_(std::move(x)) {}

  std::shared_ptr<exchange> end() {
    if (!exchange_) throw std::logic_error("wend: a message was answered twice");
    return std::move(exchange_);
  }

  std::shared_ptr<state> state_;
  std::shared_ptr<exchange> exchange_;
};

/// The end of an inbox that a component holds while it is there.
template <class Question, class Answer>
class inbox<Question, Answer>::receiver {
 public:
  using clock = std::chrono::steady_clock;

  receiver(receiver&&) noexcept = default;
  receiver& operator=(receiver&&) = delete;
  ~receiver() {
    if (state_) state_->leave();
  }

  /// The next message, in the order in which they were sent; nothing once the inbox is closed.
  asio::awaitable<std::optional<message>> receive() {
    return receive_until(clock::time_point::max());
  }

  /// The same, and nothing when there was none until `time`: for a component that has work of its
  /// own to do then. A message that is there already is received even if the time has passed.
  asio::awaitable<std::optional<message>> receive_until(clock::time_point time);

  /// True once the inbox is closed: there is nothing to wait for.
  bool closed() const { return state_->is_closed(); }

 private:
  friend inbox;
  explicit receiver(std::shared_ptr<state> all) : state_(std::move(all)) { state_->enter(); }

  std::shared_ptr<state> state_;
};

// ------------------------------------------------------------------------------------------------

namespace detail {

/// A question and what becomes of it. Written by whoever holds the message until it is finished, by
/// nobody after that; `asker` and the flags are guarded by the lock of the inbox.
template <class Question, class Answer>
struct exchange {
  Question question;
  std::optional<std::conditional_t<std::is_void_v<Answer>, std::monostate, Answer>> answer{};
  std::exception_ptr failure{};
  alarm* asker = nullptr;  // that waits for the answer, or with `told` for room
  bool told = false;       // nobody wants an answer
  bool left = false;       // nobody wants it any more
  bool lost = false;       // finished before it was received
};

template <class Question, class Answer>
class inbox_state {
 public:
  using exchange = detail::exchange<Question, Answer>;
  using queue = std::deque<std::shared_ptr<exchange>>;

  explicit inbox_state(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

  /// Queues `x`. Those at the back that the capacity has no room for belong to a coroutine that
  /// waits, so that each of those holds one at most.
  void put(std::shared_ptr<exchange> x) {
    std::lock_guard const hold(lock);
    x->lost = closed_ || gone_;
    if (x->lost || (x->told && queue_.size() < capacity_)) ring(*x);
    if (x->lost) return;
    queue_.push_back(std::move(x));
    takers.ring_first();
  }

  /// The coroutine behind `x` goes.
  void forget(exchange& x) {
    std::shared_ptr<exchange> held;  // goes when the lock is free, as the question is the user's
    std::lock_guard const hold(lock);
    x.left = !x.told;
    if (!std::exchange(x.asker, nullptr)) return;  // answered, or in the inbox
    auto const at =
        std::find_if(queue_.begin(), queue_.end(), [&](auto& q) { return q.get() == &x; });
    if (at == queue_.end()) return;
    held = std::move(*at);
    queue_.erase(at);
    admit();
  }

  /// The next message. The caller holds the lock.
  std::shared_ptr<exchange> take() {
    if (queue_.empty()) return nullptr;
    auto x = std::move(queue_.front());
    queue_.pop_front();
    admit();
    return x;
  }

  /// Tells whoever asked that `x` is done, with an answer or without.
  void finish(exchange& x) noexcept {
    std::lock_guard const hold(lock);
    ring(x);
  }

  void enter() {
    std::lock_guard const hold(lock);
    ++receivers_;
    gone_ = false;
  }
  void leave() noexcept {
    queue lost;
    std::lock_guard const hold(lock);
    gone_ = --receivers_ == 0;
    if (gone_) lost = lose();
  }
  void close() noexcept {
    queue lost;
    std::lock_guard const hold(lock);
    closed_ = true;
    lost = lose();
    takers.ring_all();
  }

  /// For a receiver that was woken and does not take.
  void pass_on() {
    std::lock_guard const hold(lock);
    if (!queue_.empty()) takers.ring_first();
  }

  bool is_lost(exchange const& x) {
    std::lock_guard const hold(lock);
    return x.lost;
  }
  bool is_abandoned(exchange const& x) {
    std::lock_guard const hold(lock);
    return x.left;
  }
  bool is_closed() {
    std::lock_guard const hold(lock);
    return closed_;
  }
  bool has_ended() const noexcept { return closed_; }  // the caller holds the lock

  std::mutex lock;
  alarm_list takers;  // receivers that wait

 private:
  void ring(exchange& x) {
    if (auto* const asker = std::exchange(x.asker, nullptr)) asker->ring();
  }

  /// There is room for one more: the message that has it now need not be waited for.
  void admit() {
    if (queue_.size() >= capacity_ && queue_[capacity_ - 1]->told) ring(*queue_[capacity_ - 1]);
  }

  queue lose() {
    for (auto const& x : queue_) {
      x->lost = true;
      ring(*x);
    }
    return std::exchange(queue_, {});
  }

  std::size_t capacity_;
  queue queue_;
  std::size_t receivers_ = 0;
  bool gone_ = false;  // there was a component, and there is none
  bool closed_ = false;
};

inline problem no_answer() {
  return problem(status::service_unavailable, "there is nobody to answer");
}

/// Sends `question` and waits until that is over.
template <class Question, class Answer>
asio::awaitable<std::shared_ptr<exchange<Question, Answer>>> send_question(
    std::shared_ptr<inbox_state<Question, Answer>> all, Question question, bool told) {
  using exchange = detail::exchange<Question, Answer>;
  struct sent {
    std::shared_ptr<inbox_state<Question, Answer>> all;
    std::shared_ptr<exchange> x;
    ~sent() { all->forget(*x); }
  };
  auto const x =
      std::make_shared<exchange>(exchange{.question = std::move(question), .told = told});
  auto const over = std::make_shared<alarm>(co_await asio::this_coro::executor);
  x->asker = over.get();
  sent const guard{all, x};
  all->put(x);
  co_await over->wait();
  if (all->is_lost(*x)) throw no_answer();
  co_return x;
}

template <class Question, class Answer>
asio::awaitable<Answer> ask(std::shared_ptr<inbox_state<Question, Answer>> all, Question question) {
  auto const x = co_await send_question(std::move(all), std::move(question), false);
  if (x->failure) std::rethrow_exception(x->failure);
  if (!x->answer) throw no_answer();
  if constexpr (!std::is_void_v<Answer>) co_return std::move(*x->answer);
}

template <class Question, class Answer>
asio::awaitable<void> tell(std::shared_ptr<inbox_state<Question, Answer>> all, Question question) {
  co_await send_question(std::move(all), std::move(question), true);
}

}  // namespace detail

template <class Question, class Answer>
inbox<Question, Answer>::inbox(std::size_t capacity) : state_(std::make_shared<state>(capacity)) {}

// These are no coroutines themselves, as theirs may outlive the inbox.
template <class Question, class Answer>
asio::awaitable<Answer> inbox<Question, Answer>::ask(Question question) {
  return detail::ask(state_, std::move(question));
}

template <class Question, class Answer>
asio::awaitable<void> inbox<Question, Answer>::tell(Question question) {
  return detail::tell(state_, std::move(question));
}

template <class Question, class Answer>
void inbox<Question, Answer>::close() noexcept {
  state_->close();
}

template <class Question, class Answer>
auto inbox<Question, Answer>::receiver::receive_until(clock::time_point time)
    -> asio::awaitable<std::optional<message>> {
  struct waking {  // that nobody else was woken for
    state& all;
    bool over = false;
    ~waking() {
      if (!over) all.pass_on();
    }
  };
  auto const all = state_;
  auto const loop = co_await asio::this_coro::executor;
  waking woken{*all};
  for (bool in_time = true;;) {
    std::unique_lock hold(all->lock);
    if (auto x = all->take()) {
      woken.over = true;
      hold.unlock();
      co_return message(all, std::move(x));
    }
    if (!in_time || all->has_ended()) co_return std::nullopt;
    detail::waiting_alarm<state> waiting(*all, &state::takers, loop, time);
    hold.unlock();
    in_time = co_await waiting.wait();
  }
}

}  // namespace wend
