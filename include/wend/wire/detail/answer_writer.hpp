// Puts answers out: a head, and the content in whichever way there is one.
#pragma once

#include <wend/http/file.hpp>
#include <wend/http/response.hpp>
#include <wend/wire/detail/output_queue.hpp>
#include <wend/wire/serializer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace wend::detail {

/// The answer that is being sent, behind those that were not sent yet.
class answer_writer {
 public:
  /// What follows what was put out.
  enum class rest : std::uint8_t { nothing, source, file, pushed };
  struct begun {
    rest follows = rest::nothing;
    bool keep_alive = true;
  };
  using pulled = output_queue::pulled;

  output_queue& queue() noexcept { return out_; }
  output_queue const& queue() const noexcept { return out_; }

  /// Says that the owner can send files.
  void sends_files(bool yes) noexcept { sends_files_ = yes; }

  /// Puts the head out, and the content of a body; leaves the content of `answer` unspecified.
  /// What a source throws when asked for its size comes through, and nothing was put out then.
  begun begin(response& answer, answer_context const& to);

  /// Takes from the source as much as may wait to be sent: `piece` when that is reached.
  pulled pull();

  /// What is still to be sent of the file.
  file_slice const& file() const noexcept { return file_; }

  /// Takes `n` bytes off it.
  void file_sent(std::uint64_t n) noexcept {
    n = std::min(n, file_.size);
    file_.offset += n;
    file_.size -= n;
  }

  void push(std::string_view data) { out_.push(data, framing_); }
  void push_end(trailer_fields const& behind) { out_.push_end(framing_, behind); }

  /// True when nothing but the end of the connection tells the end of the content.
  bool ends_with_connection() const noexcept { return framing_ == content_framing::close; }

  /// Lets go of the source.
  void end() noexcept {
    source_.reset();
    file_ = {};
  }

 private:
  output_queue out_;
  std::unique_ptr<body_source> source_;
  std::uint64_t left_ = 0;  // bytes that a source of known size has still to make
  file_slice file_;         // what is left of it
  content_framing framing_ = content_framing::none;
  bool sends_files_ = false;
};

// ------------------------------------------------------------------------------------------------

inline answer_writer::begun answer_writer::begin(response& answer, answer_context const& to) {
  auto const start = out_.text().size();
  try {
    auto const head = write_head(out_.text(), answer, to, true);
    begun done{rest::nothing, head.keep_alive};
    framing_ = head.framing;
    if (framing_ == content_framing::none || head.complete) return done;
    if (to.pushed) {
      done.follows = rest::pushed;
    } else if (!answer.source) {
      out_.add(answer.body);
    } else {
      auto const file = sends_files_ ? answer.source->file() : std::nullopt;
      bool const whole = file && framing_ == content_framing::length && file->size == head.length;
      if (whole) file_ = *file;
      done.follows = whole ? rest::file : rest::source;
      left_ = head.length;
      source_ = std::move(answer.source);
    }
    return done;
  } catch (...) {
    out_.text().resize(start);
    throw;
  }
}

inline answer_writer::pulled answer_writer::pull() {
  auto got = pulled::piece;
  while (got == pulled::piece && out_.may_pull())
    got = out_.pull(*source_, framing_, left_);
  return got;
}

}  // namespace wend::detail
