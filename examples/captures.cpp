// Every kind of capture, and what a handler takes it as. The order of the routes does not matter.
#include <sstream>

#include "options.hpp"

enum class color { red, green, blue };

/// Joins what a handler was given, so that it can be seen.
template <class... T>
std::string show(T const&... values) {
  std::ostringstream out;
  ((out << values << '\n'), ...);
  return out.str();
}

int main(int argc, char** argv) {
  using std::string_view;
  using maybe = std::optional<string_view>;

  auto app = wend::routes(
      // One segment, as text; a type that text converts to answers 400 when it does not.
      wend::get<"/plain/{name}">([](string_view name) { return show(name); }),
      wend::get<"/color/{c}">([](color c) { return show(wend::enum_name(c)); }),

      // A typed one matches nothing else; a number too large for its parameter is a 404.
      wend::get<"/int/{n:int}">([](std::int32_t n) { return show(n); }),
      wend::get<"/number/{x:number}">([](double x) { return show(x); }),
      wend::get<"/hex/{n:hex}">([](std::uint32_t n) { return show(n); }),
      wend::get<"/uuid/{id:uuid}">([](wend::uuid id) { return show(id.to_string()); }),
      wend::get<"/slug/{s:slug}">([](string_view s) { return show(s); }),

      // A small regular expression, matched in linear time.
      wend::get<"/year/{y:\\d{4}}">([](int y) { return show(y); }),
      wend::get<"/download/{os:linux|mac|windows}">([](string_view os) { return show(os); }),

      // The more precise route wins: "latest" is no year, and not just any text either.
      wend::get<"/release/latest">([] { return show("the latest"); }),
      wend::get<"/release/{y:uint}">([](int y) { return show("year", y); }),
      wend::get<"/release/{name}">([](string_view name) { return show("name", name); }),

      // Several captures in a segment, each as short as it can be.
      wend::get<"/archive/{y:int}-{m:int}.html">([](int y, int m) { return show(y, m); }),
      wend::get<"/file/{name}.{type:chunk}">(
          [](string_view name, string_view type) { return show(name, type); }),

      // Optional parts, which nest; and a slash at the end that may be there or not.
      wend::get<"/log[/{y:int}[/{m:int}]]">([](std::optional<int> y, std::optional<int> m) {
        return show(y.value_or(0), m.value_or(0));
      }),
      wend::get<"/song/{title:chunk}[.{format}]">(
          [](string_view title, maybe format) { return show(title, format.value_or("html")); }),
      wend::get<"/both[/]">([] { return show("with or without a slash"); }),

      // The rest of the path, slashes and all; or any text before more pattern.
      wend::get<"/tree/{path...}">([](string_view path) { return show(path); }),
      wend::get<"/page/{path:any}/edit">([](string_view path) { return show("edit", path); }),

      // Captures by name, in any order, and not all of them.
      wend::get<"/user/{user}/post/{id:int}">([](wend::path<"id", long> id) { return show(*id); }),

      // A literal is itself, decoded; brackets are escaped. A method of your own is as good as any.
      wend::get<"/café/\\[menu\\]">([] { return show("un café"); }),
      wend::on<wend::method{"PURGE"}, "/cache/{key}">([](string_view key) { return show(key); }));

  wend::serve(app, example::options(argc, argv));
}
