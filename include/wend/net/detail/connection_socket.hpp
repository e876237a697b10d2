// What a connection does with its socket: reads, writes, sleeps and closes as its session wants.
#pragma once

#include <wend/net/asio.hpp>
#include <wend/net/connection.hpp>
#include <wend/net/sendfile.hpp>
#include <wend/wire/proxy_protocol.hpp>
#include <wend/wire/session.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <poll.h>

namespace wend::detail {

inline constexpr int most_steps = 256;  // of one connection at a time

inline void connection::prepare() {
  session_ = loop_->wake_session(loop_->clock.now);
  asio::error_code failed;
  socket_.non_blocking(true, failed);
  socket_.set_option(asio::ip::tcp::no_delay(true), failed);
  auto const peer = socket_.remote_endpoint(failed);
  if (!failed) peer_ = endpoint_text(peer);
  session_->request().connection = this;
}

inline void connection::begin() {
  if (!loop_->proxy_protocol) return go();
  learning_ = true;
  last_content_ = loop_->clock.now;
  learn_peer({});
}

/// Reads the header that a proxy sends first, which begins with `head`. Without one nobody would
/// know who the client is.
inline void connection::learn_peer(std::string head) {
  auto const had = head.size();
  head.resize(max_proxy_header);
  auto const room = asio::buffer(head.data() + had, head.size() - had);
  socket_.async_read_some(room,
                          [self = connection_owner(*this), head = std::move(head), had](
                              asio::error_code why, std::size_t n) mutable {
                            head.resize(had + n);
                            self->attempt([&] { self->learned(std::move(head), !why); });
                            self->go();
                          });
}

inline void connection::learned(std::string head, bool more) {
  auto const header = parse_proxy_header(head);
  bool const whole = header && *header;
  if (header && !whole && more && head.size() < max_proxy_header)
    return learn_peer(std::move(head));
  learning_ = false;
  if (!more || !whole) {
    closing_ = true;
    return;
  }
  if (!(*header)->source.empty()) peer_ = (*header)->source;
  head.erase(0, (*header)->size);
  if (!head.empty() && session_->next() == session::want::input) {
    // what came with a header is less than the smallest room
    std::copy(head.begin(), head.end(), session_->room().begin());
    session_->received(head.size());
  }
}

/// Does what the session wants until it has to wait. Called whenever something happened.
inline void connection::go() noexcept {
  if (going_) return;                                 // the loop below will see
  if ((learning_ || !session_) && !closing_) return;  // who posted this before it fell asleep
  going_ = true;
  attempt([this] {
    for (int steps = 0; !closing_ && step(session_->next());) {
      if (++steps < most_steps) continue;
      asio::post(loop(), [self = connection_owner(*this)] { self->go(); });
      break;  // others want their turn
    }
  });
  going_ = false;
  if (closing_) close();
}

/// Does what the session wants; false when it has to be waited for.
[[gnu::always_inline]] inline bool connection::step(session::want what) {
  switch (what) {  // the four that a plain request comes to are looked at first
    case session::want::input: return wait_for_input();
    case session::want::route: route(); return true;
    case session::want::call: call(); return true;
    case session::want::output: return write() || wait_to_write();
    default: return step_aside(what);
  }
}

inline bool connection::step_aside(session::want what) {
  switch (what) {
    case session::want::refuse: refuse(); break;
    case session::want::file: return send_file();
    case session::want::finish: {
      asio::error_code ignored;
      socket_.shutdown(stream_socket::shutdown_send, ignored);
      break;
    }
    case session::want::failed: report(session_->response().failure); break;
    default:
      if (!session_->switched())
        closing_ = true;
      else
        session_->decline_switch();
  }
  return true;
}

inline void connection::tick() noexcept {
  attempt([this] { look_at_clock(); });
  if (closing_) wake();
}

inline void connection::look_at_clock() {
  if (!session_) {
    closing_ |= loop_->clock.now - asleep_since_ >= loop_->limits.keep_alive;
    return;
  }
  if (learning_) {
    closing_ |= loop_->clock.now - last_content_ >= loop_->limits.head_deadline;
    return;
  }
  if (session_->tick()) wake();
  if (!tasks_.empty() && !reading_ && !abandoned_) look_for_peer();
  if (beat_.empty() || !pushing_ || loop_->clock.now - last_content_ < beat_period_) return;
  if (!room_ && session_->may_push()) push_now(beat_);  // else a piece is only half there
}

/// Lets the session decide again, although something is being waited for.
inline void connection::wake() noexcept {
  asio::error_code ignored;
  socket_.cancel(ignored);
  if (!into_buffer_) go();  // else when that operation has ended, as it holds the buffer
}

inline void connection::close() noexcept {
  if (closed_) return;
  closed_ = true;
  cancel_tasks();
  asio::error_code ignored;
  if (session_ && session_->aborted())
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  if (body_) body_->notify();
  if (room_) room_->notify();
}

// --- bytes

inline bool connection::wait_for_input() {
  if (reading_ || pulling_) return false;
  if (loop_->crowded() && !draining_ && tasks_.empty() && session_->is_blank())
    fall_asleep();
  else if (tasks_.empty())
    read();
  else if (!session_->room().empty())
    watch();
  return false;
}

inline void connection::read() {
  auto const room = session_->room();
  socket_.async_read_some(asio::buffer(room.data(), room.size()),
                          [self = connection_owner(*this)](asio::error_code why, std::size_t n) {
                            self->reading_ = self->into_buffer_ = false;
                            if (n > 0)
                              self->session_->received(n);
                            else if (why == asio::error::eof)
                              self->session_->received_end();
                            else
                              self->failed(why);
                            self->go();
                          });
  reading_ = into_buffer_ = true;
}

/// Gives the session back until something is there to be read: where there are many connections,
/// most are idle, and what they need then is small.
inline void connection::fall_asleep() {
  asleep_since_ = session_->waiting_since();
  loop_->drop_session(std::move(session_));
  socket_.async_wait(stream_socket::wait_read,
                     [self = connection_owner(*this)](asio::error_code why) {
                       self->reading_ = false;
                       if (why) self->failed(why);
                       if (!self->closing_) self->attempt([&] { self->wake_up(); });
                       self->go();
                     });
  reading_ = true;
}

inline void connection::wake_up() {
  session_ = loop_->wake_session(asleep_since_);
  session_->request().connection = this;
  if (draining_) session_->last();
  read_now();
}

/// Looks out for the peer while a coroutine runs: nothing may hold the buffer then.
inline void connection::watch() {
  socket_.async_wait(stream_socket::wait_read,
                     [self = connection_owner(*this)](asio::error_code why) {
                       self->reading_ = false;
                       if (why)
                         self->failed(why);
                       else if (!self->pulling_)
                         self->read_now();
                       if (self->body_) self->body_->notify();
                       self->go();
                     });
  reading_ = true;
}

/// Looks whether the peer has left behind more than there was room for.
inline void connection::look_for_peer() {
#if defined(POLLRDHUP)
  constexpr short half = POLLRDHUP;
#else
  constexpr short half = 0;
#endif
  ::pollfd at{socket_.native_handle(), half, 0};
  if (::poll(&at, 1, 0) != 1) return;
  if ((at.revents & (POLLHUP | POLLERR)) != 0) {
    abort();
  } else if ((at.revents & half) != 0 && !pulling_) {  // a body that came whole may be unread still
    peer_left();
  }
}

/// The peer sends no more while a coroutine works for it: it has left. If it did not it still gets
/// the answers to what it asked before.
inline void connection::peer_left() {
  if (loop_->half_close || abandoned_) return;
  abandon();
  session_->peer_left();
  wake();
}

/// Reads what is there.
inline void connection::read_now() {
  auto const room = session_->room();
  if (room.empty()) return;
  asio::error_code why;
  auto const n = socket_.read_some(asio::buffer(room.data(), room.size()), why);
  if (n > 0) {
    session_->received(n);
  } else if (why == asio::error::eof) {
    session_->received_end();
    if (!tasks_.empty() && !pulling_) peer_left();
  } else if (why != asio::error::would_block && why != asio::error::try_again) {
    failed(why);
  }
}

/// Writes what the socket takes; false when that is not all.
inline bool connection::write() {
  auto const bytes = session_->output();
  asio::error_code why;
  auto const n = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), why);
  session_->sent(n);
  if (room_ && session_->may_push()) room_->notify();
  if (!why) return true;
  if (why == asio::error::would_block || why == asio::error::try_again) return false;
  failed(why);
  return true;
}

inline bool connection::wait_to_write() {
  if (writing_) return false;
  socket_.async_wait(stream_socket::wait_write,
                     [self = connection_owner(*this)](asio::error_code why) {
                       self->writing_ = false;
                       if (why) self->failed(why);
                       if (self->body_) self->body_->notify();
                       self->go();
                     });
  writing_ = true;
  return false;
}

/// Sends what the socket takes of a file; false when that is not all.
inline bool connection::send_file() {
  asio::error_code why;
  auto const n = detail::send_file(socket_.native_handle(), session_->file(), why);
  if (!why)
    session_->file_sent(n);
  else if (why == asio::error::would_block || why == asio::error::try_again)
    return wait_to_write();
  else
    failed(why);
  return true;
}

/// An operation that was cancelled is one that `wake` ended.
inline void connection::failed(asio::error_code why) {
  if (why != asio::error::operation_aborted) closing_ = true;
}

}  // namespace wend::detail
