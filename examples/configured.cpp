// Routes from a file: a router takes the same patterns as a table, when the program starts.
#include <fstream>

#include "options.hpp"

struct page {
  std::string path;
  std::string text;
  std::string type = "text/plain; charset=utf-8";
};

int main(int argc, char** argv) {
  auto const file = example::argument(argc, argv, "--routes", "configured.json");
  std::ifstream in(file);
  std::string const text(std::istreambuf_iterator<char>(in), {});
  std::vector<page> pages;
  wend::problem why(wend::status::bad_request);
  if (!in || !wend::read_json(text, pages, why)) {
    std::cerr << file << ": " << (in ? why.json() : "cannot be read") << '\n';
    return 2;
  }

  wend::router site;
  try {
    for (auto const& p : pages)
      site.add(wend::method::get, p.path, [p](wend::request& request) {
        auto body = p.text;
        for (std::size_t i = 0; i < request.captures.size(); ++i)
          body.append("\n").append(request.captures[i]);
        return wend::response(wend::status::ok, p.type, body + "\n");
      });
    site.add(wend::get<"/routes">([&pages] { return pages; }));
    wend::serve(site, example::options(argc, argv));
  } catch (std::exception const& e) {  // a malformed pattern, two that conflict, a busy port
    std::cerr << e.what() << '\n';
    return 2;
  }
}
