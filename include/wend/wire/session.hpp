// One HTTP/1.1 connection of a server, without the connection (RFC 9112).
//
// The session owns the bytes, the request and the response, and decides everything; its owner owns
// the socket and does what `next` says. No I/O, no thread, no clock of its own: server, tests and
// fuzzer drive it alike. What routes and handlers are, it does not know.
//
//     while (true) switch (session.next()) {
//       case want::input: session.received(read(session.room())); break;
//       case want::route: session.expect(policy_of(route(session.request()))); break;
//       case want::call: call(session.request(), session.response()); session.respond(); break;
//       case want::refuse: session.respond(); break;
//       case want::output: session.sent(write(session.output())); break;
//       case want::file: session.file_sent(send_file(session.file())); break;
//       case want::failed: log(session.response().failure); break;
//       case want::finish: shut_down_sending(); break;
//       case want::close: return;
//     }
//
// This header has what the owner says; what follows from it is in detail/session_steps.hpp. Below
// these, detail/request_input.hpp keeps and reads the bytes that came, detail/answer_writer.hpp
// puts answers out, and detail/deadlines.hpp keeps the time.
#pragma once

#include <wend/http/body_policy.hpp>
#include <wend/http/error.hpp>
#include <wend/http/file.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/wire/clock.hpp>
#include <wend/wire/detail/session_steps.hpp>
#include <wend/wire/limits.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string_view>

namespace wend {

/// The state machine of a connection. Neither copyable nor movable: requests view into it.
///
/// Thread safety: none; one thread at a time. Memory: 2 KiB of input while idle, more only as the
/// peer sends it, and never more than the limits allow.
class session : detail::session_steps {
 public:
  /// What the owner has to do before the next call of `next`, as in the lines above; each is told
  /// in detail/session_steps.hpp.
  using want = detail::session_steps::want;

  /// Where the content of an answer is.
  enum class content : std::uint8_t {
    given,   ///< in the response, as its body or source
    pushed,  ///< nowhere yet: the owner is going to `push` it
  };

  /// What `pull` found.
  struct pulled {
    enum class kind : std::uint8_t {
      piece,   ///< `data` is some of the body, never empty
      input,   ///< read into `room()`, then `received()` or `received_end()`, and pull again
      output,  ///< write `output()`, then `sent()`, and pull again
      end,     ///< the body is complete; `request().trailers` are there
      failed,  ///< there is no more: `failure()` says why
    };
    kind what;
    std::string_view data{};
  };

  /// Both have to outlive the session.
  session(limits const& l, coarse_clock const& c) : session_steps(l, c) {}
  session(session const&) = delete;
  session& operator=(session const&) = delete;

  /// Goes on as far as the bytes allow and says what is wanted then.
  ///
  /// `route`, `call` and `refuse` are said once for a request. Until the owner answers, and while
  /// it pushes, further calls say `output` if something waits to be sent, else `input`: it may read
  /// on meanwhile, so as to see the peer leave, as long as `room()` is not empty.
  want next();

  // --- bytes in ---

  /// Where to read into. Empty only while a handler or producer is at work: when the buffer is
  /// full, since its views may not move, and after `received_end`. There is then nothing to do but
  /// wait for it. Lifetime: until the next call of any function but `output`, `sent` and
  /// `waiting_for`.
  std::span<char> room();

  /// Says that `n` bytes were read into the front of `room()`.
  void received(std::size_t n);

  /// Says that the peer will send no more. What it asked for before is answered.
  ///
  /// Choice: an end within a head or body closes the connection without a word (RFC 9112 8); within
  /// a body that is read in pieces it is a failure of `pull`.
  void received_end() noexcept { ended_ = true; }

  /// Says that nobody waits for the answer that a handler is at work on, or a producer: it is not
  /// sent, what came before it is, and the connection ends. What the handler views stays until then.
  void peer_left() noexcept {
    stand_alone();
    cut();
  }

  // --- the request ---

  /// The request, from `want::route` until `respond()`. Its views hold until the response is
  /// complete, after a refusal until the session ends; they never move. `request().peer` is the
  /// owner's to set, once.
  ///
  /// At a `want::refuse` without a `want::route` before it, method and target are what was read of
  /// them, or blank, and `route` is null.
  wend::request& request() noexcept { return request_; }

  /// The response to fill, blank at `want::route`.
  wend::response& response() noexcept { return response_; }

  /// Answers `want::route`. `want::call` follows: after the body if that is wanted whole, else at
  /// once; or `want::refuse` with 413 if it is known to be too large.
  void expect(body_policy policy);

  /// Reads on in a body that was expected in pieces, between `want::call` and `respond()`; `end` at
  /// once when there is none. 100 Continue is sent when this is first called, if the client waits.
  ///
  /// The deadline of bodies runs from `input` or `output` to the next call that says something
  /// else, and that of the handler stands still. After a `tick` that said true and no
  /// `want::refuse`, pull again.
  ///
  /// Lifetime: a piece holds until the next call. Memory: beside the head one block of 16 KiB,
  /// unless the body fits behind the head.
  pulled pull();

  /// Why `pull` failed: 400, 431, or 413 for what was sent, 400 for a body that ended early, 408
  /// for one that was too slow. The connection closes after the response, whatever that is.
  error const& failure() const noexcept { return failure_; }

  // --- the answer ---

  /// Sends `response()` as it is now: in answer to `want::route`, with the body unread, or to
  /// `want::call`, at once or later; in answer to `want::refuse`, `refusal()`. Without effect at
  /// any other time, so also when the session gave its own answer since. A `producer` is to be
  /// taken out of the response before.
  ///
  /// Choice: a body that was not read to its end is skipped if at most 64 KiB of its Content-Length
  /// are left and the client does not wait for 100 Continue; else the response says "Connection:
  /// close".
  void respond(content where = content::given);

  /// The problem that the session answers with, from `want::refuse` until `respond()`; it is apart
  /// from `response()`, which a late handler may still hold. The connection closes after it. Who
  /// dresses it has the time of a handler; then it is sent as it is, and `next` goes on.
  wend::response& refusal();

  /// True while content may be pushed: from `respond(content::pushed)`, unless the response has no
  /// content (to HEAD; 204, 205, 304, or a status that is no answer and became 500), until
  /// `push_end`, `push_abort` or the end of the connection.
  bool wants_content() const noexcept { return state_ == state::push; }

  /// True while content may be pushed and less than 64 KiB wait to be sent. `push` takes more than
  /// that, and keeps it.
  bool may_push() const noexcept { return wants_content() && !answer_.queue().full(); }

  /// Adds a piece of the content; empty is nothing. Then call `next`, which says `output`.
  void push(std::string_view data);

  /// Says that the content is complete. The request and its views end with it. What is `behind` is
  /// sent where the content is chunked.
  void push_end(trailer_fields const& behind = {});

  /// Says that the content cannot be completed: what was pushed is sent, and the connection cut.
  void push_abort() noexcept;

  /// Says that the owner does `want::file`, for sources that have a file and its length; without
  /// it they are read like any other.
  void sends_files(bool yes) noexcept { answer_.sends_files(yes); }

  /// What of the file is still to be sent, at `want::file`.
  file_slice const& file() const noexcept { return answer_.file(); }

  /// Says that the first `n` bytes of `file()` were sent. None: the file ends there, it shrank, and
  /// the connection is cut. An owner that has to wait for the peer says nothing.
  void file_sent(std::uint64_t n) noexcept;

  // --- bytes out ---

  /// The bytes to send, which may be more than at `want::output`. Lifetime: until `next`, `pull`,
  /// `respond`, `push`, `push_end` or `sent`.
  std::string_view output() const noexcept { return answer_.queue().view(); }

  /// Says that the first `n` bytes of `output()` were written.
  void sent(std::size_t n);

  // --- time and the end ---

  /// Asks for the end: an idle connection closes now, another after the response at hand.
  void drain() noexcept { draining_ = true; }

  /// Asks for the end after the next response, which says so: an idle connection stays until then.
  void last() noexcept { last_ = true; }

  /// Compares the clock with the deadline that runs. True when it passed: call `next`. A handler
  /// that has not answered is to be cancelled if that says `want::refuse` or `want::close`; what it
  /// views stays until the session ends.
  [[nodiscard]] bool tick();

  /// Which deadline runs: what the owner waits for since the last `next` or `pull`.
  wend::deadline waiting_for() const noexcept { return time_.watched(); }

  /// True when `want::close` means a reset, so that the peer cannot take what it got for complete.
  bool aborted() const noexcept { return aborted_; }

  /// True between requests, with nothing received and nothing to send.
  bool idle() const noexcept { return session_steps::idle(); }

  /// True when it is as good as new: idle, and nothing was said about its end. Another connection
  /// may use it then, after `begin`, and the one that had it needs none until something arrives.
  bool is_blank() const noexcept {
    return idle() && in_.size() == 0 && !draining_ && !last_ && !ended_ && !refused_;
  }

  /// Begins with another connection, which has been idle since `since`.
  void begin(std::chrono::steady_clock::time_point since) noexcept {
    time_.idle_since(since);
    request_.peer = {};
    request_.connection = nullptr;
  }

  /// When the deadline that runs began to, or was last met by some progress.
  std::chrono::steady_clock::time_point waiting_since() const noexcept { return time_.since(); }

  /// True when `want::close` follows a 101, or a 2xx to CONNECT: the connection stays open and
  /// speaks another protocol, of which `unread()` was received already.
  bool switched() const noexcept { return switched_; }
  std::string_view unread() const noexcept { return in_.view(); }

  /// Says then that nobody speaks it: the connection ends as it does after any last answer.
  void decline_switch() noexcept {
    switched_ = false;
    state_ = state::flush;
  }

 private:
  pulled wait(want what);
  pulled go_on(pulled::kind what, std::string_view data = {});
  pulled fail(error const& why);
  bool may_keep_alive() const noexcept;
};

// ------------------------------------------------------------------------------------------------

namespace detail {

inline constexpr std::uint64_t skip_limit = 64 * 1024;  // an unwanted body worth reading

}  // namespace detail

inline session::want session::next() {
  while (true) {
    want what;
    if (state_ == state::head)
      what = read_head();
    else if (state_ == state::call)
      return ask(want::call);
    else
      what = advance_rest();
    if (what != again) return what;
  }
}

// --- the request ---

inline void session::expect(body_policy policy) {
  if (state_ != state::route) return;
  asked_already_ = false;
  state_ = state::call;
  auto const length = in_.length();
  if (policy.mode == body_mode::unwanted || length.empty()) return;
  auto const limit = policy.limit.value_or(limits_->body);
  if (length.bytes() > limit) {
    refuse({status::content_too_large, "the body is too large", "RFC 9110 15.5.14"});
    return;
  }
  time_.body_begins(in_.begin_body(limit));
  pieces_ = policy.mode == body_mode::pieces;
  waits_ = failed_ = false;
  if (!pieces_) state_ = state::body;
}

// --- a body in pieces ---

inline session::pulled session::pull() {
  using kind = pulled::kind;
  if (state_ != state::call || failed_) return go_on(kind::failed);
  if (!reads_pieces()) return {kind::end};
  auto const piece = in_.next_piece();
  if (!piece) return fail(piece.error());
  if (!piece->empty()) {
    expects_continue_ = false;
    return go_on(kind::piece, *piece);
  }
  if (in_.complete()) {
    request_.trailers = in_.trailers();
    body_read_ = true;
    return go_on(kind::end);
  }
  if (ended_) return fail({status::bad_request, "the body ended early", "RFC 9112 8"});
  if (invite_body()) return wait(want::output);
  in_.make_piece_room();
  return wait(want::input);
}

inline session::pulled session::wait(want what) {
  if (!waits_) time_.handler_waits();
  waits_ = true;
  watch(what);
  return {what == want::input ? pulled::kind::input : pulled::kind::output};
}

inline session::pulled session::go_on(pulled::kind what, std::string_view data) {
  if (waits_) {
    waits_ = false;
    time_.handler_goes_on();
    watch(want::call);
  }
  return {what, data};
}

inline session::pulled session::fail(error const& why) {
  failure_ = why;
  failed_ = true;
  keep_alive_ = false;
  return go_on(pulled::kind::failed);
}

// --- the answer ---

inline void session::respond(content where) {
  bool const refusing = state_ == state::refuse && asked_already_;
  if (!refusing && state_ != state::route && state_ != state::call) return;
  auto& answer = refusing ? *refusal_ : response_;
  auto const s = code(answer.status);
  bool const final = s >= 200 && s <= 999;
  if (!final && (s != 101 || refusing)) {  // that is no answer
    problem{status::internal_server_error}.write(answer);
    where = content::given;
  }
  bool const keep = may_keep_alive();
  skip_ = body_read_ ? 0 : in_.unread();
  keep_alive_ = keep;
  try {
    if (!start_answer(answer, where == content::pushed)) end_answer();
  } catch (...) {  // a source that does not even know its size
    error const why{status::internal_server_error, {}, "RFC 9110 15.6.1"};
    auto const failure = std::current_exception();
    if (!refusing) {
      refuse(why);
      refusal_->failure = failure;
      return;
    }
    if (!answer.source) throw;
    problem{why.status}.write(answer);
    response_.failure = failure;
    respond();
  }
}

inline bool session::may_keep_alive() const noexcept {
  if (!keep_alive_ || draining_ || last_) return false;
  if (body_read_ || in_.length().empty()) return true;
  return !expects_continue_ && !in_.length().is_chunked() && in_.unread() <= detail::skip_limit;
}

inline wend::response& session::refusal() {
  if (!refusal_) refusal_ = std::make_unique<wend::response>();
  return *refusal_;
}

inline void session::file_sent(std::uint64_t n) noexcept {
  if (state_ != state::file || file().size == 0) return;
  if (n == 0) return cut();
  answer_.file_sent(n);
  time_.sent();
}

inline void session::push(std::string_view data) {
  if (wants_content()) answer_.push(data);
}

inline void session::push_end(trailer_fields const& behind) {
  if (!wants_content()) return;
  answer_.push_end(behind);
  end_answer();
}

inline void session::push_abort() noexcept {
  if (wants_content()) cut();
}

// --- bytes in and out ---

inline std::span<char> session::room() {
  if (ended_) return {};
  switch (state_) {
    case state::head: in_.make_head_room(); break;
    case state::body: in_.make_body_room(); break;
    case state::route:
    case state::call:
    case state::answer:
    case state::file:
    case state::push:
      if (!refused_) break;  // views are out, nothing may move
      [[fallthrough]];
    case state::refuse:
    case state::flush:
    case state::linger:
      if (!switched_) in_.discard();  // nobody will answer it
      [[fallthrough]];
    case state::skip:
    case state::closed: in_.make_some_room();
  }
  return in_.room();
}

inline void session::received(std::size_t n) {
  if (n == 0) return;
  if (state_ == state::head && !in_.begun()) time_.head_begins();
  in_.received(n);
  bool const body = state_ == state::body || state_ == state::skip;
  if (body || (state_ == state::call && reads_pieces())) time_.body_received(n);
  bool const last = state_ == state::linger || state_ == state::flush;
  if (refused_ || (last && !switched_)) in_.discard();
}

inline void session::sent(std::size_t n) {
  if (n == 0) return;
  time_.sent();
  answer_.queue().sent(n);
}

// --- deadlines ---

inline bool session::tick() {
  bool const waits_for_peer = reads_pieces() && waits_;
  if (asked() && !waits_for_peer && time_.handler_is_late()) {
    if (state_ == state::refuse)
      respond();  // as it is: who was to dress it is late too
    else
      refuse({status::service_unavailable, "the answer took too long", "RFC 9110 15.6.4"});
    return true;
  }
  if (!time_.passed()) return false;
  switch (time_.watched()) {
    case wend::deadline::none:
    case wend::deadline::handler: return false;
    case wend::deadline::head:
      refuse_head({status::request_timeout, "the head took too long", "RFC 9110 15.5.9"});
      break;
    case wend::deadline::body: {
      error const why{status::request_timeout, "the body took too long", "RFC 9110 15.5.9"};
      if (state_ == state::body)
        refuse(why);
      else if (waits_for_peer)
        fail(why);
      else
        state_ = state::flush;  // it was answered already
      break;
    }
    case wend::deadline::keep_alive:
    case wend::deadline::linger: state_ = state::closed; break;
    case wend::deadline::write:
      aborted_ = true;
      state_ = state::closed;
      break;
  }
  time_.watch(wend::deadline::none);
  return true;
}

}  // namespace wend
