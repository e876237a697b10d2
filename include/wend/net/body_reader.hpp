// A request's body as it comes.
#pragma once

#include <wend/handler/extract.hpp>
#include <wend/http/body_policy.hpp>
#include <wend/net/awaitable.hpp>
#include <wend/net/transport.hpp>

#include <optional>
#include <string_view>

namespace wend {

/// Reads the body of a request piece by piece, in constant memory:
///
///     wend::put<"/blobs/{name}", wend::max_body<10_GiB>>(
///         [](std::string_view name, wend::body_reader& in) -> asio::awaitable<wend::status> {
///           while (auto piece = co_await in.read()) file.append(*piece);
///           co_return wend::status::created;
///         })
///
/// A handler that takes one is called as soon as the head is there; a client that asked for it is
/// told to continue with the first `read` (RFC 9110 10.1.1). What it does not read is skipped if it
/// is little, else the connection closes after the response.
class body_reader {
 public:
  explicit body_reader(transport& peer) noexcept : peer_(&peer) {}

  /// The next piece, of any size but 0; nothing at the end, when `request::trailers` are there too.
  ///
  /// Lifetime: until the next call. Throws the `problem` to answer with when the body is malformed
  /// (400), too large (413), too slow (408) or cut short; to let it pass is what a handler should
  /// do.
  template <class Peer = transport>
  asio::awaitable<std::optional<std::string_view>> read() {
    return detail::read_body<Peer>(*peer_);
  }

 private:
  transport* peer_;
};

/// The parameter `body_reader&`.
template <>
struct extractor<body_reader> {
  static constexpr bool takes_body = true;
  static constexpr body_mode mode = body_mode::pieces;
  static constexpr bool by_reference = true;

  static body_reader* extract(request& in, rejection&) {
    return &in.routing.values.put(body_reader(*in.connection));
  }
};

}  // namespace wend
