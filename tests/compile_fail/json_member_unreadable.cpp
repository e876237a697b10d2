// expect: json<T>: T holds a type that JSON cannot be read into: own what you hold (std::string, not std::string_view), have a default and public members only
// expect-gcc: part_of<std::basic_string_view<char>, wend::json<note>
#include <wend/handler/json.hpp>
#include <wend/routes.hpp>

struct note {
  int id = 0;
  std::string_view title;  // wrong
  // right: std::string title;
};

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::post<"/notes">([](wend::json<note> n) { return n->title; }));
}
