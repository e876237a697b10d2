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
//       case want::output: session.sent(write(session.output())); break;
//       case want::finish: shut_down_sending(); break;
//       case want::close: return;
//     }
#pragma once

#include <wend/http/body_policy.hpp>
#include <wend/http/error.hpp>
#include <wend/http/method.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/wire/clock.hpp>
#include <wend/wire/detail/input_buffer.hpp>
#include <wend/wire/detail/output_queue.hpp>
#include <wend/wire/framing.hpp>
#include <wend/wire/limits.hpp>
#include <wend/wire/parser.hpp>
#include <wend/wire/serializer.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace wend {

/// What a session waits for; each has a row in `limits`.
enum class deadline : std::uint8_t { none, keep_alive, head, body, handler, write, linger };

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
    output,  ///< write `output()`, then `sent()`
    finish,  ///< shut down the sending side of the connection; reading goes on
    close,   ///< close the connection; `aborted()` says how
  };

  /// Both have to outlive the session.
  session(limits const& l, coarse_clock const& c)
      : limits_(&l), clock_(&c), parser_(l), chunks_(l), last_head_(c.now), since_(c.now) {}
  session(session const&) = delete;
  session& operator=(session const&) = delete;

  /// Goes on as far as the bytes allow and says what is wanted then.
  ///
  /// `route` and `call` are said once for a request. Until the owner answers, further calls say
  /// `output` if something waits to be sent, else `input`: an owner whose handler answers later may
  /// read on meanwhile, so as to see the peer leave, as long as `room()` is not empty.
  want next();

  /// Where to read into. Empty only while a handler is at work: when the buffer is full, since its
  /// views may not move, and after `received_end`. There is then nothing to do but wait for it.
  /// Lifetime: until the next call of any function but `output`, `sent` and `waiting_for`.
  std::span<char> room();

  /// Says that `n` bytes were read into the front of `room()`.
  void received(std::size_t n);

  /// Says that the peer will send no more. What it asked for before is answered.
  ///
  /// Choice: an end within a head or body closes the connection without a word (RFC 9112 8).
  void received_end() noexcept { ended_ = true; }

  /// The request, from `want::route` until `respond()`. Its views hold until the response is
  /// complete; they never move. `request().peer` is the owner's to set, once.
  wend::request& request() noexcept { return request_; }

  /// The response to fill, blank at `want::route`.
  wend::response& response() noexcept { return response_; }

  /// Answers `want::route`: `want::call` follows, after the body if that is wanted, or the session
  /// answers 413 by itself.
  void expect(body_policy policy);

  /// Sends `response()` as it is now: in answer to `want::route`, with the body unread, or to
  /// `want::call`, at once or later. Without effect when the session gave its own answer since.
  ///
  /// Choice: a body that nobody wanted is skipped if its Content-Length is at most 64 KiB and the
  /// client did not wait for 100 Continue; else the response says "Connection: close".
  void respond();

  /// The bytes to send, which may be more than at `want::output`. Lifetime: until `next`, `respond`
  /// or `sent`.
  std::string_view output() const noexcept { return out_.view(); }

  /// Says that the first `n` bytes of `output()` were written.
  void sent(std::size_t n);

  /// Asks for the end: an idle connection closes now, another after the response at hand.
  void drain() noexcept { draining_ = true; }

  /// Compares the clock with the deadline that runs. True when it passed: call `next`. A handler
  /// that has not answered yet is then to be cancelled; what it views stays until the session ends.
  [[nodiscard]] bool tick();

  /// Which deadline runs: what the owner waits for since the last `next`.
  wend::deadline waiting_for() const noexcept { return watched_; }

  /// True when `want::close` means a reset, so that the peer cannot take what it got for complete.
  bool aborted() const noexcept { return aborted_; }

  /// True between requests, with nothing received and nothing to send.
  bool idle() const noexcept;

  /// True when `want::close` follows a 101, or a 2xx to CONNECT: the connection stays open and
  /// speaks another protocol, of which `unread()` was received already.
  bool switched() const noexcept { return switched_; }
  std::string_view unread() const noexcept { return input_.view(); }

 private:
  enum class state : std::uint8_t { head, route, body, call, answer, skip, flush, linger, closed };
  using step = std::optional<want>;  // nothing: the state changed, go on

  step advance();
  step read_head();
  step begin_request();
  step ask(want what);
  step read_body();
  bool take_chunks();
  step more_body(bool begun);
  step pull_source();
  step skip_body();
  step flush();

  void refuse(error const& why);
  void start_answer(wend::response& answer, bool keep_alive);
  void end_answer();
  void make_head_room();
  void make_body_room();
  void release_memory();
  void watch(want what) noexcept;
  bool body_is_slow() const noexcept;

  limits const* limits_;
  coarse_clock const* clock_;

  detail::input_buffer input_;      // the bytes not yet done with
  detail::input_buffer held_head_;  // the head, when the body did not fit behind it
  detail::input_buffer held_body_;  // the body, when a handler is late and the session is not
  head_parser parser_;
  chunk_decoder chunks_;
  wend::request request_;
  wend::response response_;
  std::unique_ptr<body_source> source_;  // of the response that is being sent
  detail::output_queue out_;

  std::size_t used_ = 0;     // bytes of input_ that belong to the request
  std::size_t body_at_ = 0;  // where in input_ its body begins
  std::size_t decoded_ = 0;  // bytes there that are free of chunking
  std::size_t body_limit_ = 0;
  std::uint64_t skip_ = 0;         // bytes of a body that nobody wanted
  std::uint64_t source_left_ = 0;  // bytes that a source of known size has still to make
  body_length body_ = body_length::none();
  content_framing framing_ = content_framing::none;

  std::chrono::steady_clock::time_point last_head_;  // when the head at hand began
  std::chrono::steady_clock::time_point asked_{};    // when route or call was said
  std::chrono::steady_clock::time_point body_began_{};
  std::chrono::steady_clock::time_point since_;  // last progress of what is watched
  std::uint64_t body_received_ = 0;              // raw bytes, for the rate
  wend::deadline watched_ = wend::deadline::none;

  state state_ = state::head;
  bool asked_already_ = false;
  bool keep_alive_ = false;
  bool expects_continue_ = false;  // and was not told to
  bool body_read_ = false;
  bool ended_ = false;  // the peer's side
  bool draining_ = false;
  bool aborted_ = false;
  bool switched_ = false;
};

// ------------------------------------------------------------------------------------------------

namespace detail {

inline constexpr std::size_t first_input = 2 * 1024;    // holds nearly every head
inline constexpr std::size_t least_room = 256;          // a smaller read is not worth a system call
inline constexpr std::size_t body_step = 16 * 1024;     // first block for a body
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
    case state::answer: return pull_source();
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
  if (out_.full()) return want::output;
  if (!input_.empty()) {
    auto const complete = parser_.parse(input_.view());
    if (!complete) {
      request_.method =
          parser_.head().method;  // an answer to HEAD has no content, whatever it says
      refuse(complete.error());
      return std::nullopt;
    }
    if (*complete) return begin_request();
  }
  if (!out_.empty()) return want::output;
  bool const begun = input_.size() > parser_.skipped();
  if (ended_ || (draining_ && !begun)) {
    state_ = state::closed;
    return std::nullopt;
  }
  if (!begun) release_memory();
  return want::input;
}

inline session::step session::begin_request() {
  auto const& head = parser_.head();
  request_.method = head.method;
  request_.target = head.target;
  request_.version_minor = head.version_minor;
  request_.fields = head.fields;
  bool const asks_to_keep = head.version_minor > 0 || head.keep_alive;
  keep_alive_ = asks_to_keep && !head.close;
  used_ = head.size;
  state_ = state::route;
  auto const body = request_body_length(head);
  body_ = body_length::none();
  if (!body) {
    refuse(body.error());
    return std::nullopt;
  }
  body_ = *body;
  body_read_ = false;
  asked_already_ = false;
  bool const expects = head.version_minor > 0;  // else to be ignored, RFC 9110 10.1.1
  expects_continue_ = expects && head.expects_continue && !body_.empty();
  if (expects && head.expects_other)
    refuse({status::expectation_failed, "the expectation is unknown", "RFC 9110 10.1.1"});
  return std::nullopt;
}

inline session::step session::ask(want what) {
  if (!asked_already_) {
    asked_already_ = true;
    asked_ = clock_->now;
    return what;
  }
  return out_.empty() ? want::input : want::output;
}

inline void session::expect(body_policy policy) {
  if (state_ != state::route) return;
  asked_already_ = false;
  state_ = state::call;
  if (policy.mode == body_mode::unwanted || body_.empty()) return;
  body_limit_ = policy.limit.value_or(limits_->body);
  if (body_.bytes() > body_limit_) {
    refuse({status::content_too_large, "the body is too large", "RFC 9110 15.5.14"});
    return;
  }
  state_ = state::body;
  body_at_ = used_;
  decoded_ = 0;
  body_began_ = since_ = clock_->now;
  body_received_ = input_.size() - used_;
}

inline session::step session::read_body() {
  bool complete = false;
  if (body_.is_chunked()) {
    if (!take_chunks()) return std::nullopt;  // refused
    complete = chunks_.done();
  } else {
    decoded_ =
        static_cast<std::size_t>(std::min<std::uint64_t>(input_.size() - body_at_, body_.bytes()));
    used_ = body_at_ + decoded_;
    complete = decoded_ == body_.bytes();
  }
  if (!complete) return more_body(body_received_ > 0);
  request_.body = input_.view().substr(body_at_, decoded_);
  request_.trailers = chunks_.trailers();
  body_read_ = true;
  state_ = state::call;
  return std::nullopt;
}

/// Decodes what came in place; false when it was refused.
inline bool session::take_chunks() {
  auto rest = input_.view().substr(used_);
  while (!rest.empty() && !chunks_.done()) {
    auto const data = chunks_.next(rest);
    if (!data) {
      refuse(data.error());
      return false;
    }
    if (data->size() + chunks_.left() > body_limit_ - decoded_) {  // a chunk size, so no overflow
      refuse({status::content_too_large, "the body is too large", "RFC 9110 15.5.14"});
      return false;
    }
    if (data->empty()) continue;
    std::memmove(input_.data() + body_at_ + decoded_, data->data(), data->size());
    decoded_ += data->size();
  }
  used_ = input_.size() - rest.size();
  if (chunks_.done()) return true;
  input_.truncate(body_at_ + decoded_);  // all of it was taken
  used_ = input_.size();
  return true;
}

/// Waits for more of the body; 100 Continue is sent if the client waits too (RFC 9110 10.1.1).
inline session::step session::more_body(bool begun) {
  if (expects_continue_ && !begun) out_.text().append(continue_response);
  expects_continue_ = false;
  if (!out_.empty()) return want::output;
  if (!ended_) return want::input;
  state_ = state::closed;
  return std::nullopt;
}

// --- the response ---

inline void session::respond() {
  if (state_ != state::route && state_ != state::call) return;
  bool keep = keep_alive_ && !draining_;
  bool const unread = !body_read_ && !body_.empty();
  if (unread && (expects_continue_ || body_.is_chunked() || body_.bytes() > detail::skip_limit))
    keep = false;
  skip_ = unread ? body_.bytes() : 0;
  auto const s = code(response_.status);
  if (s < 101 || s > 999 || (s > 101 && s < 200))  // an interim response is no answer
    problem{status::internal_server_error}.write(response_);
  auto const start = out_.text().size();
  try {
    start_answer(response_, keep);
  } catch (...) {  // a source that does not even know its size
    out_.text().resize(start);
    refuse({status::internal_server_error, {}, "RFC 9110 15.6.1"});
    return;
  }
  if (source_)
    state_ = state::answer;
  else
    end_answer();
}

/// Puts the head out, and the content unless a source is still to make it.
inline void session::start_answer(wend::response& answer, bool keep_alive) {
  answer_context const to{clock_->date,
                          request_.version_minor,
                          keep_alive,
                          request_.method == method::head,
                          request_.method == method::connect};
  auto const head = write_head(out_.text(), answer, to);
  keep_alive_ = head.keep_alive;
  switched_ = switches_protocol(answer.status, to.to_connect);
  if (head.framing == content_framing::none) return;
  framing_ = head.framing;
  source_left_ = head.length;
  if (answer.source)
    source_ = std::move(answer.source);
  else
    out_.add(answer.body);
}

/// The response is complete: nothing views into the request any more.
inline void session::end_answer() {
  input_.consume(used_);
  used_ = 0;
  if (held_head_.capacity() > 0) held_head_ = detail::input_buffer();
  if (response_.fields.lines().size() > detail::idle_memory) {
    wend::fields blank;
    std::swap(response_.fields, blank);  // an assignment would keep the memory
  }
  if (body_.is_chunked()) chunks_.reset();
  source_.reset();
  response_.reset();
  request_.reset();
  parser_.reset();
  if (!keep_alive_ || switched_) {
    state_ = state::flush;
    return;
  }
  state_ = skip_ > 0 ? state::skip : state::head;
  last_head_ = body_began_ = clock_->now;
  body_received_ = 0;
}

/// Answers by itself and ends the connection. A handler may still be at work on the request, so
/// its bytes are put aside, and `response_` is left alone.
inline void session::refuse(error const& why) {
  (held_head_.capacity() == 0 ? held_head_ : held_body_) = std::move(input_);
  wend::response answer;
  problem{why.status, std::string(why.detail)}.write(answer);
  start_answer(answer, false);
  state_ = state::flush;
  watched_ = wend::deadline::none;
}

inline session::step session::pull_source() {
  using pulled = detail::output_queue::pulled;
  while (out_.may_pull()) {
    auto const got = out_.pull(*source_, framing_, source_left_);
    if (got == pulled::piece) continue;
    if (got == pulled::end) {
      end_answer();
    } else {
      source_.reset();
      aborted_ = true;
      state_ = state::flush;
    }
    return std::nullopt;
  }
  return want::output;
}

inline session::step session::skip_body() {
  auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, input_.size()));
  input_.consume(n);
  skip_ -= n;
  if (skip_ == 0) {
    state_ = state::head;
    last_head_ = clock_->now;
    return std::nullopt;
  }
  if (!out_.empty()) return want::output;
  if (!ended_) return want::input;
  state_ = state::closed;
  return std::nullopt;
}

/// Half-closes after the last byte, so that the peer can read it before a reset (RFC 9112 9.6).
inline session::step session::flush() {
  if (!out_.empty()) return want::output;
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
    case state::head: make_head_room(); break;
    case state::body: make_body_room(); break;
    case state::route:
    case state::call:
    case state::answer: break;  // views are out, nothing may move
    case state::flush:
    case state::linger:
      if (!switched_) input_.consume(input_.size());  // nobody will answer it
      [[fallthrough]];
    case state::skip:
    case state::closed:
      if (input_.capacity() == 0) input_ = detail::input_buffer(detail::first_input);
  }
  return input_.room();
}

inline void session::received(std::size_t n) {
  if (n == 0) return;
  if (state_ == state::head && input_.size() <= parser_.skipped()) last_head_ = clock_->now;
  input_.commit(n);
  if (state_ == state::body || state_ == state::skip) {
    body_received_ += n;
    since_ = clock_->now;
  }
  bool const discard = state_ == state::linger || (state_ == state::flush && !switched_);
  if (discard) input_.consume(input_.size());
}

/// Grows up to the limit of a head: the parser refuses what does not fit, so there is room then.
inline void session::make_head_room() {
  if (input_.room().size() >= detail::least_room) return;
  auto capacity = std::max(input_.capacity(), detail::first_input);
  auto const most = std::max(limits_->head, limits_->head + detail::least_room);  // if it wraps
  if (input_.size() + detail::least_room > capacity && capacity < most)
    capacity = std::min(2 * capacity, most);
  auto const* const from = input_.data();
  auto const old = input_.make_room(capacity);
  parser_.rebase(from, input_.size(), input_.data());
}

/// The head may not move any more. A body that does not fit behind it gets a block of its own,
/// which grows as bytes come and not as Content-Length promises.
inline void session::make_body_room() {
  bool const own = body_at_ == 0;
  auto const least = std::uint64_t{detail::least_room};
  auto const left = body_.is_chunked() ? least : body_.bytes() - decoded_;
  if (input_.room().size() >= (own ? std::min(left, least) : left)) return;
  auto const promised = body_.is_chunked() ? body_limit_ : static_cast<std::size_t>(body_.bytes());
  if (own) {
    auto const twice = 2 * input_.capacity();
    input_.make_room(body_.is_chunked() ? twice : std::min(twice, promised));
    return;
  }
  auto const have = input_.view().substr(body_at_);
  detail::input_buffer block(std::max({std::min(promised, detail::body_step),
                                       have.size() + detail::least_room,
                                       detail::first_input}));
  std::copy(have.begin(), have.end(), block.room().begin());
  block.commit(have.size());
  held_head_ = std::move(input_);
  input_ = std::move(block);
  used_ -= body_at_;
  body_at_ = 0;
}

inline void session::release_memory() {
  if (input_.empty() && input_.capacity() > detail::idle_memory) input_ = detail::input_buffer();
  out_.release_memory();
  detail::release(response_.body);
  detail::release(request_.path_scratch);
}

inline void session::sent(std::size_t n) {
  if (n == 0) return;
  since_ = clock_->now;
  out_.sent(n);
}

inline bool session::idle() const noexcept {
  return state_ == state::head && input_.size() <= parser_.skipped() && out_.empty();
}

// --- deadlines ---

inline void session::watch(want what) noexcept {
  auto next = wend::deadline::none;
  bool const asked = state_ == state::route || state_ == state::call;
  if (what == want::output) {
    next = wend::deadline::write;
  } else if (asked) {
    if (limits_->handler_deadline.count() > 0) next = wend::deadline::handler;
  } else if (what == want::input) {
    if (state_ == state::head)
      next = idle() ? wend::deadline::keep_alive : wend::deadline::head;
    else
      next = state_ == state::linger ? wend::deadline::linger : wend::deadline::body;
  }
  if (next == watched_) return;
  watched_ = next;
  since_ = clock_->now;
}

inline bool session::body_is_slow() const noexcept {
  auto const age = clock_->now - body_began_;
  if (age < limits_->body_deadline) return false;
  auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
  return body_received_ / static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 1)) <
         limits_->body_rate;
}

inline bool session::tick() {
  auto const passed = [now = clock_->now](auto since, auto limit) { return now - since >= limit; };
  bool const asked = (state_ == state::route || state_ == state::call) && asked_already_;
  auto const handler = limits_->handler_deadline;
  if (asked && handler.count() > 0 && passed(asked_, handler)) {
    refuse({status::service_unavailable, "the answer took too long", "RFC 9110 15.6.4"});
    return true;
  }
  switch (watched_) {
    case wend::deadline::none:
    case wend::deadline::handler: return false;
    case wend::deadline::head:
      if (!passed(last_head_, limits_->head_deadline)) return false;
      refuse({status::request_timeout, "the head took too long", "RFC 9110 15.5.9"});
      return true;
    case wend::deadline::body:
      if (!passed(since_, limits_->body_deadline) && !body_is_slow()) return false;
      if (state_ == state::body)
        refuse({status::request_timeout, "the body took too long", "RFC 9110 15.5.9"});
      else
        state_ = state::flush;  // it was answered already
      break;
    case wend::deadline::keep_alive:
      if (!passed(since_, limits_->keep_alive)) return false;
      state_ = state::closed;
      break;
    case wend::deadline::linger:
      if (!passed(since_, limits_->linger)) return false;
      state_ = state::closed;
      break;
    case wend::deadline::write:
      if (!passed(since_, limits_->write_deadline)) return false;
      aborted_ = true;
      state_ = state::closed;
      break;
  }
  watched_ = wend::deadline::none;
  return true;
}

}  // namespace wend
