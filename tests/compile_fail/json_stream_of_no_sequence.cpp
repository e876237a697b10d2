// expect: json_array and json_lines take a callable that returns std::optional<T>, empty after the last value, or a range of values
#include <wend/routes.hpp>

int next_number();
std::optional<int> next_number_or_none();

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/numbers">([] { return wend::json_lines(next_number); }));  // wrong
  // right: wend::get<"/numbers">([] { return wend::json_lines(next_number_or_none); }));
}
