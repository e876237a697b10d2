// Problem details (RFC 9457): the one format in which wend tells a client that something is wrong.
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/detail/sixteen.hpp>
#include <wend/http/response.hpp>
#include <wend/http/status.hpp>

#include <bit>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend {

/// A problem: returned or thrown by a handler, it becomes an application/problem+json response.
///
///     throw wend::problem{wend::status::conflict, "there is a note of this title"};
///
/// Thread safety: none needed; a value.
class problem : public std::exception {
 public:
  /// One thing that is wrong with the request.
  struct field_error {
    std::string in;      ///< "body", or "path", "query", "header", "cookie", "form"
    std::string where;   ///< in a body a JSON Pointer (RFC 6901), elsewhere the name
    std::string detail;  ///< "expected string, got number"
  };

  explicit problem(wend::status s, std::string why = {}) : status(s), detail(std::move(why)) {}

  wend::status status;
  std::string type = "about:blank";  ///< a URI for this kind of problem
  std::string title;                 ///< by default the reason phrase of the status
  std::string detail;                ///< this very case, for a person; may be empty
  std::vector<field_error> errors;   ///< every field that is wrong, in the order they were read
  wend::fields fields;               ///< sent with the response: Retry-After, WWW-Authenticate

  /// Adds a member of your own (RFC 9457 3.2); `json` is its value as JSON text.
  problem& with(std::string name, std::string json) {
    extensions_.emplace_back(std::move(name), std::move(json));
    return *this;
  }

  /// The problem as JSON text. Allocates: the text.
  std::string json() const;

  /// Makes `out` the response for this problem, which it keeps a copy of as `cause`; nothing that
  /// stood in it before remains.
  void write(response& out) const;

  char const* what() const noexcept override {
    if (!detail.empty()) return detail.c_str();
    return reason(status).empty() ? "problem" : reason(status).data();
  }

 private:
  std::vector<std::pair<std::string, std::string>> extensions_;
};

// ------------------------------------------------------------------------------------------------

namespace detail {

/// Appends `text` as a JSON string (RFC 8259 7); what is not UTF-8 becomes U+FFFD.
WEND_INLINE void append_json_string(std::string& out, std::string_view text);

/// The length of the UTF-8 sequence at the front of `text` (RFC 3629), or 0 when it is malformed.
constexpr std::size_t utf8_length(std::string_view text) noexcept {
  auto const at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned const lead = at(0);
  if (lead < 0x80) return 1;
  std::size_t const size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((at(i) & 0xC0) != 0x80) return 0;
  if (lead == 0xE0 && at(1) < 0xA0) return 0;  // overlong
  if (lead == 0xED && at(1) > 0x9F) return 0;  // surrogates
  if (lead == 0xF0 && at(1) < 0x90) return 0;  // overlong
  if (lead == 0xF4 && at(1) > 0x8F) return 0;  // above U+10FFFF
  return size;
}

/// How many bytes at the front of a text may stand in a JSON string as they are.
inline std::size_t plain_json_prefix(std::string_view text) noexcept {
  static constexpr byte_set plain = byte_set{}.with(' ', '~').without("\"\\");
  std::size_t n = 0;
  for (; text.size() - n >= 16; n += 16)
    if (auto const mask = json_mask(text.data() + n))
      return n + static_cast<std::size_t>(std::countr_zero(mask));
  while (n < text.size() && plain(text[n]))
    ++n;
  return n;
}

#if WEND_COMPILED_HERE

WEND_INLINE void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    auto const plain = plain_json_prefix(text);  // leaves in one piece
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    char const c = text.front();
    std::size_t used = 1;
    if (auto const length = utf8_length(text); static_cast<unsigned char>(c) >= 0x80) {
      if (length > 0)
        out.append(text.substr(0, used = length));
      else
        out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\x7f') {
      out += c;
    } else {
      out += "\\u00";
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
    }
    text.remove_prefix(used);
  }
  out += '"';
}

#endif

}  // namespace detail

#if WEND_COMPILED_HERE

WEND_INLINE std::string problem::json() const {
  std::string out;
  auto const member = [&](std::string_view name) {
    out += out.empty() ? '{' : ',';
    detail::append_json_string(out, name);
    out += ':';
  };
  member("type");
  detail::append_json_string(out, type);
  member("title");
  detail::append_json_string(out, title.empty() ? reason(status) : std::string_view(title));
  member("status");
  out += std::to_string(code(status));
  if (!detail.empty()) {
    member("detail");
    detail::append_json_string(out, detail);
  }
  if (!errors.empty()) {
    member("errors");
    char separator = '[';
    for (auto const& e : errors) {
      out += separator;
      separator = ',';
      if (e.in == "body") {
        out += "{\"pointer\":";
      } else {
        out += "{\"in\":";
        detail::append_json_string(out, e.in);
        out += ",\"name\":";
      }
      detail::append_json_string(out, e.where);
      out += ",\"detail\":";
      detail::append_json_string(out, e.detail);
      out += '}';
    }
    out += ']';
  }
  for (auto const& [name, json] : extensions_) {
    member(name);
    out += json;
  }
  out += '}';
  return out;
}

WEND_INLINE void problem::write(response& out) const {
  auto kept = std::make_shared<problem const>(*this);  // before: this may be the cause of `out`
  out.reset();
  out.status = kept->status;
  out.fields = kept->fields;
  out.cause = std::move(kept);
  if (forbids_content(out.status)) return;
  out.set("Content-Type", "application/problem+json");
  out.body = out.cause->json();
}

#endif

}  // namespace wend
