// Routes from a file: methods and patterns stand there, handlers are here and have names. On POST to
// /reload the file is read again; when something in it is wrong, the routes stay what they were.
#include <wend/extra/configured.hpp>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "options.hpp"

namespace {

struct page {
  std::string text;
  std::string type = "text/plain; charset=utf-8";
};

wend::named_handlers handlers() {
  wend::named_handlers known;
  known.add("greet", [](std::string_view name) { return "hello\n" + std::string(name) + "\n"; });
  known.add("replace", [](wend::request& in, int id) {
    return std::string(in.method.name()) + " of note " + std::to_string(id) + "\n";
  });
  known.add_with("page", [](page const& p) {
    return [p](wend::request& in) {
      auto body = p.text;
      for (std::size_t i = 0; i < in.captures.size(); ++i)
        body.append("\n").append(in.captures[i]);
      return wend::response(wend::status::ok, p.type, body + "\n");
    };
  });
  return known;
}

wend::router routes_of(std::string const& file, wend::named_handlers const& known) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file + " cannot be read");
  std::string const text(std::istreambuf_iterator<char>(in), {});
  return wend::configured_router(text, known);
}

}  // namespace

int main(int argc, char** argv) {
  auto const file = example::argument(argc, argv, "--routes", "configured.json");
  auto const known = handlers();
  wend::live_router site;
  auto const list = [&site] {
    std::ostringstream out;
    out << *site.current() << '\n';
    return out.str();
  };
  auto const reload = [&] {
    try {
      site.replace(routes_of(file, known));
    } catch (std::exception const& e) {
      throw wend::problem{wend::status::conflict, e.what()};
    }
  };
  try {
    site.replace(routes_of(file, known));
    wend::serve(
        wend::routes(
            wend::get<"/routes">(list), wend::post<"/reload">(reload), wend::mount<"/">(site)),
        example::options(argc, argv));
  } catch (std::exception const& e) {  // all that is wrong with the file, or a busy port
    std::cerr << e.what() << '\n';
    return 2;
  }
}
