// Dates and times as Internet protocols write them outside of HTTP fields (RFC 3339 5.6).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace wend {

/// A resolution in which a time is counted in whole ticks.
template <class Duration>
concept whole_ticks = !std::chrono::treat_as_floating_point_v<typename Duration::rep>;

/// The time in UTC, "2026-01-02T03:04:05.25Z", with a fraction when there is one; in days, the date
/// alone: "2026-01-02". Empty outside of the years 0 to 9999, which the form cannot hold.
/// Allocates: the text.
template <whole_ticks Duration>
std::string format_timestamp(std::chrono::sys_time<Duration> when);

/// The time that `text` says, in UTC; for days, a date. Nothing when it is malformed, names no day
/// of the calendar, or lies outside of what `Duration` can count.
///
///     date-time = full-date ( "T" / "t" / SP ) 2DIGIT ":" 2DIGIT ":" 2DIGIT [ "." 1*DIGIT ] offset
///     offset    = "Z" / "z" / ( "+" / "-" ) 2DIGIT ":" 2DIGIT
///     full-date = 4DIGIT "-" 2DIGIT "-" 2DIGIT
///
/// Choice: second 60 is the first of the next minute; digits finer than `Duration` are dropped.
template <whole_ticks Duration>
std::optional<std::chrono::sys_time<Duration>> parse_timestamp(std::string_view text) noexcept;

// ------------------------------------------------------------------------------------------------

namespace detail {

inline void append_digits(std::string& out, std::int64_t value, int width) {
  std::size_t const start = out.size();
  out.append(static_cast<std::size_t>(width), '0');
  for (std::size_t i = out.size(); i > start; value /= 10)
    out[--i] = static_cast<char>('0' + value % 10);
}

/// Appends the date; false, and nothing appended, outside of the years 0 to 9999.
inline bool append_day(std::string& out, std::chrono::sys_days day) {
  using namespace std::chrono;
  if (day < sys_days{year{0} / 1 / 1} || day > sys_days{year{9999} / 12 / 31}) return false;
  year_month_day const date{day};
  append_digits(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  return true;
}

/// Appends the time of day, and its fraction without the zeros at the end.
template <class Duration>
void append_time_of_day(std::string& out, Duration since_midnight) {
  std::chrono::hh_mm_ss<Duration> const time{since_midnight};
  append_digits(out, time.hours().count(), 2);
  out += ':';
  append_digits(out, time.minutes().count(), 2);
  out += ':';
  append_digits(out, time.seconds().count(), 2);
  if (time.subseconds().count() == 0) return;
  out += '.';
  append_digits(out, time.subseconds().count(), time.fractional_width);
  while (out.back() == '0')
    out.pop_back();
}

/// Takes a timestamp apart from the left; `ok` is false once something did not fit.
struct timestamp_scanner {
  std::string_view rest;
  bool ok = true;

  bool accept(std::string_view any_of) noexcept {
    if (rest.empty() || any_of.find(rest.front()) == any_of.npos) return false;
    rest.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) noexcept { ok = accept(any_of) && ok; }
  int digits(int count) noexcept {
    int value = 0;
    for (; count > 0; --count) {
      int const next = rest.empty() ? -1 : rest.front() - '0';
      expect("0123456789");
      if (ok) value = value * 10 + next;
    }
    return value;
  }
  int at_most(int limit) noexcept {
    int const value = digits(2);
    ok = ok && value <= limit;
    return value;
  }

  std::chrono::sys_days day() noexcept {
    int const year = digits(4);
    expect("-");
    int const month = digits(2);
    expect("-");
    int const day_of_month = digits(2);
    std::chrono::year_month_day const date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day_of_month)}};
    ok = ok && date.ok();
    return ok ? std::chrono::sys_days{date} : std::chrono::sys_days{};
  }
  std::chrono::seconds time() noexcept {
    int const hours = at_most(23);
    expect(":");
    int const minutes = at_most(59);
    expect(":");
    return std::chrono::hours{hours} + std::chrono::minutes{minutes} +
           std::chrono::seconds{at_most(60)};
  }
  std::chrono::nanoseconds fraction() noexcept {
    if (!accept(".")) return {};
    std::int64_t value = digits(1);
    int places = 1;
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1))
      if (places < 9) {
        value = value * 10 + (rest.front() - '0');
        ++places;
      }
    for (; places < 9; ++places)
      value *= 10;
    return std::chrono::nanoseconds{value};
  }
  std::chrono::seconds offset() noexcept {
    if (accept("Zz")) return {};
    bool const west = !rest.empty() && rest.front() == '-';
    expect("+-");
    int const hours = at_most(23);
    expect(":");
    std::chrono::seconds const east = std::chrono::hours{hours} + std::chrono::minutes{at_most(59)};
    return west ? -east : east;
  }
};

}  // namespace detail

template <whole_ticks Duration>
std::string format_timestamp(std::chrono::sys_time<Duration> when) {
  using std::chrono::days;
  std::string out;
  auto const total = when.time_since_epoch();
  auto day = std::chrono::duration_cast<days>(total);  // towards zero, so that no product overflows
  auto rest = total - day;
  if (rest < rest.zero()) {
    --day;
    rest += days{1};
  }
  if (!detail::append_day(out, std::chrono::sys_days{day}) || std::is_same_v<Duration, days>)
    return out;
  out += 'T';
  detail::append_time_of_day(out, rest);
  out += 'Z';
  return out;
}

template <whole_ticks Duration>
std::optional<std::chrono::sys_time<Duration>> parse_timestamp(std::string_view text) noexcept {
  using namespace std::chrono;
  detail::timestamp_scanner scan{text};
  sys_seconds when = scan.day();
  nanoseconds fraction{};
  if constexpr (!std::is_same_v<Duration, days>) {
    scan.expect("Tt ");
    when += scan.time();
    fraction = scan.fraction();
    when -= scan.offset();
  }
  if (!scan.ok || !scan.rest.empty()) return std::nullopt;
  // In floating point, where no bound of any resolution overflows; the outermost second is lost.
  duration<double> const seconds_since = when.time_since_epoch();
  if (seconds_since - seconds{1} < duration<double>(Duration::min()) ||
      seconds_since + seconds{1} > duration<double>(Duration::max()))
    return std::nullopt;
  return floor<Duration>(when) + duration_cast<Duration>(fraction);
}

}  // namespace wend
