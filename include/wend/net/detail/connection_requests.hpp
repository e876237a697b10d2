// The connection's requests: their routes, their answers, and the coroutines of those that wait.
#pragma once

#include <wend/app/dispatch.hpp>
#include <wend/app/layer.hpp>
#include <wend/handler/guard.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/http/problem.hpp>
#include <wend/net/asio.hpp>
#include <wend/net/connection.hpp>
#include <wend/net/detail/waiter.hpp>
#include <wend/net/transport.hpp>
#include <wend/wire/session.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend::detail {

inline constexpr int most_pulls = 16;                   // reads of a body at a time
inline constexpr std::size_t most_pushed = 256 * 1024;  // content before others have their turn
inline constexpr std::size_t flush_size = 16 * 1024;    // content that is worth a write

inline asio::system_error cancelled() {
  return asio::system_error(asio::error::operation_aborted);
}

inline bool is_cancelled(std::exception_ptr const& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (asio::system_error const& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (...) {
  }
  return false;
}

inline void connection::route() {
  session_->request().peer = peer_;  // middleware may know better, for this request
  body_policy body;
  auto const s = loop_->app.find(session_->request(), session_->response(), body);
  if (s != stage::body || body.mode == body_mode::pieces) return proceed(s, body);
  session_->expect(body);
}

inline void connection::proceed(stage s, body_policy body) {
  switch (s) {
    case stage::body:
      pulling_ = body.mode == body_mode::pieces && has_body();
      may_pull_ = most_pulls;
      return session_->expect(body);
    case stage::answered:
      if (inside_.empty()) return respond();
      return inside_.back()->notify();
    case stage::waiting: return run(std::move(session_->response().later), &connection::handled);
  }
}

inline bool connection::has_body() {
  auto const& fields = session_->request().fields;
  return fields.get("Transfer-Encoding") || fields.get("Content-Length").value_or("0") != "0";
}

inline void connection::call() {
  auto& out = session_->response();
  if (loop_->app.call(session_->request(), out)) return respond();
  if (out.later) return run(std::move(out.later), &connection::handled);
  inside_.back()->notify();
}

/// A coroutine has made the response: it goes outwards.
inline void connection::handled(std::exception_ptr failure) {
  auto& out = session_->response();
  if (failure) guard(out, [&] { std::rethrow_exception(failure); });
  if (detail::leave(session_->request(), out)) return respond();
  inside_.back()->notify();
}

/// The session answers by itself: what stands around the route may dress it. Coroutines are
/// cancelled, middleware that waits as well.
inline void connection::refuse() {
  abandon();
  auto& out = session_->refusal();
  while (!detail::leave(session_->request(), out)) {
  }
  report(out.failure);
  session_->respond();
}

inline void connection::respond() {
  pulling_ = false;
  auto& out = session_->response();
  report(out.failure);
  auto producer = std::move(out.producer);
  if (!producer) return session_->respond();
  session_->respond(session::content::pushed);
  if (!session_->wants_content()) return;
  pushing_ = true;
  last_content_ = loop_->clock.now;
  run(std::move(producer), &connection::produced);
}

/// A coroutine that runs: of a handler, of a producer, or of a middleware around them.
class connection::running final : public task {
 public:
  using next_step = void (connection::*)(std::exception_ptr);

  running(connection& c, std::unique_ptr<late_work> work, next_step then)
      : self_(c), work_(std::move(work)), then_(then) {
    c.tasks_.push_back(this);
  }
  ~running() override { leave(); }

  void ended(std::exception_ptr why) override {
    leave();
    work_.reset();  // its arguments may refer to the request, which `then_` may end
    connection& c = *self_.operator->();
    if (c.closing_ || c.abandoned_)
      c.release_inside();
    else
      c.attempt([&] { (c.*then_)(std::move(why)); });
    c.go();
  }

 private:
  void leave() { std::erase(self_->tasks_, this); }

  connection_owner self_;
  std::unique_ptr<late_work> work_;
  next_step then_;
};

inline void connection::run(std::unique_ptr<late_work> work,
                            void (connection::*then)(std::exception_ptr)) {
  auto& startable = static_cast<startable_work&>(*work);
  startable.start(*this, std::make_unique<running>(*this, std::move(work), then));
}

inline void connection::cancel_tasks() {
  for (std::size_t i = 0; i < tasks_.size(); ++i)
    tasks_[i]->cancel.emit(asio::cancellation_type::terminal);
  release_inside();
}

/// Nobody waits for what coroutines are at work on.
inline void connection::abandon() {
  abandoned_ = true;
  pulling_ = false;
  cancel_tasks();
}

/// Lets a middleware go on whose `next` waits for nothing that will still come.
inline void connection::release_inside() {
  if (!inside_.empty() && tasks_.size() == inside_.size()) inside_.back()->notify();
}

/// Tells the hook what a handler threw. What the hook itself throws has nobody left to tell.
inline void connection::report(std::exception_ptr& failure) noexcept {
  if (!failure) return;
  auto const what = std::exchange(failure, nullptr);  // once
  if (!loop_->on_error) return;
  try {
    loop_->on_error(session_->request(), what);
  } catch (...) {
  }
}

// --- coroutines

inline std::optional<std::string_view> connection::next_piece(waiter& later) {
  for (int reads = 0;; ++reads) {
    if (closing_) go();
    if (closing_ || abandoned_) throw cancelled();
    auto const got = session_->pull();
    using kind = session::pulled::kind;
    switch (got.what) {
      case kind::piece: return got.data;
      case kind::end:
        pulling_ = false;
        go();  // to look out for the peer
        return std::string_view();
      case kind::failed:
        throw problem(session_->failure().status, std::string(session_->failure().detail));
      case kind::output:
        if (write()) break;
        later.wait_at(body_);
        wait_to_write();
        return std::nullopt;
      case kind::input:
        if (reads == 0 && may_pull_ > 0) {
          --may_pull_;
          read_now();
          break;
        }
        later.wait_at(body_);
        may_pull_ = most_pulls;
        if (!reading_) watch();
        return std::nullopt;
    }
  }
}

inline std::size_t connection::take_content(std::string_view piece, waiter& later) {
  if (closing_) throw cancelled();
  if (!session_->may_push()) {
    later.wait_at(room_);
    return 0;
  }
  if (pushed_ >= most_pushed) {  // a peer that is quick never makes it wait
    pushed_ = 0;
    later.wait_at(room_);
    asio::post(loop(), [self = connection_owner(*this)] {
      if (self->room_) self->room_->notify();
    });
    return 0;
  }
  auto const part = piece.substr(0, flush_size);
  pushed_ += part.size();
  push_now(part);
  return part.size();
}

/// What is much is written at once; what is little, when the producer waits for something.
inline void connection::push_now(std::string_view piece) {
  session_->push(piece);
  last_content_ = loop_->clock.now;
  if (session_->output().size() >= flush_size) return go();
  if (flush_posted_) return;
  flush_posted_ = true;
  asio::post(loop(), [self = connection_owner(*this)] {
    self->flush_posted_ = false;
    self->go();
  });
}

inline void connection::never_ends() {
  endless_ = true;
  if (draining_) throw cancelled();
}

/// A producer is done.
inline void connection::produced(std::exception_ptr failure) {
  pushing_ = false;
  beat_.clear();
  bool const ended = std::exchange(endless_, false) && draining_ && is_cancelled(failure);
  bool const cut = failure && !ended;
  if (cut) report(failure);
  auto const behind = std::move(trailers_);
  if (cut)
    session_->push_abort();
  else if (behind)
    session_->push_end(*behind);
  else
    session_->push_end();
}

inline void connection::go_inside(waiter& inner) {
  if (closing_ || abandoned_) throw cancelled();
  asio::post(loop(), [self = connection_owner(*this)] { self->go(); });
  inside_.push_back(&inner);
  try {
    body_policy body;
    proceed(enter(session_->request(), session_->response(), body), body);
  } catch (...) {  // there is no memory
    inside_.pop_back();
    detail::leave(session_->request(), session_->response());  // up to this middleware
    throw;
  }
}

inline void connection::cancel_innermost() {
  if (tasks_.size() > inside_.size()) tasks_.back()->cancel.emit(asio::cancellation_type::terminal);
}

inline response connection::come_outside(bool was_cancelled) {
  inside_.pop_back();
  if (was_cancelled || closing_ || abandoned_) throw cancelled();
  response out = std::move(session_->response());
  session_->response().reset();
  return out;
}

}  // namespace wend::detail
