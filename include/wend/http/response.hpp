// A response as handlers and middleware make it.
#pragma once

#include <wend/http/fields.hpp>
#include <wend/http/file.hpp>
#include <wend/http/status.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wend {

class problem;

/// Content that is made piece by piece while it is sent.
class body_source {
 public:
  virtual ~body_source() = default;

  /// The number of bytes that `read` will give in all, if that is known before: it becomes the
  /// Content-Length, and a source that then gives another number has its connection cut.
  virtual std::optional<std::uint64_t> size() const { return std::nullopt; }

  /// Appends the next piece to `out`; false when there is none and never will be. What it throws
  /// cuts the connection, so that the client sees that the content is not complete.
  virtual bool read(std::string& out) = 0;

  /// Adds what follows the content, when `read` has given all. It is sent where the content is
  /// chunked: not if `size` is known, nor to HTTP/1.0.
  virtual void trailers(trailer_fields& out) { static_cast<void>(out); }

  /// The file that holds exactly what `read` would give, if there is one: a connection that can
  /// sends from there and never calls `read`. Lifetime: the descriptor stays open with the source.
  virtual std::optional<file_slice> file() const { return std::nullopt; }
};

/// Work that goes on after a handler or middleware has returned. What it is, net/ knows: the layers
/// below hand it on.
class late_work {
 public:
  virtual ~late_work() = default;
};

/// A response: status, fields and content. Content-Length, Transfer-Encoding, Connection and Date
/// are not set here: they belong to the message and are written when it is sent.
struct response {
  wend::status status = wend::status::ok;
  wend::fields fields;
  std::string body;                      ///< the content, unless there is a `source`
  std::unique_ptr<body_source> source;   ///< content of a size that need not be known
  std::exception_ptr failure;            ///< what a handler threw, when this is the 500 for it
  std::shared_ptr<problem const> cause;  ///< the problem that this was rendered from, if from one
  std::unique_ptr<late_work> later;      ///< set: this is not there yet, and the work will fill it
  std::unique_ptr<late_work> producer;   ///< set: it pushes the content while that is sent

  response() = default;
  explicit response(wend::status s) : status(s) {}
  response(wend::status s, std::string_view content_type, std::string content)
      : status(s), body(std::move(content)) {
    fields.add("Content-Type", content_type);
  }

  /// Sets a field, in place of all others of this name; throws `std::invalid_argument` for a name
  /// or value that cannot be sent.
  response& set(std::string_view name, std::string_view value) {
    fields.set(name, value);
    return *this;
  }

  /// Adds a field beside others of this name, as Set-Cookie needs it; throws like `set`.
  response& add(std::string_view name, std::string_view value) {
    fields.add(name, value);
    return *this;
  }

  /// Makes this the blank 200 that a connection reuses; keeps what was allocated.
  void reset() noexcept {
    status = wend::status::ok;
    fields.clear();
    body.clear();
    if (source || failure || cause || later || producer) reset_rest();
  }

 private:
  void reset_rest() noexcept {
    source.reset();
    failure = nullptr;
    cause.reset();
    later.reset();
    producer.reset();
  }
};

}  // namespace wend
