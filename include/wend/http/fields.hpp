// Header fields (RFC 9110 5): the ones of a request, which are views into its bytes, and the ones
// of a response, which are built by handlers. Both keep order and repetitions and ignore case.
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/field_value.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wend {

/// One field: its name and its value without the blanks around it.
struct field {
  std::string_view name;
  std::string_view value;

  friend bool operator==(field const&, field const&) = default;
};

/// The fields of a request, in the order they came.
///
/// Lifetime: views into the bytes of the request; what must outlive it is copied to a string.
class fields_view {
 public:
  constexpr fields_view() = default;
  constexpr explicit fields_view(std::span<field const> all) : all_(all) {}

  /// The value of the first field called `name`. Complexity: linear in the number of fields.
  constexpr std::optional<std::string_view> get(std::string_view name) const noexcept {
    for (auto const& f : all_)
      if (iequals(f.name, name)) return f.value;
    return std::nullopt;
  }

  /// How many fields are called `name`.
  constexpr std::size_t count(std::string_view name) const noexcept {
    std::size_t n = 0;
    for (auto const& f : all_)
      n += iequals(f.name, name);
    return n;
  }

  constexpr auto begin() const noexcept { return all_.begin(); }
  constexpr auto end() const noexcept { return all_.end(); }
  constexpr std::size_t size() const noexcept { return all_.size(); }

 private:
  std::span<field const> all_;
};

namespace detail {

/// See `fields::special`.
constexpr bool is_special(std::string_view name) noexcept {
  switch (name.size()) {
    case 4: return iequals(name, "Date");
    case 10: return iequals(name, "Connection");
    case 14: return iequals(name, "Content-Length");
    case 17: return iequals(name, "Transfer-Encoding");
    default: return false;
  }
}

}  // namespace detail

/// The line of a field that stands in the source, checked by the compiler:
/// `field_line("Content-Type: text/csv\r\n")`. Not for the fields that `fields::special` is about.
class field_line {
 public:
  template <std::size_t N>
  consteval field_line(char const (&text)[N]) : text_(text, N - 1) {
    auto const colon = text_.find(": ");
    auto const value = text_.substr(colon + 2, text_.size() - colon - 4);
    if (!is_token(text_.substr(0, colon)) || !text_.ends_with("\r\n") ||
        !detail::field_byte.all(value) || trim(value) != value ||
        detail::is_special(text_.substr(0, colon)))
      throw std::invalid_argument("this is no line of a field");
  }
  constexpr std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
};

/// The fields of a response, kept as the lines that will be sent.
///
/// A name that is no token, or a value with CR, LF, NUL or another control character in it, throws
/// `std::invalid_argument`: nothing that could split a response reaches the wire (RFC 9110 5.5).
/// The functions are linear in the size of all fields.
class fields {
 public:
  /// Adds a field after those that are there, other fields of this name included.
  void add(std::string_view name, std::string_view value);

  /// The same for a line that needs no check.
  void add(field_line line) { lines_.append(line.text()); }

  /// Adds a field and removes all others of this name.
  void set(std::string_view name, std::string_view value);

  /// Removes all fields of this name.
  void remove(std::string_view name);

  /// The value of the first field called `name`. Lifetime: until the fields change.
  std::optional<std::string_view> get(std::string_view name) const;

  bool contains(std::string_view name) const { return get(name).has_value(); }

  /// The lines as they are sent, each ending in CRLF.
  std::string_view lines() const noexcept { return lines_; }

  /// True when there may be a field among them that belongs to the message and not to the handler,
  /// whatever it says: Connection, Content-Length, Transfer-Encoding, Date.
  bool special() const noexcept { return special_; }

  bool empty() const noexcept { return lines_.empty(); }
  void clear() noexcept {
    lines_.clear();
    special_ = false;
  }

  /// Gives memory of more than `most` bytes back, if there are no fields in it.
  void release_memory(std::size_t most) {
    if (lines_.empty() && lines_.capacity() > most) std::string().swap(lines_);
  }

  /// Calls `visit(field)` for each field in order.
  template <class Visitor>
  void for_each(Visitor&& visit) const {
    for (std::size_t at = 0; at < lines_.size();) {
      auto const line = line_at(at);
      visit(split(line));
      at += line.size();
    }
  }

 private:
  std::string_view line_at(std::size_t at) const noexcept {
    return std::string_view(lines_).substr(at, lines_.find("\r\n", at) + 2 - at);
  }
  static field split(std::string_view line) noexcept {
    auto const colon = line.find(':');
    return {line.substr(0, colon), line.substr(colon + 2, line.size() - colon - 4)};
  }

  std::string lines_;
  bool special_ = false;
};

/// Fields that follow the content (RFC 9110 6.5): what is known when that is made, as a checksum or
/// how it went.
class trailer_fields {
 public:
  /// Adds a field. Throws `std::invalid_argument` as `fields` do, and for one that the client needs
  /// before the content: for framing, routing, authentication, caching, or to know what it is.
  void add(std::string_view name, std::string_view value);

  /// The lines as they are sent, each ending in CRLF.
  std::string_view lines() const noexcept { return fields_.lines(); }

 private:
  fields fields_;
};

// ------------------------------------------------------------------------------------------------

#if WEND_COMPILED_HERE

WEND_INLINE void fields::add(std::string_view name, std::string_view value) {
  if (!is_token(name)) throw std::invalid_argument("a field name must be a token");
  if (!detail::field_byte.all(value))
    throw std::invalid_argument("a field value must not hold control characters");
  value = trim(value);
  special_ = special_ || detail::is_special(name);
  lines_.append(name).append(": ").append(value).append("\r\n");
}

WEND_INLINE void fields::set(std::string_view name, std::string_view value) {
  if (lines_.empty()) return add(name, value);
  fields one;  // name and value may be views into these very lines
  one.add(name, value);
  remove(split(one.lines_).name);
  special_ = special_ || one.special_;
  lines_ += one.lines_;
}

WEND_INLINE void fields::remove(std::string_view name) {
  for (std::size_t at = 0; at < lines_.size();) {
    auto const line = line_at(at);
    if (iequals(split(line).name, name))
      lines_.erase(at, line.size());
    else
      at += line.size();
  }
}

WEND_INLINE std::optional<std::string_view> fields::get(std::string_view name) const {
  for (std::size_t at = 0; at < lines_.size();) {
    auto const line = line_at(at);
    auto const f = split(line);
    if (iequals(f.name, name)) return f.value;
    at += line.size();
  }
  return std::nullopt;
}

WEND_INLINE void trailer_fields::add(std::string_view name, std::string_view value) {
  if (has_token("Age, Authorization, Cache-Control, Connection, Content-Encoding, Content-Length, "
                "Content-Range, Content-Type, Date, Expires, Host, Location, Proxy-Authenticate, "
                "Retry-After, Set-Cookie, TE, Trailer, Transfer-Encoding, Upgrade, Vary, "
                "WWW-Authenticate",
                name))
    throw std::invalid_argument("the client needs this field before the content");
  fields_.add(name, value);
}

#endif

}  // namespace wend
