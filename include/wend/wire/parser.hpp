// The head of a request: request line and fields (RFC 9112 2 to 5), from bytes to views.
//
// The parser works line by line as bytes arrive, so a broken head is refused with its first broken
// line and never waits for a deadline; the answer does not depend on how the bytes were split.
// It does not read bodies: what the framing fields mean is said in framing.hpp.
#pragma once

#include <wend/http/error.hpp>
#include <wend/http/field_value.hpp>
#include <wend/http/fields.hpp>
#include <wend/http/method.hpp>
#include <wend/http/target.hpp>
#include <wend/wire/detail/scan.hpp>
#include <wend/wire/limits.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace wend {

/// The fields that decide how a message is framed or where it goes; `other` is all the rest.
enum class framing_field : std::uint8_t {
  host,
  content_length,
  transfer_encoding,
  expect,
  connection,
  other
};

/// Which of them a field is. Complexity: one compare for nearly every name.
framing_field framing_field_of(std::string_view name) noexcept;

/// The head of a request. Lifetime: views into the parsed bytes, and into the parser.
struct request_head {
  wend::method method;
  wend::target target;
  int version_minor = 1;  ///< HTTP/1.x
  fields_view fields;     ///< in the order they came
  std::size_t size = 0;   ///< bytes up to the body, a tolerated empty line in front included

  bool close = false;             ///< Connection has "close"
  bool keep_alive = false;        ///< Connection has "keep-alive"
  bool expects_continue = false;  ///< Expect has "100-continue"
  bool expects_other = false;     ///< Expect has something else (RFC 9110 10.1.1: 417)

  /// How many fields of this kind there are, and the value of the first. O(1).
  std::size_t count(framing_field f) const noexcept { return noted_[index(f)].count; }
  std::string_view value(framing_field f) const noexcept {
    return count(f) == 0 ? std::string_view{} : fields.begin()[noted_[index(f)].first].value;
  }

 private:
  friend class head_parser;
  struct noted {
    std::uint32_t count = 0;
    std::int32_t first = 0;
  };
  static std::size_t index(framing_field f) noexcept { return static_cast<std::size_t>(f); }

  std::array<noted, 5> noted_{};
};

/// Takes a field line apart, without its CRLF; control bytes are expected to be refused before.
///
///     field-line = field-name ":" OWS field-value OWS
///
/// Error: no colon, a name that is no token (so also a blank before the colon), a folded line; 400.
result<field> parse_field_line(std::string_view line);

/// Reads the head of a request from bytes that arrive in any pieces.
///
///     head_parser parser(limits);
///     result<bool> complete = parser.parse(all_bytes_so_far);
///
/// Lifetime: keeps a reference to the limits. Allocates: room for fields, kept across `reset`.
class head_parser {
 public:
  explicit head_parser(limits const& l) : limits_(&l) {}
  head_parser(head_parser const&) = delete;
  head_parser& operator=(head_parser const&) = delete;

  /// True when the head is complete, false when bytes are missing. `input` is all that came since
  /// `reset`, at the same place as in the call before (or see `rebase`); what follows the head is
  /// not looked at. Errors: 400, 414, 431, 501 or 505, as soon as the bytes show it.
  /// Complexity: linear in the bytes that are new.
  ///
  /// Choice: one empty line before the request line is skipped (RFC 9112 2.2), a second is not.
  result<bool> parse(std::string_view input);

  /// The complete head. Lifetime: until `reset`, and as long as the bytes stay where they are.
  request_head const& head() const noexcept { return head_; }

  /// True when the method is in `head()`, and target and version if those could be read.
  bool request_line_read() const noexcept { return !head_.method.name().empty(); }

  /// How many bytes at the front are a tolerated empty line: 0 or 2.
  std::size_t skipped() const noexcept { return begin_; }

  /// Says that the bytes moved from `from`, which may be gone, to `to`.
  void rebase(char const* from, std::size_t size, char const* to) noexcept;

  /// Makes ready for the next head; keeps what was allocated.
  void reset() noexcept;

 private:
  enum class phase : std::uint8_t { start, request_line, fields };

  std::optional<error> take_request_line(std::string_view line);
  error refuse_request_line(std::string_view line, error const& why);
  std::optional<error> take_field(std::string_view line);
  void note(framing_field kind, std::string_view value);
  result<bool> finish(std::size_t size);
  bool is_known_host(std::string_view host);
  /// Whether a request line, of which this may be the beginning, has too long a target.
  bool is_too_long(std::string_view line) const noexcept {
    constexpr auto around = method::max_size + sizeof " HTTP/1.1";  // the target, with both spaces
    return line.size() > around && line.size() - around > limits_->target;
  }
  error line_too_long(std::string_view line) const;

  limits const* limits_;
  request_head head_;
  std::vector<field> fields_;
  std::size_t begin_ = 0;    // of the request line
  std::size_t line_ = 0;     // where the line at hand begins
  std::size_t scanned_ = 0;  // where to look on for its end
  phase phase_ = phase::start;
  unsigned char known_host_size_ = 0;
  char known_host_[31];  // blank behind that; the host of the head before
};

// ------------------------------------------------------------------------------------------------

namespace detail {

inline error bad_line(line_end end, std::string_view text) {
  if (end.at < text.size() && text[end.at] == '\r')
    return {status::bad_request, "a CR stands without its LF", "RFC 9112 2.2"};
  if (end.at < text.size() && text[end.at] == '\n')
    return {status::bad_request, "a LF stands without its CR", "RFC 9112 2.2"};
  return {status::bad_request, "a line holds a control character", "RFC 9110 5.5"};
}

/// What is wrong with a request line that does not begin with a method of a known length and a
/// space, or does not end in a space and HTTP/1.x.
inline error bad_request_line(std::string_view line) {
  auto const first = line.find(' ');
  auto const last = line.rfind(' ');
  if (first == last)  // or there is none
    return {status::bad_request, "the request line has not three parts", "RFC 9112 3"};
  auto const name = line.substr(0, first);
  if (!is_token(name)) return {status::bad_request, "the method is not a token", "RFC 9110 9.1"};
  if (name.size() > method::max_size)
    return {status::not_implemented, "the method is unknown", "RFC 9110 9.1"};
  auto const version = line.substr(last + 1);  // HTTP-version = "HTTP/" DIGIT "." DIGIT
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !digit(version[5]) ||
      version[6] != '.' || !digit(version[7]))
    return {status::bad_request, "the request line does not end in HTTP/1.1", "RFC 9112 2.3"};
  return {status::http_version_not_supported, "only HTTP/1 is spoken here", "RFC 9110 2.5"};
}

/// What is wrong with a line that does not begin with a token and a colon.
inline error bad_field_line(std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t'))
    return {status::bad_request, "a field is folded onto a second line", "RFC 9112 5.2"};
  if (line.find(':') == line.npos)
    return {status::bad_request, "a field has no colon", "RFC 9112 5"};
  return {status::bad_request, "a field name is not a token", "RFC 9112 5.1"};
}

/// `text` without its first `n` bytes, which it has.
constexpr std::string_view after(std::string_view text, std::size_t n) noexcept {
  text.remove_prefix(n);
  return text;
}

}  // namespace detail

inline framing_field framing_field_of(std::string_view name) noexcept {
  auto const is = [name](std::string_view known, framing_field f) {
    return name == known || iequals(name, known) ? f : framing_field::other;
  };
  switch (name.size()) {
    case 4: return is("Host", framing_field::host);
    case 6: return is("Expect", framing_field::expect);
    case 10: return is("Connection", framing_field::connection);
    case 14: return is("Content-Length", framing_field::content_length);
    case 17: return is("Transfer-Encoding", framing_field::transfer_encoding);
    default: return framing_field::other;
  }
}

inline result<field> parse_field_line(std::string_view line) {
  auto const name = token_prefix(line);
  if (name.empty() || name.size() == line.size() || line[name.size()] != ':')
    return detail::bad_field_line(line);
  auto value = detail::after(line, name.size() + 1);
  if (value.size() > 1 && value[0] == ' ' && value[1] > ' ' && value.back() > ' ')
    value.remove_prefix(1);  // as nearly all are written
  else
    value = trim(value);
  return field{name, value};
}

inline result<bool> head_parser::parse(std::string_view input) {
  if (phase_ == phase::start) {
    if (input.empty() || input == "\r") return false;
    if (input.starts_with("\r\n")) begin_ = line_ = scanned_ = 2;
    phase_ = phase::request_line;
  }
  bool const beyond = input.size() - begin_ > limits_->head;
  std::string_view const window{input.data(), beyond ? begin_ + limits_->head : input.size()};
  for (auto at = line_, from = scanned_;;) {
    auto const end = detail::find_line_end(window, from);
    std::string_view const line{window.data() + at, end.at - at};
    bool const first = phase_ == phase::request_line;
    if (first && is_too_long(line)) return refuse_request_line(line, line_too_long(line));
    if (end.what != detail::line_end::is::found) [[unlikely]] {
      line_ = at;
      scanned_ = end.at;
      if (end.what == detail::line_end::is::broken) {
        auto const why = detail::bad_line(end, window);
        return first ? refuse_request_line(line, why) : why;
      }
      if (!beyond) return false;
      return error{status::request_header_fields_too_large, "the head is too large", "RFC 6585 5"};
    }
    at = from = end.at + 2;
    if (line.empty() && !first) return finish(at);
    if (auto const why = first ? take_request_line(line) : take_field(line)) return *why;
    phase_ = phase::fields;
    if (window.size() - at >= 2 && window[at] == '\r' && window[at + 1] == '\n')
      return finish(at + 2);  // as the loop would, without a search
  }
}

/// request-line = method SP request-target SP HTTP-version (RFC 9112 3)
///
/// Choice: exactly one space stands at each place; RFC 9112 3 would let a server take more.
inline std::optional<error> head_parser::take_request_line(std::string_view line) {
  static constexpr std::string_view version = " HTTP/1.";
  bool const get = line.starts_with("GET ");  // nearly always
  auto const name = get ? std::string_view("GET") : token_prefix(line);
  auto const around = name.size() + 1 + version.size() + 1;
  if (name.empty() || name.size() > method::max_size || line.size() < around ||
      line[name.size()] != ' ' || !detail::digit(line.back()) ||
      std::memcmp(line.data() + line.size() - 9, version.data(), version.size()) != 0)
    return refuse_request_line(line, detail::bad_request_line(line));
  std::string_view const target{line.data() + name.size() + 1, line.size() - around};
  if (target.size() > limits_->target) return refuse_request_line(line, line_too_long(line));
  head_.method = get ? method::get : method::of_token(name);
  head_.version_minor = line.back() - '0';
  head_.target = {};
  auto const why = detail::read_target(head_.method, target, head_.target);
  if (why) head_.target = {};
  return why;
}

/// Notes the method in front of a line that is refused: an answer to HEAD has no content.
[[gnu::noinline]] inline error head_parser::refuse_request_line(std::string_view line,
                                                                error const& why) {
  auto const name = token_prefix(line);
  if (name.empty() || name.size() > method::max_size ||
      !detail::after(line, name.size()).starts_with(' '))
    return why;
  head_.method = method::of_token(name);
  head_.target = {};
  head_.version_minor = 1;
  return why;
}

/// The error for a request line of which only the beginning is known.
inline error head_parser::line_too_long(std::string_view line) const {
  auto const name = line.substr(0, std::min(line.find(' '), method::max_size + 1));
  if (!is_token(name)) return {status::bad_request, "the method is not a token", "RFC 9110 9.1"};
  if (name.size() > method::max_size)
    return {status::not_implemented, "the method is unknown", "RFC 9110 9.1"};
  return {status::uri_too_long, "the request target is too long", "RFC 9112 3"};
}

inline std::optional<error> head_parser::take_field(std::string_view line) {
  auto const parsed = parse_field_line(line);
  if (!parsed) return parsed.error();
  if (fields_.size() >= limits_->fields)
    return error{status::request_header_fields_too_large, "too many fields", "RFC 6585 5"};
  fields_.push_back(*parsed);
  auto const kind = framing_field_of(parsed->name);
  if (kind != framing_field::other) note(kind, parsed->value);
  return std::nullopt;
}

inline void head_parser::note(framing_field kind, std::string_view value) {
  auto& noted = head_.noted_[request_head::index(kind)];
  if (noted.count++ == 0) noted.first = static_cast<std::int32_t>(fields_.size() - 1);
  if (kind == framing_field::connection)
    for_each_element(value, [this](std::string_view option) {
      head_.close |= iequals(option, "close");
      head_.keep_alive |= iequals(option, "keep-alive");
    });
  if (kind == framing_field::expect)
    for_each_element(value, [this](std::string_view expectation) {
      (iequals(expectation, "100-continue") ? head_.expects_continue : head_.expects_other) = true;
    });
}

/// Choice: an empty Host is refused though RFC 9110 7.2 has it for targets without an authority:
/// no http URI has an empty host (RFC 9110 4.2.1).
inline result<bool> head_parser::finish(std::size_t size) {
  head_.size = size;
  head_.fields = fields_view{fields_};
  auto const hosts = head_.count(framing_field::host);
  if (hosts == 0 && head_.version_minor > 0)
    return error{status::bad_request, "the Host field is missing", "RFC 9112 3.2"};
  if (hosts > 1)
    return error{status::bad_request, "there is more than one Host field", "RFC 9112 3.2"};
  if (hosts == 1 && !is_known_host(head_.value(framing_field::host)))
    return error{status::bad_request, "the Host field is invalid", "RFC 9112 3.2"};
  return true;
}

/// `is_host`; a client says the same host again and again, and what was one is one still.
inline bool head_parser::is_known_host(std::string_view host) {
  if (known_host_size_ > 0 && host == std::string_view(known_host_, known_host_size_)) return true;
  if (!is_host(host)) return false;
  if (host.size() > sizeof known_host_) return true;
  std::memcpy(known_host_, host.data(), host.size());
  known_host_size_ = static_cast<unsigned char>(host.size());
  return true;
}

inline void head_parser::rebase(char const* from, std::size_t size, char const* to) noexcept {
  auto const move = [=](std::string_view& v) {  // not all views are into the bytes: "/" is ours
    if (std::less<>{}(v.data(), from) || !std::less<>{}(v.data(), from + size)) return;
    v = {to + (v.data() - from), v.size()};
  };
  auto& t = head_.target;
  for (auto* part : {&t.raw, &t.scheme, &t.authority, &t.path, &t.query})
    move(*part);
  for (auto& f : fields_) {
    move(f.name);
    move(f.value);
  }
}

inline void head_parser::reset() noexcept {
  head_.method = {};
  head_.noted_ = {};
  head_.close = head_.keep_alive = head_.expects_continue = head_.expects_other = false;
  fields_.clear();
  begin_ = line_ = scanned_ = 0;
  phase_ = phase::start;
}

}  // namespace wend
