// A connection without a socket: bytes in, bytes out, on a loop that runs until all is said.
//
// It drives the session of wire/ and the coroutines of handlers as net/connection.hpp does. As its
// peer is never slow and never leaves, nothing here waits but handlers themselves.
#pragma once

#include <wend/app/dispatch.hpp>
#include <wend/app/layer.hpp>
#include <wend/app/service.hpp>
#include <wend/handler/guard.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/http/date.hpp>
#include <wend/http/problem.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/detail/waiter.hpp>
#include <wend/net/transport.hpp>
#include <wend/wire/clock.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/session.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend::detail {

/// One connection. `feed` gives it what a client sends; what is answered is in `output`.
class memory_connection final : public transport {
 public:
  memory_connection(service app, limits const& l, http_time date) : app_(app), limits_(l) {
    clock_.update(std::chrono::steady_clock::now(), date);
    session_ = std::make_unique<session>(limits_, clock_);
    session_->begin(clock_.now);
    session_->request().connection = this;
  }
  memory_connection(memory_connection const&) = delete;
  memory_connection& operator=(memory_connection const&) = delete;
  ~memory_connection() override {
    over_ = true;
    cancel_tasks();
    io_.restart();
    io_.run_for(std::chrono::seconds(1));  // who is deaf to that goes with the loop
    pool_.end();
  }

  /// Takes what a client sends, and runs until there is nothing left to do, or `patience` is over.
  /// With `ended`, the client sends no more.
  void feed(std::string_view bytes, bool ended, std::chrono::milliseconds patience) {
    input_.append(bytes);
    ended_ = ended_ || ended;
    io_.restart();
    go();
    until_ = std::chrono::steady_clock::now() + patience;
    while (!tasks_.empty() && std::chrono::steady_clock::now() < until_)
      if (io_.run_one_until(until_) == 0) break;
    io_.poll();
  }

  std::string output;
  std::string peer = "127.0.0.1:49152";
  std::exception_ptr failure;  ///< what a handler threw last that was answered with a 500

  /// True when the server has closed.
  bool closed() const noexcept { return over_; }
  /// True when a handler is still at work, or was stopped as it went on and on.
  bool busy() const noexcept { return !tasks_.empty() || overdue_; }

  // --- what coroutines ask for: see `transport`

  std::optional<std::string_view> pull(waiter& later) override {
    for (;;) {
      if (over_ || abandoned_) throw gone();
      auto const got = session_->pull();
      using kind = session::pulled::kind;
      switch (got.what) {
        case kind::piece: return got.data;
        case kind::end: pulling_ = false; return std::string_view();
        case kind::failed:
          throw problem(session_->failure().status, std::string(session_->failure().detail));
        case kind::output: write(); break;
        case kind::input:
          if (read()) break;
          later.wait_at(body_);
          return std::nullopt;
      }
    }
  }
  std::size_t push(std::string_view piece, waiter&) override {
    // who never waits for anything does not come back to the loop
    overdue_ = overdue_ || std::chrono::steady_clock::now() > until_;
    if (over_ || overdue_) throw gone();
    auto const part = piece.substr(0, 16 * 1024);
    session_->push(part);
    write();
    return part.size();
  }
  trailer_fields& trailers() override {
    if (!trailers_) trailers_ = std::make_unique<trailer_fields>();
    return *trailers_;
  }
  void beat(std::chrono::milliseconds, std::string) override {}
  void endless() override {}
  void enter_inside(waiter& inner) override {
    if (over_ || abandoned_) throw gone();
    asio::post(loop(), [this] { go(); });
    inside_.push_back(&inner);
    body_policy body;
    proceed(enter(session_->request(), session_->response(), body), body);
  }
  void cancel_inside() override {
    if (tasks_.size() > inside_.size())
      tasks_.back()->cancel.emit(asio::cancellation_type::terminal);
  }
  response leave_inside(bool cancelled) override {
    inside_.pop_back();
    if (cancelled || over_ || abandoned_) throw gone();
    response out = std::move(session_->response());
    session_->response().reset();
    return out;
  }
  std::shared_ptr<void> keep() override { return std::make_shared<int>(0); }
  executor loop() override { return io_.get_executor(); }
  blocking_pool& pool() override { return pool_; }

 private:
  class running final : public task {
   public:
    using next_step = void (memory_connection::*)(std::exception_ptr);

    running(memory_connection& c, std::unique_ptr<late_work> work, next_step then)
        : c_(c), work_(std::move(work)), then_(then) {
      c_.tasks_.push_back(this);
    }
    ~running() override { std::erase(c_.tasks_, this); }

    void ended(std::exception_ptr why) override {
      std::erase(c_.tasks_, this);
      work_.reset();  // its arguments may refer to the request, which `then_` may end
      if (c_.over_ || c_.abandoned_)
        c_.release_inside();
      else
        (c_.*then_)(std::move(why));
      c_.go();
    }

   private:
    memory_connection& c_;
    std::unique_ptr<late_work> work_;
    next_step then_;
  };

  static asio::system_error gone() { return asio::system_error(asio::error::operation_aborted); }

  /// Gives the session some of what the client sent; false when there is none.
  bool read() {
    auto const room = session_->room();
    auto const left = std::string_view(input_).substr(taken_);
    auto const n = std::min(room.size(), left.size());
    if (n > 0) {
      std::copy_n(left.begin(), n, room.begin());
      taken_ += n;
      session_->received(n);
      return true;
    }
    if (!left.empty() || !ended_ || told_end_) return false;
    told_end_ = true;
    session_->received_end();
    return true;
  }

  void write() {
    output.append(session_->output());
    session_->sent(session_->output().size());
  }

  void go() {
    if (going_) return;
    going_ = true;
    while (!over_ && step(session_->next())) {
    }
    going_ = false;
    if (body_ != nullptr) body_->notify();
  }

  bool step(session::want what) {
    using want = session::want;
    switch (what) {
      case want::input: return !pulling_ && read();
      case want::route: route(); return true;
      case want::call: call(); return true;
      case want::output: write(); return true;
      case want::refuse: refuse(); return true;
      case want::failed: note(session_->response().failure); return true;
      case want::finish: return true;
      default:
        if (session_->switched()) {
          session_->decline_switch();
          return true;
        }
        over_ = true;
        cancel_tasks();
        return false;
    }
  }

  void route() {
    abandoned_ = false;
    session_->request().peer = peer;
    body_policy body;
    proceed(app_.find(session_->request(), session_->response(), body), body);
  }

  void proceed(stage s, body_policy body) {
    switch (s) {
      case stage::body: pulling_ = body.mode == body_mode::pieces; return session_->expect(body);
      case stage::answered: return inside_.empty() ? respond() : inside_.back()->notify();
      case stage::waiting:
        return run(std::move(session_->response().later), &memory_connection::handled);
    }
  }

  void call() {
    auto& out = session_->response();
    if (app_.call(session_->request(), out)) return respond();
    if (out.later) return run(std::move(out.later), &memory_connection::handled);
    inside_.back()->notify();
  }

  void handled(std::exception_ptr why) {
    auto& out = session_->response();
    if (why) guard(out, [&] { std::rethrow_exception(why); });
    if (detail::leave(session_->request(), out)) return respond();
    inside_.back()->notify();
  }

  void refuse() {
    abandoned_ = true;
    pulling_ = false;
    cancel_tasks();
    auto& out = session_->refusal();
    while (!detail::leave(session_->request(), out)) {
    }
    session_->respond();
  }

  void respond() {
    pulling_ = false;
    auto& out = session_->response();
    note(out.failure);
    auto producer = std::move(out.producer);
    if (!producer) return session_->respond();
    session_->respond(session::content::pushed);
    if (session_->wants_content()) run(std::move(producer), &memory_connection::produced);
  }

  void produced(std::exception_ptr why) {
    note(why);
    auto const behind = std::move(trailers_);
    if (why)
      session_->push_abort();
    else if (behind)
      session_->push_end(*behind);
    else
      session_->push_end();
  }

  void run(std::unique_ptr<late_work> work, running::next_step then) {
    auto& startable = static_cast<startable_work&>(*work);
    startable.start(*this, std::make_unique<running>(*this, std::move(work), then));
  }

  void cancel_tasks() {
    for (std::size_t i = 0; i < tasks_.size(); ++i)
      tasks_[i]->cancel.emit(asio::cancellation_type::terminal);
    if (body_ != nullptr) body_->notify();
    release_inside();
  }
  void release_inside() {
    if (!inside_.empty() && tasks_.size() == inside_.size()) inside_.back()->notify();
  }
  void note(std::exception_ptr const& why) {
    if (why) failure = why;
  }

  service app_;
  limits limits_;
  coarse_clock clock_;
  std::unique_ptr<session> session_;
  std::string input_;
  std::size_t taken_ = 0;  // of the input
  std::unique_ptr<trailer_fields> trailers_;
  std::vector<running*> tasks_;
  std::vector<waiter*> inside_;
  waiter* body_ = nullptr;
  bool ended_ = false, told_end_ = false;
  bool pulling_ = false;  // a handler reads the body by itself
  bool going_ = false;
  bool abandoned_ = false;
  std::chrono::steady_clock::time_point until_;
  bool overdue_ = false;
  bool over_ = false;

  blocking_pool pool_{1};
  asio::io_context io_{
      1};  // goes first, with the coroutines that are left: they refer to all above
};

}  // namespace wend::detail
