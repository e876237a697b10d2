// The same rows in four forms, each in constant memory however many there are.
#include "options.hpp"

struct reading {
  int hour{};
  double celsius{};
};

reading measured(int hour) {
  return {hour, 15.0 + (hour * 7 % 24) / 2.0};
}

std::string csv_line(reading const& r) {
  return std::to_string(r.hour) + ',' + std::to_string(r.celsius) + "\r\n";
}

/// Gives one reading after the other, as the cursor of a database would.
struct cursor {
  int end;
  int at = 0;

  std::optional<reading> operator()() {
    return at < end ? std::optional(measured(at++)) : std::nullopt;
  }
};

int main(int argc, char** argv) {
  // A producer runs after its handler has returned: it takes what it needs by value.
  using rows = wend::query<"rows", wend::range<int, 0, 100'000'000>, 24>;

  auto app = wend::routes(
      // A coroutine writes, and waits while the client is slow.
      wend::get<"/export.csv">([](rows n) {
        return wend::stream(
            "text/csv", [next = cursor{*n}](wend::writer& out) mutable -> asio::awaitable<void> {
              co_await out.write("hour,celsius\r\n");
              while (auto const row = next())
                co_await out.write(csv_line(*row));
            });
      }),

      // JSON from anything that returns optionals, or from a range: no coroutine is needed.
      wend::get<"/export.json">([](rows n) { return wend::json_array(cursor{*n}); }),
      wend::get<"/export.ndjson">([](rows n) { return wend::json_lines(cursor{*n}); }),

      // Code that was written for files: it blocks, so it has a thread of its own.
      wend::get<"/export.txt">([](rows n) {
        return wend::stream(
            "text/plain", wend::blocking([next = cursor{*n}](std::ostream& out) mutable {
              while (auto const row = next())
                out << "at " << row->hour << ":00 it was " << row->celsius << " degrees\n";
            }));
      }));

  wend::serve(app, example::options(argc, argv));
}
