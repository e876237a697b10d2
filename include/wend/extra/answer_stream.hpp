// An answer whose content is read while it comes.
#pragma once

#include <wend/extra/client_options.hpp>
#include <wend/extra/detail/client_core.hpp>
#include <wend/http/fields.hpp>
#include <wend/http/response.hpp>
#include <wend/http/status.hpp>
#include <wend/net/asio.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace wend {

/// An answer whose content is read piece by piece, in constant memory, however long it is:
///
///     wend::answer_stream film = web.open({.url = "http://127.0.0.1:8080/film"});
///     while (auto piece = film.read()) file << *piece;
///
/// Read to the end, it gives its connection back to the client. Destroyed before, it closes that,
/// and the server notices.
/// Errors: `client_error` when the content breaks off, and when nothing comes within
/// `client_options::timeout`; the connection is closed then, and what was read is not all.
/// `std::logic_error` from what blocks, for a client on a loop of yours.
/// Lifetime: it may outlive the client, but not the loop. Thread safety: as the client.
class answer_stream {
 public:
  /// An answer that is complete: what a test has.
  explicit answer_stream(response whole = {})
      : status(whole.status),
        fields(std::move(whole.fields)),
        body_(whole.body.begin(), whole.body.end()),
        over_(true) {}

  wend::status status;
  wend::fields fields;

  /// The next piece of the content, of any size but 0; nothing at the end. Lifetime: the piece until
  /// the next call.
  std::optional<std::string_view> read() { return detail::block_on(core_.get(), async_read()); }
  asio::awaitable<std::optional<std::string_view>> async_read() {
    return detail::within_timeout(core_, [this](detail::client_watch& w) { return next(w); });
  }

  /// What is left of the content, in a response with the status and the fields, which are moved. The
  /// timeout is for all of it. A `client_error` also when it is larger than `limits.body`.
  response read_all() { return detail::block_on(core_.get(), async_read_all()); }
  asio::awaitable<response> async_read_all() {
    return detail::within_timeout(core_, [this](detail::client_watch& w) { return all(w); });
  }

 private:
  friend class http_client;
  friend class answer_events;

  answer_stream(std::shared_ptr<detail::client_core> core, std::unique_ptr<detail::client_link> at)
      : status(at->reader.response().status),
        fields(std::move(at->reader.response().fields)),
        core_(std::move(core)),
        at_(std::move(at)) {
    if (at_->reader.done()) finish(std::move(at_));
  }

  asio::awaitable<std::optional<std::string_view>> next(detail::client_watch& w);
  asio::awaitable<response> all(detail::client_watch& w);
  void finish(std::unique_ptr<detail::client_link> at) {
    over_ = true;
    core_->keep(std::move(at));
  }
  std::size_t limit() const noexcept {
    return core_ ? core_->options.limits.body : static_cast<std::size_t>(-1);
  }

  std::shared_ptr<detail::client_core> core_;
  std::unique_ptr<detail::client_link> at_;
  std::vector<char> body_;  // what is there without a connection; as text, it might move with this
  bool over_ = false;
  bool told_ = false;  // it was given out
};

// ------------------------------------------------------------------------------------------------

inline asio::awaitable<std::optional<std::string_view>> answer_stream::next(
    detail::client_watch& w) {
  if (over_) {
    if (std::exchange(told_, true)) body_.clear();
    if (body_.empty()) co_return std::nullopt;
    co_return std::string_view(body_.data(), body_.size());
  }
  auto at = std::move(at_);  // comes back, unless something goes wrong
  if (!at) throw client_error("the content has broken off");
  auto const piece = co_await at->next(w);
  if (piece.empty()) {
    finish(std::move(at));
    co_return std::nullopt;
  }
  at_ = std::move(at);
  co_return piece;
}

inline asio::awaitable<response> answer_stream::all(detail::client_watch& w) {
  response out(status);
  out.fields = std::move(fields);
  while (auto const piece = co_await next(w)) {
    auto const coming = piece->size() + (at_ ? at_->reader.left() : 0);
    if (coming > limit() - out.body.size()) {
      at_.reset();
      throw client_error("the content is too large");
    }
    out.body.append(*piece);
  }
  co_return out;
}

}  // namespace wend
