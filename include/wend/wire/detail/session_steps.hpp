// What a session does by itself: from the bytes that are there to what it wants of its owner.
//
// One function per state; each says what is wanted, or changes the state and says nothing. What the
// owner answers is in session.hpp, on top of this.
#pragma once

#include <wend/http/error.hpp>
#include <wend/http/fields.hpp>
#include <wend/http/method.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/wire/clock.hpp>
#include <wend/wire/detail/answer_writer.hpp>
#include <wend/wire/detail/deadlines.hpp>
#include <wend/wire/detail/output_queue.hpp>
#include <wend/wire/detail/request_input.hpp>
#include <wend/wire/framing.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/serializer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace wend::detail {

/// The states of a connection and the steps between them.
class session_steps {
 public:
  /// What the owner has to do before the next call of `next`.
  enum class want : std::uint8_t {
    input,   ///< read into `room()`, then `received()` or `received_end()`
    route,   ///< a head is complete: find its route, then `expect()`, or refuse with `respond()`
    call,    ///< what was expected is there: call the handler, and `respond()` now or later
    refuse,  ///< `refusal()` is the answer of the session: dress it or not, and `respond()`
    output,  ///< write `output()`, then `sent()`
    file,    ///< send some of `file()`, then `file_sent()`; only after `sends_files(true)`
    failed,  ///< the content broke off: `response().failure` is what its source threw, if it did
    finish,  ///< shut down the sending side of the connection; reading goes on
    close,   ///< close the connection; `aborted()` says how
  };

 protected:
  enum class state : std::uint8_t {
    head,    // until it is complete
    route,   // asked for
    body,    // that is wanted whole
    call,    // asked for; a body in pieces is read meanwhile
    refuse,  // asked for
    answer,  // from a source
    file,
    push,
    skip,   // the rest of a body
    flush,  // the last bytes of the last answer
    linger,
    closed,
  };
  static constexpr auto again = static_cast<want>(0xff);  // the state changed: go on

  session_steps(limits const& l, coarse_clock const& c)
      : limits_(&l), clock_(&c), in_(l), time_(l, c) {}

  // --- what `next` goes through; the first four say which deadline runs as well ---

  want read_head();
  want begin_request();
  want ask(want what);
  want advance_rest();
  want advance_body_or_answer();
  want read_body();
  want more_body();
  want send_source();
  want send_file();
  want skip_body();
  want flush();

  // --- what it shares with the owner's answers ---

  void watch(want what) noexcept;
  bool asked() const noexcept;
  bool idle() const noexcept;
  bool output_waits() const noexcept { return !answer_.queue().empty(); }
  bool reads_pieces() const noexcept { return pieces_ && !body_read_; }
  bool invite_body();
  bool start_answer(response& answer, bool pushed);
  void end_answer();
  void cut() noexcept;
  void stand_alone() noexcept;
  void refuse(error const& why);
  void refuse_head(error const& why);
  void release_memory();

  limits const* limits_;
  coarse_clock const* clock_;

  request_input in_;
  answer_writer answer_;
  deadlines time_;
  request request_;
  response response_;
  std::unique_ptr<response> refusal_;  // from the first refusal, which is the last answer
  error failure_;                      // of the body in pieces, or behind the refusal
  std::uint64_t skip_ = 0;             // bytes of a body that nobody wanted

  state state_ = state::head;
  bool asked_already_ = false;
  bool keep_alive_ = false;
  bool expects_continue_ = false;  // and was not told to
  bool body_read_ = false;
  bool pieces_ = false;  // the body is read in pieces
  bool waits_ = false;   // the handler, for more of them
  bool failed_ = false;  // there will be no more
  bool refused_ = false;
  bool ended_ = false;  // the peer's side
  bool draining_ = false;
  bool last_ = false;  // the next response is
  bool aborted_ = false;
  bool switched_ = false;
};

// ------------------------------------------------------------------------------------------------

/// The states that a plain request, answered at once, does not come to: apart from the others, so
/// that what every request goes through stays small.
[[gnu::noinline]] inline session_steps::want session_steps::advance_rest() {
  if (state_ == state::route) return ask(want::route);
  if (state_ == state::refuse) return ask(want::refuse);
  auto const what = advance_body_or_answer();
  if (what != again) watch(what);
  return what;
}

inline session_steps::want session_steps::advance_body_or_answer() {
  switch (state_) {
    case state::body: return read_body();
    case state::answer: return send_source();
    case state::file: return send_file();
    case state::push: return output_waits() ? want::output : want::input;
    case state::skip: return skip_body();
    case state::flush: return flush();
    case state::linger:
      if (!ended_) return want::input;
      state_ = state::closed;
      [[fallthrough]];
    default: return want::close;
  }
}

[[gnu::noinline]] inline session_steps::want session_steps::read_head() {
  // answers of pipelined requests leave in one write, unless it gets large
  if (in_.size() > 0 && !answer_.queue().full()) {
    auto const complete = in_.read_head();
    if (!complete) {
      refuse_head(complete.error());
      return again;
    }
    if (*complete) return begin_request();
  }
  if (output_waits()) {
    time_.watch(deadline::write);
    return want::output;
  }
  bool const idle = !in_.begun();
  if (ended_ || (draining_ && idle)) {
    state_ = state::closed;
    return again;
  }
  if (idle) release_memory();
  time_.watch(idle ? deadline::keep_alive : deadline::head);
  return want::input;
}

inline session_steps::want session_steps::begin_request() {
  auto const& head = in_.head();
  request_.method = head.method;
  request_.target = head.target;
  request_.version_minor = head.version_minor;
  request_.fields = head.fields;
  bool const asks_to_keep = head.version_minor > 0 || head.keep_alive;
  keep_alive_ = asks_to_keep && !head.close;
  state_ = state::route;
  auto const body = request_body_length(head);
  in_.take_head(body ? *body : body_length::none());
  if (!body) {
    refuse(body.error());
    return again;
  }
  body_read_ = pieces_ = asked_already_ = false;
  bool const expects = head.version_minor > 0;  // else to be ignored, RFC 9110 10.1.1
  expects_continue_ = expects && head.expects_continue && !body->empty();
  if (!expects || !head.expects_other) return ask(want::route);
  refuse({status::expectation_failed, "the expectation is unknown", "RFC 9110 10.1.1"});
  return again;
}

inline session_steps::want session_steps::ask(want what) {
  if (asked_already_) {
    what = output_waits() ? want::output : want::input;
    watch(what);
    return what;
  }
  asked_already_ = true;
  time_.handler_begins();
  time_.watch(time_.handler_has_one() ? deadline::handler : deadline::none);
  return what;
}

/// True while the owner was asked and has not answered.
inline bool session_steps::asked() const noexcept {
  return asked_already_ &&
         (state_ == state::route || state_ == state::call || state_ == state::refuse);
}

inline session_steps::want session_steps::read_body() {
  auto const complete = in_.read_body();
  if (!complete) {
    refuse(complete.error());
    return again;
  }
  if (!*complete) return more_body();
  request_.body = in_.body();
  request_.trailers = in_.trailers();
  body_read_ = true;
  state_ = state::call;
  return again;
}

inline session_steps::want session_steps::more_body() {
  if (invite_body()) return want::output;
  if (!ended_) return want::input;
  state_ = state::closed;
  return again;
}

/// Sends 100 Continue if the client waits for it (RFC 9110 10.1.1). True when there is output.
inline bool session_steps::invite_body() {
  if (expects_continue_ && time_.body_missing()) answer_.queue().text().append(continue_response);
  expects_continue_ = false;
  return output_waits();
}

/// Puts the head out, and the content if that is there; false when this is the whole answer.
inline bool session_steps::start_answer(response& answer, bool pushed) {
  using rest = answer_writer::rest;
  bool const to_connect = !refused_ && request_.method == method::connect;
  auto const begun = answer_.begin(answer,
                                   {.date_line = clock_->date,
                                    .version_minor = request_.version_minor,
                                    .keep_alive = keep_alive_,
                                    .to_head = request_.method == method::head,
                                    .to_connect = to_connect,
                                    .pushed = pushed});
  keep_alive_ = begun.keep_alive;
  switched_ = switches_protocol(answer.status, to_connect);
  switch (begun.follows) {
    case rest::nothing: return false;
    case rest::source: state_ = state::answer; break;
    case rest::file: state_ = state::file; break;
    case rest::pushed: state_ = state::push; break;
  }
  return true;
}

/// The response is complete: nothing views into the request any more. A refusal is another matter,
/// since a handler that was not told yet may still look.
inline void session_steps::end_answer() {
  answer_.end();
  if (refused_) {
    state_ = state::flush;
    return;
  }
  in_.finish();
  response_.reset();
  request_.reset();
  if (!keep_alive_ || switched_) {
    state_ = state::flush;
    return;
  }
  state_ = skip_ > 0 ? state::skip : state::head;
  time_.head_begins();
  time_.body_begins(0);
}

/// The answer cannot be completed, and its status is sent: all that can be said is to cut it. Where
/// only the end of the connection ends it, a reset says so, at the price of the answers before it
/// that are still on their way.
inline void session_steps::cut() noexcept {
  aborted_ = answer_.ends_with_connection();
  answer_.end();
  state_ = state::flush;
}

/// Goes on to the end of the connection without the handler, which may still be at work on the
/// request: its bytes are put aside, and `response_` is left alone.
inline void session_steps::stand_alone() noexcept {
  in_.hold();
  keep_alive_ = asked_already_ = false;
  refused_ = true;
  time_.watch(deadline::none);
}

/// Answers by itself and ends the connection.
inline void session_steps::refuse(error const& why) {
  stand_alone();
  if (!refusal_) refusal_ = std::make_unique<response>();
  problem{why.status, std::string(why.detail)}.write(*refusal_);
  failure_ = why;
  state_ = state::refuse;
}

/// Refuses a head that is not complete: an answer to HEAD has no content, whatever it says, and who
/// writes a log wants to know what was asked for.
inline void session_steps::refuse_head(error const& why) {
  if (in_.request_line_read()) {
    request_.method = in_.head().method;
    request_.target = in_.head().target;
    request_.version_minor = in_.head().version_minor;
  }
  refuse(why);
}

inline session_steps::want session_steps::send_source() {
  using made = answer_writer::pulled;
  auto got = made::failure;
  try {
    got = answer_.pull();
  } catch (...) {
    response_.failure = std::current_exception();
  }
  switch (got) {
    case made::piece: return want::output;
    case made::end: end_answer(); break;
    case made::failure: cut(); return want::failed;
  }
  return again;
}

inline session_steps::want session_steps::send_file() {
  if (output_waits()) return want::output;
  if (answer_.file().size > 0) return want::file;
  end_answer();
  return again;
}

inline session_steps::want session_steps::skip_body() {
  auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, in_.size()));
  in_.discard(n);
  skip_ -= n;
  if (skip_ == 0) {
    state_ = state::head;
    time_.head_begins();
    return again;
  }
  if (output_waits()) return want::output;
  if (!ended_) return want::input;
  state_ = state::closed;
  return again;
}

/// Half-closes after the last byte, so that the peer can read it before a reset (RFC 9112 9.6).
inline session_steps::want session_steps::flush() {
  if (output_waits()) return want::output;
  if (aborted_ || switched_ || ended_) {
    state_ = state::closed;
    return again;
  }
  state_ = state::linger;
  return want::finish;
}

inline void session_steps::release_memory() {
  in_.release_memory();
  answer_.queue().release_memory();
  response_.fields.release_memory(idle_memory);
  release(response_.body);
  release(request_.path_scratch);
}

inline bool session_steps::idle() const noexcept {
  return state_ == state::head && !in_.begun() && !output_waits();
}

inline void session_steps::watch(want what) noexcept {
  auto next = deadline::none;
  if (what == want::output || what == want::file) {
    next = deadline::write;
  } else if (asked()) {
    if (reads_pieces() && waits_)
      next = deadline::body;
    else if (time_.handler_has_one())
      next = deadline::handler;
  } else if (what == want::input && state_ != state::push) {
    if (state_ == state::head)
      next = idle() ? deadline::keep_alive : deadline::head;
    else
      next = state_ == state::linger ? deadline::linger : deadline::body;
  }
  time_.watch(next);
}

}  // namespace wend::detail
