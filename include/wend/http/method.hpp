// Request methods (RFC 9110 9, IANA HTTP Method Registry).
//
// A method is an open set of case-sensitive tokens, so this is a value and not an enum:
// `method::get` and `method{"PURGE"}` are the same kind of thing; both may be template arguments.
#pragma once

#include <wend/http/ascii.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace wend {

/// A request method: a token of 1 to 23 bytes.
///
/// The longest registered one has 17; a longer token in a request is answered 501 (RFC 9112 3).
/// Two methods are equal when their bytes are: "get" is not GET (RFC 9110 9.1).
class method {
 public:
  static constexpr std::size_t max_size = 23;

  static const method get, head, post, put, del, patch, options, connect, trace;

  /// No method at all: what a default-constructed request holds.
  constexpr method() = default;

  /// Takes the method's name; throws `std::invalid_argument` when that is no token or too long,
  /// which in a constant expression is a compile error.
  constexpr explicit method(std::string_view name) {
    if (name.size() > max_size || !is_token(name)) throw std::invalid_argument("not a method name");
    *this = of_token(name);
  }

  /// The method of this name, which the caller knows to be a token of at most `max_size` bytes.
  static constexpr method of_token(std::string_view name) noexcept {
    method out;
    for (char c : name)
      out.text_[out.size_++] = c;
    return out;
  }

  /// The name as it stands on the wire: "GET". Lifetime: as long as this object.
  constexpr std::string_view name() const noexcept { return {text_, size_}; }

  [[gnu::always_inline]] friend constexpr bool operator==(method const& a,
                                                          method const& b) noexcept {
    if (std::is_constant_evaluated()) return a.name() == b.name();
    // in words: byte by byte is how a compiler would do it, and this is asked for every request
    std::uint64_t x[3], y[3];
    std::memcpy(x, &a, sizeof x);
    std::memcpy(y, &b, sizeof y);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2])) == 0;
  }

  /// Structural, so that a method can be a template argument; not for use.
  char text_[max_size] = {};
  unsigned char size_ = 0;
};
static_assert(sizeof(method) == method::max_size + 1);  // no padding: the words are the value

inline constexpr method method::get{"GET"};
inline constexpr method method::head{"HEAD"};
inline constexpr method method::post{"POST"};
inline constexpr method method::put{"PUT"};
inline constexpr method method::del{"DELETE"};
inline constexpr method method::patch{"PATCH"};
inline constexpr method method::options{"OPTIONS"};
inline constexpr method method::connect{"CONNECT"};
inline constexpr method method::trace{"TRACE"};

/// True when IANA lists the method: an unlisted one that no route takes is 501, not 405.
/// Complexity: linear in the registry, 40 short compares; off the hot path.
constexpr bool is_registered(method const& m) noexcept {
  constexpr std::string_view names =
      "ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK "
      "MERGE MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH "
      "POST PRI PROPFIND PROPPATCH PUT QUERY REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK "
      "UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL ";
  if (m == method{}) return false;
  for (auto at = names.find(m.name()); at != names.npos; at = names.find(m.name(), at + 1))
    if ((at == 0 || names[at - 1] == ' ') && names[at + m.name().size()] == ' ') return true;
  return false;
}

}  // namespace wend
