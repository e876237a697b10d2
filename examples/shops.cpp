// Many shops in one program, each on a host of its own, and in each a resource.
#include <algorithm>
#include <map>
#include <variant>

#include "options.hpp"

struct item {
  std::string name;
  int price = 0;  // in cents
};

struct shop {
  std::string title;
  std::vector<item> items;
};

using shops = std::map<std::string, shop, std::less<>>;

/// Finds the shop that a request is for, by the host that it wants.
struct find_shop {
  shops const& all;

  std::variant<shop const*, wend::problem> before(wend::request&,
                                                  wend::host_part<"shop"> name) const {
    if (auto const at = all.find(*name); at != all.end()) return &at->second;
    return wend::problem{wend::status::not_found, "there is no such shop"};
  }
};
using this_shop = wend::provided<shop const*>;

struct items {
  std::vector<item> index(this_shop in) const { return (*in)->items; }

  std::optional<item> show(std::string_view name, this_shop in) const {
    auto const& all = (*in)->items;
    auto const at = std::find_if(all.begin(), all.end(), [&](auto& i) { return i.name == name; });
    return at == all.end() ? std::nullopt : std::optional(*at);
  }
};

/// Who reads a page with a mouse gets a page.
bool wants_html(wend::request const& in) {
  return in.field("Accept").value_or("").find("text/html") != std::string_view::npos;
}

int main(int argc, char** argv) {
  shops const all{{"tea", {"Tea & Co", {{"assam", 450}, {"sencha", 620}}}},
                  {"paper", {"Papers", {{"a4", 300}}}}};

  auto const names = [&] {
    std::vector<std::string> out;
    for (auto const& [name, s] : all)
      out.push_back(name);
    return out;
  };
  auto const page = [](this_shop in) {
    return wend::response(wend::status::ok, "text/html", "<h1>" + (*in)->title + "</h1>\n");
  };

  auto const api =
      wend::routes(wend::get<"/">(names),
                   wend::host<"{shop}.example.com">(
                       wend::use(find_shop{all}),
                       wend::resource<"items">(items{}),
                       wend::get<"/">([](this_shop in) { return (*in)->title + "\n"; }),
                       wend::when(wants_html, wend::get<"/">(page))),
                   wend::host<"www.example.com">(
                       wend::redirect<"/{path...}", "https://example.com/{path...}">()));
  wend::serve(api, example::options(argc, argv));
}
