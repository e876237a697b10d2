// HTTP dates: IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7).
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace wend {

/// Seconds since 1970, UTC: the resolution of HTTP.
using http_time = std::chrono::sys_seconds;

/// The time as a Date field holds it, always 29 characters for the years 0 to 9999.
inline std::string format_date(http_time when) {
  static constexpr std::array<std::string_view, 7> weekdays{
      "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto const day = std::chrono::floor<std::chrono::days>(when);
  std::chrono::year_month_day const date{day};
  std::chrono::hh_mm_ss const time{when - day};
  std::string out;
  out.reserve(29);
  auto const digits = [&](unsigned value, unsigned places) {
    for (; places > 0; places /= 10)
      out += static_cast<char>('0' + value / places % 10);
  };
  out += weekdays[std::chrono::weekday{day}.c_encoding()];
  out += ", ";
  digits(static_cast<unsigned>(date.day()), 10);
  out += ' ';
  out += months[static_cast<unsigned>(date.month()) - 1];
  out += ' ';
  digits(static_cast<unsigned>(static_cast<int>(date.year())), 1000);
  out += ' ';
  digits(static_cast<unsigned>(time.hours().count()), 10);
  out += ':';
  digits(static_cast<unsigned>(time.minutes().count()), 10);
  out += ':';
  digits(static_cast<unsigned>(time.seconds().count()), 10);
  out += " GMT";
  return out;
}

}  // namespace wend
