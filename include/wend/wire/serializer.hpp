// The head of a response, and how its content is framed: chosen here and nowhere else
// (RFC 9110 8.6, RFC 9112 6).
//
// Fields that belong to the message and not to the handler are written here. What a handler says
// in their place:
//   Content-Length     dropped; kept in an answer to HEAD without content, where it is all there is
//   Transfer-Encoding  dropped
//   Connection         "close" closes; "keep-alive" is dropped; other options (Upgrade) are sent
//   Date               kept: a handler that forwards a response knows better
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/field_value.hpp>
#include <wend/http/response.hpp>
#include <wend/http/status.hpp>
#include <wend/wire/parser.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wend {

/// How a client finds the end of the content of a response.
enum class content_framing : std::uint8_t {
  none,     ///< there is no content, whatever the response holds
  length,   ///< by its Content-Length
  chunked,  ///< by the chunked coding
  close,    ///< by the end of the connection
};

/// What a response has to know of its request and of the moment.
struct answer_context {
  std::string_view date_line = {};  ///< "Date: ...\r\n"; nothing is sent if it is empty
  int version_minor = 1;            ///< of the request
  bool keep_alive = true;           ///< the connection may be used again
  bool to_head = false;             ///< the request was a HEAD
  bool to_connect = false;          ///< the request was a CONNECT
  bool pushed = false;              ///< the content is neither `body` nor `source`: it comes later
};

/// What `write_head` settled.
struct written_head {
  content_framing framing = content_framing::none;
  std::uint64_t length = 0;  ///< of the content, when framed by it
  bool keep_alive = true;    ///< false: the connection ends after this response
  bool complete = false;     ///< the content was appended as well
};

/// True when the connection speaks another protocol after this response: 101 (RFC 9110 7.8), and
/// a 2xx to CONNECT (RFC 9110 9.3.6).
constexpr bool switches_protocol(status s, bool to_connect) noexcept {
  return s == status::switching_protocols || (to_connect && code(s) / 100 == 2);
}

/// Appends the head of `answer` to `out`, up to and with the empty line; the content, framed as
/// the result says, is the caller's to append. With `content_too`, content that is little may be
/// appended in the same step.
///
/// Choice: a 205 has no content and a Content-Length of 0 (RFC 9110 15.3.6 leaves the form open).
/// Allocates: only if `out` has to grow; room for a body of up to 64 KiB is made in the same step.
written_head write_head(std::string& out,
                        response const& answer,
                        answer_context const& to,
                        bool content_too = false);

/// "HTTP/1.1 100 Continue" (RFC 9110 15.2.1), complete.
inline constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

// ------------------------------------------------------------------------------------------------

namespace detail {

inline constexpr std::size_t copied_content = 64 * 1024;  // more is sent from where it is

/// Puts a head together on the stack, so that it is appended in one go; a large one, in a string.
class block_writer {
 public:
  /// There will be at most `most` bytes.
  explicit block_writer(std::size_t most) {
    if (most > sizeof near_) far_.resize(most);
    at_ = begin_ = most > sizeof near_ ? far_.data() : near_;
  }
  block_writer(block_writer const&) = delete;
  block_writer& operator=(block_writer const&) = delete;

  void add(std::string_view piece) noexcept { at_ = std::copy(piece.begin(), piece.end(), at_); }
  void add(std::uint64_t number) noexcept { at_ = std::to_chars(at_, at_ + 20, number).ptr; }

  std::string_view text() const noexcept {
    return {begin_, static_cast<std::size_t>(at_ - begin_)};
  }

 private:
  char near_[1024];  // blank where nothing was added
  std::string far_;
  char* begin_;
  char* at_;
};

/// What the fields of a handler say about the message.
struct handler_wishes {
  bool close = false;
  bool date = false;
  std::string_view content_length;
  bool options = false;  // Connection has more than close and keep-alive
};

/// Calls `visit(option)` for what a Connection value has beside close and keep-alive.
template <class Visitor>
void for_each_other_option(std::string_view value, Visitor&& visit) {
  for_each_element(value, [&](std::string_view option) {
    if (!iequals(option, "close") && !iequals(option, "keep-alive")) visit(option);
  });
}

/// Adds the fields that are a handler's to set, and collects what the others say.
inline handler_wishes add_fields(block_writer& head, std::string_view lines) {
  handler_wishes wishes;
  while (!lines.empty()) {
    auto const line = lines.substr(0, lines.find('\n') + 1);
    lines.remove_prefix(line.size());
    auto const colon = line.find(':');
    auto const name = line.substr(0, colon);
    auto const value = line.substr(colon + 2, line.size() - colon - 4);
    auto const kind = framing_field_of(name);
    if (kind == framing_field::content_length) {
      wishes.content_length = value;
    } else if (kind == framing_field::connection) {
      wishes.close |= has_token(value, "close");
      for_each_other_option(value, [&](std::string_view) { wishes.options = true; });
    } else if (kind != framing_field::transfer_encoding) {
      wishes.date |= name.size() == 4 && iequals(name, "Date");
      head.add(line);
    }
  }
  return wishes;
}

inline void add_connection(block_writer& head, response const& answer, std::string_view ours) {
  auto separator = std::string_view("Connection: ");
  auto const add = [&](std::string_view option) {
    head.add(separator);
    head.add(option);
    separator = ", ";
  };
  answer.fields.for_each([&](field const& f) {
    if (framing_field_of(f.name) == framing_field::connection) for_each_other_option(f.value, add);
  });
  if (!ours.empty()) add(ours);
  head.add("\r\n");
}

inline void add_status_line(block_writer& head, status s) {
  head.add("HTTP/1.1 ");
  head.add(static_cast<std::uint64_t>(code(s)));
  head.add(" ");
  head.add(reason(s));
  head.add("\r\n");
}

/// Appends what was put together, and makes room for what follows.
inline void append_block(std::string& out, block_writer const& block, std::size_t content) {
  auto const text = block.text();
  if (out.capacity() - out.size() < text.size() + content)
    out.reserve(out.size() + text.size() + content);
  out.append(text);
}

/// Whether nothing of an answer is out of the ordinary.
inline bool is_plain(response const& answer, answer_context const& to) noexcept {
  return !answer.fields.special() && !answer.source && !to.pushed && !to.to_head &&
         !to.to_connect && to.keep_alive && to.version_minor > 0 && code(answer.status) >= 200 &&
         !forbids_content(answer.status) && answer.status != status::reset_content;
}

/// `write_head` for such an answer.
inline written_head write_plain_head(std::string& out,
                                     response const& answer,
                                     std::string_view date_line,
                                     bool content_too) {
  auto const lines = answer.fields.lines();
  auto const size = answer.body.size();
  bool const little = content_too && size <= 512;
  // what is not counted: a status line of at most 46 bytes, and 40 for the length and the empty line
  block_writer block(128 + lines.size() + date_line.size() + (little ? size : 0));
  if (answer.status == status::ok)
    block.add("HTTP/1.1 200 OK\r\n");
  else
    add_status_line(block, answer.status);
  block.add(lines);
  block.add(date_line);
  block.add("Content-Length: ");
  block.add(std::uint64_t{size});
  block.add("\r\n\r\n");
  if (little) block.add(answer.body);
  append_block(out, block, little ? 0 : std::min(size, copied_content));
  return {content_framing::length, size, true, little};
}

}  // namespace detail

inline written_head write_head(std::string& out,
                               response const& answer,
                               answer_context const& to,
                               bool content_too) {
  if (detail::is_plain(answer, to))
    return detail::write_plain_head(out, answer, to.date_line, content_too);
  bool const switches = switches_protocol(answer.status, to.to_connect);
  std::optional<std::uint64_t> length;
  if (!to.pushed) length = answer.source ? answer.source->size() : answer.body.size();
  auto const lines = answer.fields.lines();
  bool const special = answer.fields.special();
  // what is not counted is less than half of 256: the reason phrases are short
  auto const most = 256 + to.date_line.size() + (special ? 2 : 1) * lines.size();
  detail::block_writer block(most);
  detail::add_status_line(block, answer.status);
  detail::handler_wishes wishes;
  if (special)
    wishes = detail::add_fields(block, lines);
  else
    block.add(lines);

  written_head head;
  head.keep_alive = to.keep_alive && !wishes.close;
  if (!wishes.date) block.add(to.date_line);
  bool const no_content = to.to_head || answer.status == status::reset_content;
  if (answer.status == status::reset_content) length = 0;
  if (switches || forbids_content(answer.status)) {
    head.framing = content_framing::none;
  } else if (to.to_head && length == 0 && detail::digit.all(wishes.content_length) &&
             !wishes.content_length.empty() && wishes.content_length.size() <= 20) {
    block.add("Content-Length: ");
    block.add(wishes.content_length);
    block.add("\r\n");
  } else if (length) {
    block.add("Content-Length: ");
    block.add(*length);
    block.add("\r\n");
    head.framing = no_content ? content_framing::none : content_framing::length;
    head.length = *length;
  } else if (no_content) {
    head.framing = content_framing::none;
  } else if (to.version_minor > 0) {
    block.add("Transfer-Encoding: chunked\r\n");
    head.framing = content_framing::chunked;
  } else {
    head.framing = content_framing::close;
    head.keep_alive = false;
  }
  auto const ours = switches                ? std::string_view{}
                    : !head.keep_alive      ? std::string_view("close")
                    : to.version_minor == 0 ? std::string_view("keep-alive")
                                            : std::string_view{};
  if (!ours.empty() || wishes.options) detail::add_connection(block, answer, ours);
  block.add("\r\n");
  detail::append_block(out, block, std::min(answer.body.size(), detail::copied_content));
  return head;
}

}  // namespace wend
