// Middleware that writes a line for each request.
#pragma once

#include <wend/http/detail/compiled.hpp>
#include <wend/http/method.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/http/status.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace wend {

/// What a line of an access log looks like.
enum class log_format : std::uint8_t {
  combined,  ///< that of Apache and nginx, with the route and the milliseconds after it
  json,      ///< an object: time, peer, method, target, version, status, bytes, route, ms ...
};

struct access_log_options {
  log_format format = log_format::combined;
};

/// Writes a line for each request when its response is made, errors included:
///
///     wend::use(wend::access_log{std::clog}, ...)     // first, so that it sees what all others do
///
///     127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] "GET /notes/7 HTTP/1.1" 200 42 "-" "curl/7.88"
///         "/notes/{id:int}" 0.113                     // in the same line
///
/// The time it took is that of handler and middleware, in milliseconds, without the body going out.
/// "-" stands for what is not there or not known. What a client may choose is escaped.
/// Thread safety: one line is written at a time, whole. Allocates: the line.
class access_log {
 public:
  /// Writes to a stream; after a failure, as that of a full disk, the next line is tried again.
  /// Lifetime: the stream outlives this.
  explicit access_log(std::ostream& to, access_log_options options = {})
      : access_log(
            [&to](std::string_view line) {
              to.clear();
              to.write(line.data(), static_cast<std::streamsize>(line.size()));
              to.flush();
            },
            options) {}

  /// Calls `sink` with each line and the LF at its end. What it throws is lost: that a log fails is
  /// no reason for a request to fail.
  template <std::invocable<std::string_view> Sink>
  explicit access_log(Sink sink, access_log_options options = {})
      : shared_(std::make_shared<shared>(std::move(sink))), options_(options) {}

  /// When the request came.
  struct arrival {
    std::chrono::steady_clock::time_point at;
  };

  arrival before(request&) const { return {std::chrono::steady_clock::now()}; }
  void after(request const& in, response& out, arrival const& began) const noexcept;

 private:
  struct shared {
    explicit shared(std::function<void(std::string_view)> s) : sink(std::move(s)) {}

    std::mutex writing;
    std::function<void(std::string_view)> sink;
  };

  std::shared_ptr<shared> shared_;
  access_log_options options_;
};

// ------------------------------------------------------------------------------------------------

#if WEND_COMPILED_HERE

namespace detail {

/// What is said about a request.
struct log_entry {
  request const& in;
  response const& out;
  std::chrono::system_clock::time_point when;
  double milliseconds;

  /// The address of the peer without its port.
  std::string_view host() const {
    auto const colon = in.peer.rfind(':');
    return colon == in.peer.npos ? in.peer : in.peer.substr(0, colon);
  }
  std::optional<std::uint64_t> bytes() const {
    if (out.producer) return std::nullopt;
    if (out.source) return out.source->size();
    return out.body.size();
  }
  /// The pattern, with the prefixes of the mounts that it is below; empty without a route.
  std::string route() const {
    if (in.route == nullptr) return {};
    return std::string(in.mount_prefix.substr(0, in.routing.prefix)).append(in.route->pattern);
  }
};

template <class... Values>
void append_formatted(std::string& line, char const* format, Values... values) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  line += text.data();
}

/// Appends a text in quotes, as Apache escapes it; "-" for none.
inline void append_quoted(std::string& line, std::string_view text) {
  line += '"';
  if (text.empty()) line += '-';
  for (char const c : text) {
    if (c == '"' || c == '\\')
      (line += '\\') += c;
    else if (c < ' ' || c > '~')
      append_formatted(line, "\\x%02x", static_cast<unsigned char>(c));
    else
      line += c;
  }
  line += '"';
}

inline std::string combined_line(log_entry const& e) {
  static constexpr std::array<char const*, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto const day = std::chrono::floor<std::chrono::days>(e.when);
  std::chrono::year_month_day const date{day};
  std::chrono::hh_mm_ss const time{std::chrono::floor<std::chrono::seconds>(e.when - day)};
  std::string line(e.host().empty() ? "-" : e.host());
  append_formatted(line,
                   " - - [%02u/%s/%04d:%02d:%02d:%02d +0000] ",
                   static_cast<unsigned>(date.day()),
                   months[static_cast<unsigned>(date.month()) - 1],
                   static_cast<int>(date.year()),
                   static_cast<int>(time.hours().count()),
                   static_cast<int>(time.minutes().count()),
                   static_cast<int>(time.seconds().count()));
  append_quoted(line,
                std::string(e.in.method.name())
                    .append(" ")
                    .append(e.in.target.raw)
                    .append(e.in.version_minor == 0 ? " HTTP/1.0" : " HTTP/1.1"));
  append_formatted(line, " %d ", static_cast<int>(code(e.out.status)));
  auto const bytes = e.bytes();
  line += bytes ? std::to_string(*bytes) : "-";
  for (auto const name : {"Referer", "User-Agent"})
    append_quoted(line += ' ', e.in.field(name).value_or(std::string_view{}));
  append_quoted(line += ' ', e.route());
  append_formatted(line, " %.3f\n", e.milliseconds);
  return line;
}

inline std::string json_line(log_entry const& e) {
  std::string line;
  auto const member = [&](std::string_view name, std::string_view text) {
    line.append(line.empty() ? "{\"" : ",\"").append(name).append("\":");
    append_json_string(line, text);
  };
  auto const day = std::chrono::floor<std::chrono::days>(e.when);
  std::chrono::year_month_day const date{day};
  std::chrono::hh_mm_ss const time{std::chrono::floor<std::chrono::milliseconds>(e.when - day)};
  append_formatted(line,
                   "{\"time\":\"%04d-%02u-%02uT%02d:%02d:%02d.%03dZ\"",
                   static_cast<int>(date.year()),
                   static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day()),
                   static_cast<int>(time.hours().count()),
                   static_cast<int>(time.minutes().count()),
                   static_cast<int>(time.seconds().count()),
                   static_cast<int>(time.subseconds().count()));
  member("peer", e.in.peer);
  member("method", e.in.method.name());
  member("target", e.in.target.raw);
  member("version", e.in.version_minor == 0 ? "HTTP/1.0" : "HTTP/1.1");
  append_formatted(line, ",\"status\":%d", static_cast<int>(code(e.out.status)));
  if (auto const bytes = e.bytes()) line += ",\"bytes\":" + std::to_string(*bytes);
  if (e.in.route != nullptr) member("route", e.route());
  if (auto const value = e.in.field("Referer")) member("referer", *value);
  if (auto const value = e.in.field("User-Agent")) member("user_agent", *value);
  append_formatted(line, ",\"ms\":%.3f}\n", e.milliseconds);
  return line;
}

}  // namespace detail

WEND_INLINE void access_log::after(request const& in,
                                   response& out,
                                   arrival const& began) const noexcept {
  std::chrono::duration<double, std::milli> const took =
      std::chrono::steady_clock::now() - began.at;
  try {
    detail::log_entry const e{in, out, std::chrono::system_clock::now(), took.count()};
    auto const line =
        options_.format == log_format::json ? detail::json_line(e) : detail::combined_line(e);
    std::lock_guard const lock(shared_->writing);
    shared_->sink(line);
  } catch (...) {
  }
}

#endif

}  // namespace wend
