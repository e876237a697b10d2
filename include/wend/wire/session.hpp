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
//       case want::finish: shut_down_sending(); break;
//       case want::close: return;
//     }
//
// What lies below it: the bytes that came are kept and read by detail/request_input.hpp, answers
// are put out by detail/answer_writer.hpp, time is kept by detail/deadlines.hpp.
#pragma once

#include <wend/http/body_policy.hpp>
#include <wend/http/error.hpp>
#include <wend/http/file.hpp>
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
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace wend {

/// The state machine of a connection. Neither copyable nor movable: requests view into it.
///
/// Thread safety: none; one thread at a time. Memory: 2 KiB of input while idle, more only as the
/// peer sends it, and never more than the limits allow.
class session {
 public:
  /// What the owner has to do before the next call of `next`.
  enum class want : std::uint8_t {
    input,   ///< read into `room()`, then `received()` or `received_end()`
    route,   ///< a head is complete: find its route, then `expect()`, or refuse with `respond()`
    call,    ///< the request is complete: call the handler, and `respond()` now or later
    refuse,  ///< `refusal()` is the answer of the session: dress it or not, and `respond()`
    output,  ///< write `output()`, then `sent()`
    file,    ///< send some of `file()`, then `file_sent()`; only after `sends_files(true)`
    finish,  ///< shut down the sending side of the connection; reading goes on
    close,   ///< close the connection; `aborted()` says how
  };

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
  session(limits const& l, coarse_clock const& c) : limits_(&l), clock_(&c), in_(l), time_(l, c) {}
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
  /// any other time, so also when the session gave its own answer since.
  ///
  /// Choice: a body that was not read to its end is skipped if at most 64 KiB of its Content-Length
  /// are left and the client does not wait for 100 Continue; else the response says "Connection:
  /// close".
  void respond(content where = content::given);

  /// The problem that the session answers with, from `want::refuse` until `respond()`; it is apart
  /// from `response()`, which a late handler may still hold. The connection closes after it.
  wend::response& refusal();

  /// True while content may be pushed: from `respond(content::pushed)`, unless the response has no
  /// content (to HEAD; 204, 205, 304, or a status that is no answer and became 500), until
  /// `push_end`, `push_abort` or the end of the connection.
  bool wants_content() const noexcept { return state_ == state::push; }

  /// True when less than 64 KiB wait to be sent: more can be pushed, but should not.
  bool may_push() const noexcept { return wants_content() && !answer_.queue().full(); }

  /// Adds a piece of the content; empty is nothing. Then call `next`, which says `output`.
  void push(std::string_view data);

  /// Says that the content is complete. The request and its views end with it.
  void push_end();

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
  bool idle() const noexcept;

  /// True when `want::close` follows a 101, or a 2xx to CONNECT: the connection stays open and
  /// speaks another protocol, of which `unread()` was received already.
  bool switched() const noexcept { return switched_; }
  std::string_view unread() const noexcept { return in_.view(); }

 private:
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
  using step = std::optional<want>;  // nothing: the state changed, go on

  step advance();
  step read_head();
  step begin_request();
  step ask(want what);
  step read_body();
  step more_body();
  step send_source();
  step send_file();
  step skip_body();
  step flush();

  bool asked() const noexcept;
  bool reads_pieces() const noexcept { return pieces_ && !body_read_; }
  pulled wait(want what);
  pulled go_on(pulled::kind what, std::string_view data = {});
  pulled fail(error const& why);
  bool invite_body();
  bool may_keep_alive() const noexcept;
  bool start_answer(wend::response& answer, content where);
  void end_answer();
  void cut() noexcept;
  void refuse(error const& why);
  void refuse_head(error const& why);
  void release_memory();
  void watch(want what) noexcept;

  limits const* limits_;
  coarse_clock const* clock_;

  detail::request_input in_;
  detail::answer_writer answer_;
  detail::deadlines time_;
  wend::request request_;
  wend::response response_;
  std::unique_ptr<wend::response> refusal_;  // from the first refusal, which is the last answer
  error failure_;                            // of the body in pieces, or behind the refusal
  std::uint64_t skip_ = 0;                   // bytes of a body that nobody wanted

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
  bool last_ = false;
  bool aborted_ = false;
  bool switched_ = false;
};

// ------------------------------------------------------------------------------------------------

namespace detail {

inline constexpr std::uint64_t skip_limit = 64 * 1024;  // an unwanted body worth reading

}  // namespace detail

inline session::want session::next() {
  while (true) {
    if (auto const what = advance()) {
      watch(*what);
      return *what;
    }
  }
}

inline session::step session::advance() {
  switch (state_) {
    case state::head: return read_head();
    case state::route: return ask(want::route);
    case state::body: return read_body();
    case state::call: return ask(want::call);
    case state::refuse: return ask(want::refuse);
    case state::answer: return send_source();
    case state::file: return send_file();
    case state::push: return output().empty() ? want::input : want::output;
    case state::skip: return skip_body();
    case state::flush: return flush();
    case state::linger:
      if (!ended_) return want::input;
      state_ = state::closed;
      [[fallthrough]];
    case state::closed: break;
  }
  return want::close;
}

// --- the request ---

inline session::step session::read_head() {
  // answers of pipelined requests leave in one write, unless it gets large
  if (answer_.queue().full()) return want::output;
  if (in_.size() > 0) {
    auto const complete = in_.read_head();
    if (!complete) {
      refuse_head(complete.error());
      return std::nullopt;
    }
    if (*complete) return begin_request();
  }
  if (!output().empty()) return want::output;
  if (ended_ || (draining_ && !in_.begun())) {
    state_ = state::closed;
    return std::nullopt;
  }
  if (!in_.begun()) release_memory();
  return want::input;
}

inline session::step session::begin_request() {
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
    return std::nullopt;
  }
  body_read_ = pieces_ = asked_already_ = false;
  bool const expects = head.version_minor > 0;  // else to be ignored, RFC 9110 10.1.1
  expects_continue_ = expects && head.expects_continue && !body->empty();
  if (expects && head.expects_other)
    refuse({status::expectation_failed, "the expectation is unknown", "RFC 9110 10.1.1"});
  return std::nullopt;
}

inline session::step session::ask(want what) {
  if (!asked_already_) {
    asked_already_ = true;
    time_.handler_begins();
    return what;
  }
  return output().empty() ? want::input : want::output;
}

/// True while the owner was asked and has not answered.
inline bool session::asked() const noexcept {
  return asked_already_ &&
         (state_ == state::route || state_ == state::call || state_ == state::refuse);
}

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

inline session::step session::read_body() {
  auto const complete = in_.read_body();
  if (!complete) {
    refuse(complete.error());
    return std::nullopt;
  }
  if (!*complete) return more_body();
  request_.body = in_.body();
  request_.trailers = in_.trailers();
  body_read_ = true;
  state_ = state::call;
  return std::nullopt;
}

inline session::step session::more_body() {
  if (invite_body()) return want::output;
  if (!ended_) return want::input;
  state_ = state::closed;
  return std::nullopt;
}

/// Sends 100 Continue if the client waits for it (RFC 9110 10.1.1). True when there is output.
inline bool session::invite_body() {
  if (expects_continue_ && time_.body_missing()) answer_.queue().text().append(continue_response);
  expects_continue_ = false;
  return !output().empty();
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
  bool const interim = s < 101 || (s > 101 && s < 200);  // is no answer
  if (interim || s > 999 || (refusing && s == 101)) {
    problem{status::internal_server_error}.write(answer);
    where = content::given;
  }
  bool const keep = may_keep_alive();
  skip_ = body_read_ ? 0 : in_.unread();
  keep_alive_ = keep;
  try {
    if (!start_answer(answer, where)) end_answer();
  } catch (...) {  // a source that does not even know its size
    error const why{status::internal_server_error, {}, "RFC 9110 15.6.1"};
    if (!refusing) return refuse(why);
    problem{why.status}.write(answer);
    respond();
  }
}

inline bool session::may_keep_alive() const noexcept {
  if (!keep_alive_ || draining_ || last_) return false;
  if (body_read_ || in_.length().empty()) return true;
  return !expects_continue_ && !in_.length().is_chunked() && in_.unread() <= detail::skip_limit;
}

/// Puts the head out, and the content if that is there; false when this is the whole answer.
inline bool session::start_answer(wend::response& answer, content where) {
  using rest = detail::answer_writer::rest;
  bool const to_connect = !refused_ && request_.method == method::connect;
  auto const begun = answer_.begin(answer,
                                   {.date_line = clock_->date,
                                    .version_minor = request_.version_minor,
                                    .keep_alive = keep_alive_,
                                    .to_head = request_.method == method::head,
                                    .to_connect = to_connect,
                                    .pushed = where == content::pushed});
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
inline void session::end_answer() {
  answer_.end();
  if (refused_) {
    state_ = state::flush;
    return;
  }
  in_.finish();
  if (response_.fields.lines().size() > detail::idle_memory) {
    wend::fields blank;
    std::swap(response_.fields, blank);  // an assignment would keep the memory
  }
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

/// The answer cannot be completed, and its status is sent: all that can be said is to cut it.
inline void session::cut() noexcept {
  answer_.end();
  aborted_ = true;
  state_ = state::flush;
}

inline wend::response& session::refusal() {
  if (!refusal_) refusal_ = std::make_unique<wend::response>();
  return *refusal_;
}

/// Answers by itself and ends the connection. A handler may still be at work on the request, so
/// its bytes are put aside, and `response_` is left alone.
inline void session::refuse(error const& why) {
  in_.hold();
  problem{why.status, std::string(why.detail)}.write(refusal());
  failure_ = why;
  keep_alive_ = asked_already_ = false;
  refused_ = true;
  state_ = state::refuse;
  time_.watch(wend::deadline::none);
}

/// Refuses a head that is not complete: an answer to HEAD has no content, whatever it says, and who
/// writes a log wants to know what was asked for.
inline void session::refuse_head(error const& why) {
  request_.method = in_.head().method;
  request_.target = in_.head().target;
  request_.version_minor = in_.head().version_minor;
  refuse(why);
}

inline session::step session::send_source() {
  using made = detail::answer_writer::pulled;
  switch (answer_.pull()) {
    case made::piece: return want::output;
    case made::end: end_answer(); break;
    case made::failure: cut(); break;
  }
  return std::nullopt;
}

inline session::step session::send_file() {
  if (!output().empty()) return want::output;
  if (file().size > 0) return want::file;
  end_answer();
  return std::nullopt;
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

inline void session::push_end() {
  if (!wants_content()) return;
  answer_.push_end();
  end_answer();
}

inline void session::push_abort() noexcept {
  if (wants_content()) cut();
}

inline session::step session::skip_body() {
  auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, in_.size()));
  in_.discard(n);
  skip_ -= n;
  if (skip_ == 0) {
    state_ = state::head;
    time_.head_begins();
    return std::nullopt;
  }
  if (!output().empty()) return want::output;
  if (!ended_) return want::input;
  state_ = state::closed;
  return std::nullopt;
}

/// Half-closes after the last byte, so that the peer can read it before a reset (RFC 9112 9.6).
inline session::step session::flush() {
  if (!output().empty()) return want::output;
  if (aborted_ || switched_ || ended_) {
    state_ = state::closed;
    return std::nullopt;
  }
  state_ = state::linger;
  return want::finish;
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

inline void session::release_memory() {
  in_.release_memory();
  answer_.queue().release_memory();
  detail::release(response_.body);
  detail::release(request_.path_scratch);
}

inline void session::sent(std::size_t n) {
  if (n == 0) return;
  time_.sent();
  answer_.queue().sent(n);
}

inline bool session::idle() const noexcept {
  return state_ == state::head && !in_.begun() && output().empty();
}

// --- deadlines ---

inline void session::watch(want what) noexcept {
  auto next = wend::deadline::none;
  if (what == want::output || what == want::file) {
    next = wend::deadline::write;
  } else if (asked()) {
    if (reads_pieces() && waits_)
      next = wend::deadline::body;
    else if (time_.handler_has_one())
      next = wend::deadline::handler;
  } else if (what == want::input && state_ != state::push) {
    if (state_ == state::head)
      next = idle() ? wend::deadline::keep_alive : wend::deadline::head;
    else
      next = state_ == state::linger ? wend::deadline::linger : wend::deadline::body;
  }
  time_.watch(next);
}

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
