// Who the client is when proxies stand between (RFC 7239, and the X-Forwarded fields before it).
//
// Anybody can send these fields. They are believed from the right, where the nearest proxy wrote,
// and only as long as whoever wrote is trusted.
#pragma once

#include <wend/http/ascii.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/fields.hpp>
#include <wend/http/ip_address.hpp>
#include <wend/http/request.hpp>
#include <wend/http/target.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend {

/// The addresses whose word on where a request came from is taken:
///
///     wend::trusted_proxies const ours{"127.0.0.1", "10.0.0.0/8", "::1/128"};
///
/// Throws `std::invalid_argument` for what is no network, or has bits behind its length.
/// Complexity of `contains`: linear in the number of networks.
class trusted_proxies {
 public:
  trusted_proxies() = default;
  trusted_proxies(std::initializer_list<std::string_view> networks);

  /// Adds a network; throws like the constructor.
  void add(std::string_view network);

  bool contains(ip_address const& address) const noexcept;

 private:
  std::vector<ip_network> networks_;
};

/// Which fields the proxies write. Not both: a proxy that writes the one hands the other on as a
/// client sent it.
enum class forwarding : std::uint8_t {
  x_forwarded,  ///< X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host
  forwarded,    ///< Forwarded (RFC 7239)
};

/// The client as far as it is known.
struct client_info {
  std::string address;                 ///< "203.0.113.9", "2001:db8::1": without brackets and port
  std::optional<std::string> proto{};  ///< "https": what the client spoke, in lower case
  std::optional<std::string> host{};   ///< "example.com:8443": the Host that the client sent

  friend bool operator==(client_info const&, client_info const&) = default;
};

/// The client of a request that came from `peer` ("10.0.0.1:49152", "[::1]:80").
///
/// Goes from `peer` through the addresses in the fields, from the last to the first, as long as
/// they are in `proxies`: the first that is not is the client. Where the next is missing,
/// malformed, "unknown" or a made-up name, the client is the last proxy that is known. At most 32
/// steps are taken.
///
/// Forwarded: what stands beside the address of the client says `proto` and `host`. X-Forwarded:
/// nothing ties those to an address, so it is the last value, which the nearest proxy wrote. Such a
/// proxy has to overwrite what clients send.
///
/// Complexity: linear in the size of the fields, times the number of networks. Allocates: the
/// result.
client_info find_client(std::string_view peer,
                        fields_view const& fields,
                        trusted_proxies const& proxies,
                        forwarding which = forwarding::x_forwarded);

/// The same for a request.
inline client_info find_client(request const& in,
                               trusted_proxies const& proxies,
                               forwarding which = forwarding::x_forwarded) {
  return find_client(in.peer, in.fields, proxies, which);
}

/// What one proxy said in a Forwarded field, unquoted; a parameter that it left out is nothing.
struct forwarded_element {
  std::optional<std::string> by{};     ///< a node, as it stands there
  std::optional<std::string> for_{};   ///< a node, as it stands there
  std::optional<std::string> host{};   ///< the Host that it received
  std::optional<std::string> proto{};  ///< "http" or "https", as it stands there

  /// The address in `for_`; nothing for "unknown" and for a made-up name ("_hidden").
  std::optional<ip_address> client() const;
};

/// Reads one element of a Forwarded field (RFC 7239 4); nothing when it is malformed.
///
///     forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )
///     forwarded-pair    = token "=" ( token / quoted-string )
///     node              = nodename [ ":" ( 1*5DIGIT / obfuscated ) ]      ; by, for
///     nodename          = IPv4address / "[" IPv6address "]" / "unknown" / obfuscated
///     obfuscated        = "_" 1*( ALPHA / DIGIT / "." / "_" / "-" )
///
/// Choice: blanks around ";" are let pass, as they are common and mean nothing else. An address in
/// brackets or with a port has to be quoted. Parameters of other names are checked and dropped.
std::optional<forwarded_element> parse_forwarded_element(std::string_view text);

// ------------------------------------------------------------------------------------------------

#if WEND_COMPILED_HERE

namespace detail {

inline constexpr std::size_t max_proxies = 32;  // more in a row is a loop, or an attack

inline constexpr byte_set obfuscated_byte =
    alphanumeric.with('.', '.').with('_', '_').with('-', '-');

/// Cuts the last element off a list and returns it, trimmed; commas in quoted strings do not
/// separate. From the right, so that a quote which a client has left open swallows nothing of what
/// a proxy has added behind it.
inline std::string_view last_element(std::string_view& list) {
  auto const escaped = [&](std::size_t at) {
    std::size_t backslashes = 0;
    while (backslashes < at && list[at - 1 - backslashes] == '\\')
      ++backslashes;
    return backslashes % 2 == 1;
  };
  bool quoted = false;
  std::size_t at = list.size();
  for (; at > 0; --at) {
    char const c = list[at - 1];
    if (c == '"' && !(quoted && escaped(at - 1))) quoted = !quoted;
    if (c == ',' && !quoted) break;
  }
  auto const element = trim(list.substr(at));
  list = list.substr(0, at > 0 ? at - 1 : 0);
  return element;
}

/// The elements of a field, repeated ones included, from the last to the first.
class backward_elements {
 public:
  backward_elements(fields_view const& fields, std::string_view name)
      : name_(name), first_(fields.begin()), at_(fields.end()) {}

  /// The next element; empty ones are passed over (RFC 9110 5.6.1). Nothing after the first.
  std::optional<std::string_view> next() {
    while (true) {
      while (!rest_.empty())
        if (auto const element = last_element(rest_); !element.empty()) return element;
      do {
        if (at_ == first_) return std::nullopt;
        --at_;
      } while (!iequals(at_->name, name_));
      rest_ = at_->value;
    }
  }

 private:
  using iterator = decltype(std::declval<fields_view const&>().begin());

  std::string_view name_;
  iterator first_;
  iterator at_;
  std::string_view rest_;
};

inline bool is_node_port(std::string_view text) {
  return !text.empty() && is_port(text);
}

/// The address in "192.0.2.1:80", "192.0.2.1", "[::1]:80", "[::1]" or "::1", unread; empty for what
/// has brackets or a port in another way.
inline std::string_view without_port(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    auto const end = text.find(']');
    if (end == text.npos) return {};
    auto const rest = text.substr(end + 1);
    bool const plain = rest.empty() || (rest.front() == ':' && is_node_port(rest.substr(1)));
    auto const inside = text.substr(1, end - 1);
    return plain && inside.find(':') != inside.npos ? inside : std::string_view{};
  }
  auto const colon = text.find(':');
  if (colon == text.npos || text.find(':', colon + 1) != text.npos) return text;
  return is_node_port(text.substr(colon + 1)) ? text.substr(0, colon) : std::string_view{};
}

inline bool is_obfuscated(std::string_view text) {
  return text.size() > 1 && text.front() == '_' && obfuscated_byte.all(text);
}

/// The node-port, and what stands before it, of a node.
inline std::pair<std::string_view, std::optional<std::string_view>> split_node(
    std::string_view text) {
  auto const end = !text.empty() && text.front() == '[' ? text.find(']') : std::size_t{0};
  auto const colon = end == text.npos ? text.npos : text.find(':', end);
  if (colon == text.npos) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

inline std::optional<ip_address> node_address(std::string_view name) {
  bool const brackets = name.size() > 2 && name.front() == '[' && name.back() == ']';
  auto const inside = brackets ? name.substr(1, name.size() - 2) : name;
  if (brackets != (inside.find(':') != inside.npos)) return std::nullopt;
  return ip_address::parse(inside);
}

inline bool is_node(std::string_view text) {
  auto const [name, port] = split_node(text);
  if (port && !is_node_port(*port) && !is_obfuscated(*port)) return false;
  return iequals(name, "unknown") || is_obfuscated(name) || node_address(name).has_value();
}

inline bool is_scheme(std::string_view text) {  // RFC 3986 3.1
  return !text.empty() && scheme_byte.all(text) && alphanumeric(text.front()) &&
         !digit(text.front());
}

/// Takes a token or a quoted string off the front of `text`; nothing when there is none.
inline std::optional<std::string> take_value(std::string_view& text) {
  std::string out;
  if (text.empty() || text.front() != '"') {
    std::size_t n = 0;
    while (n < text.size() && token_byte(text[n]))
      ++n;
    if (n == 0) return std::nullopt;
    out.assign(text.substr(0, n));
    text.remove_prefix(n);
    return out;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (text[i] == '\\' && ++i == text.size()) break;
    if (!field_byte(text[i])) break;
    out += text[i];
  }
  return std::nullopt;
}

/// Keeps a parameter; false when it is malformed, or there twice.
inline bool keep_parameter(forwarded_element& out, std::string_view name, std::string&& value) {
  auto const keep = [&](std::optional<std::string>& to, bool sound) {
    if (to || !sound) return false;
    to = std::move(value);
    return true;
  };
  if (iequals(name, "for")) return keep(out.for_, is_node(value));
  if (iequals(name, "by")) return keep(out.by, is_node(value));
  if (iequals(name, "host")) return keep(out.host, is_host(value));
  if (iequals(name, "proto")) return keep(out.proto, is_scheme(value));
  return true;
}

inline void follow_forwarded(ip_address& at,
                             client_info& out,
                             fields_view const& fields,
                             trusted_proxies const& proxies) {
  backward_elements elements(fields, "Forwarded");
  for (std::size_t i = 0; i < max_proxies && proxies.contains(at); ++i) {
    auto const text = elements.next();
    auto element = text ? parse_forwarded_element(*text) : std::nullopt;
    if (!element) break;
    out.proto = element->proto ? std::optional(lower(*element->proto)) : std::nullopt;
    out.host = std::move(element->host);
    auto const next = element->client();
    if (!next) break;
    at = *next;
  }
}

inline void follow_x_forwarded(ip_address& at,
                               client_info& out,
                               fields_view const& fields,
                               trusted_proxies const& proxies) {
  if (!proxies.contains(at)) return;
  auto const proto = backward_elements(fields, "X-Forwarded-Proto").next();
  auto const host = backward_elements(fields, "X-Forwarded-Host").next();
  if (proto && is_scheme(*proto)) out.proto = lower(*proto);
  if (host && is_host(*host)) out.host.emplace(*host);
  backward_elements elements(fields, "X-Forwarded-For");
  for (std::size_t i = 0; i < max_proxies && proxies.contains(at); ++i) {
    auto const text = elements.next();
    auto const next = text ? ip_address::parse(without_port(*text)) : std::nullopt;
    if (!next) break;
    at = *next;
  }
}

}  // namespace detail

WEND_INLINE trusted_proxies::trusted_proxies(std::initializer_list<std::string_view> networks) {
  for (auto const& network : networks)
    add(network);
}

WEND_INLINE void trusted_proxies::add(std::string_view network) {
  auto const parsed = ip_network::parse(network);
  if (!parsed)
    throw std::invalid_argument("\"" + std::string(network) +
                                "\" is no network: write \"10.0.0.0/8\" or \"::1\", without bits "
                                "behind the length");
  networks_.push_back(*parsed);
}

WEND_INLINE bool trusted_proxies::contains(ip_address const& address) const noexcept {
  for (auto const& network : networks_)
    if (network.contains(address)) return true;
  return false;
}

WEND_INLINE std::optional<ip_address> forwarded_element::client() const {
  if (!for_) return std::nullopt;
  return detail::node_address(detail::split_node(*for_).first);
}

WEND_INLINE std::optional<forwarded_element> parse_forwarded_element(std::string_view text) {
  forwarded_element out;
  while (true) {
    text = trim(text);
    if (!text.empty() && text.front() != ';') {
      auto const equals = text.find('=');
      if (equals == text.npos || !is_token(text.substr(0, equals))) return std::nullopt;
      auto const name = text.substr(0, equals);
      text.remove_prefix(equals + 1);
      auto value = detail::take_value(text);
      if (!value || !detail::keep_parameter(out, name, std::move(*value))) return std::nullopt;
      text = trim(text);
    }
    if (text.empty()) return out;
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
  }
}

WEND_INLINE client_info find_client(std::string_view peer,
                                    fields_view const& fields,
                                    trusted_proxies const& proxies,
                                    forwarding which) {
  auto const alone = detail::without_port(peer);
  auto at = ip_address::parse(alone);
  if (!at) return {std::string(alone.empty() ? peer : alone)};  // a zone, say: trusted by no list
  client_info out;
  if (which == forwarding::forwarded)
    detail::follow_forwarded(*at, out, fields, proxies);
  else
    detail::follow_x_forwarded(*at, out, fields, proxies);
  out.address = at->to_string();
  return out;
}

#endif

}  // namespace wend
