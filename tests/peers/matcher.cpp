// What tests/peers/python_routes.py asks: of each line of JSON, which route of a router matches each path, with which
// captures, and which URL a pattern makes of values.
//
//     {"patterns": ["/a/{id}"], "paths": ["/a/5"]}   ->  [{"route": 0, "captures": {"id": "5"}}]
//     {"pattern": "/a/{id}", "values": ["x y"]}      ->  "/a/x%20y", or null for values that are not read back
//     {"method": "PUT", "path": "/notes/5"}          ->  {"route": "notes.replace", "captures": {"id": "5"}}, of the
//                                                        resources below
//     {"host": "api.example.com", "path": "/x"}      ->  {"route": "one", "sub_domain": "api"}, of the hosts below
#include <wend/app/condition.hpp>
#include <wend/app/resource.hpp>
#include <wend/app/router.hpp>
#include <wend/app/service.hpp>
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/route/url_for.hpp>

#include <array>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using json = nlohmann::json;

json find(wend::service all,
          wend::method const& m,
          std::string const& path,
          std::string const& host = "localhost") {
  std::array const fields{wend::field{"Host", host}};
  wend::request in;
  wend::response out;
  wend::body_policy body;
  in.method = m;
  auto const target = wend::parse_target(in.method, path);
  if (!target) return nullptr;
  in.target = *target;
  in.fields = wend::fields_view{fields};
  if (all.find(in, out, body) != wend::stage::body) return nullptr;
  all.call(in, out);
  return json::parse(out.body);
}

std::string told(wend::request& in, json const& route) {
  auto const parsed = wend::checked_pattern(in.route->pattern);
  json captures = json::object();
  for (std::size_t c = 0; c < parsed.capture_count; ++c)
    captures[std::string(parsed.capture[c].name)] = in.captures[c];
  return json{{"route", route}, {"captures", captures}}.dump();
}

json match(json const& question) {
  wend::router all;
  auto const& patterns = question.at("patterns");
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    auto const pattern = patterns[i].get<std::string>();
    all.add(wend::method::get, pattern, [i](wend::request& in) { return told(in, i); });
  }
  all.prepare();
  json out = json::array();
  for (auto const& path : question.at("paths"))
    out.push_back(find(all, wend::method::get, path.get<std::string>()));
  return out;
}

struct members {
  static std::string name(wend::request& in) { return told(in, in.route->name); }

  std::string index(wend::request& in) const { return name(in); }
  std::string create(wend::request& in) const { return name(in); }
  std::string show(wend::request& in) const { return name(in); }
  std::string replace(wend::request& in) const { return name(in); }
  std::string update(wend::request& in) const { return name(in); }
  std::string remove(wend::request& in) const { return name(in); }
};

json resources(json const& question) {
  static auto const all = wend::routes(
      wend::resource<"notes">(members{}),
      wend::resource<"regions/{region_id}">(members{}, wend::resource<"locations">(members{})));
  wend::method const m(question.at("method").get<std::string>());
  return find(all, m, question.at("path").get<std::string>());
}

/// What Routes calls sub-domains is in front of the last two labels.
json hosts(json const& question) {
  static auto const route = [](std::string name) {
    return [name](wend::request&, wend::host_part<"sub_domain"> sub) {
      return json{{"route", name}, {"sub_domain", *sub}}.dump();
    };
  };
  static auto const all = wend::routes(
      wend::host<R"({sub_domain:(api|a\.b)}.{domain}.{top})">(wend::get<"/x">(route("one"))),
      wend::host<"{sub_domain:any}.{domain}.{top}">(wend::get<"/x">(route("any")),
                                                    wend::get<"/y">(route("y"))),
      wend::get<"/x">([] { return json{{"route", "none"}, {"sub_domain", nullptr}}.dump(); }));
  auto const host = question.at("host").get<std::string>();
  return find(all, wend::method::get, question.at("path").get<std::string>(), host);
}

json url(json const& question) {
  auto const text = question.at("pattern").get<std::string>();
  auto const pattern = wend::checked_pattern(text);
  std::array<wend::detail::tree_route, 1> const alone{{{&pattern, 0}}};
  auto const parts = wend::detail::build_tree(alone);
  std::vector<std::optional<std::string>> values;
  for (auto const& v : question.at("values"))
    values.emplace_back(v.get<std::string>());
  try {
    return wend::detail::checked_url(pattern, text, parts.view(), values);
  } catch (std::invalid_argument const&) {
    return nullptr;
  }
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    json answer;
    try {
      auto const question = json::parse(line);
      answer = question.contains("patterns") ? match(question)
               : question.contains("host")   ? hosts(question)
               : question.contains("path")   ? resources(question)
                                             : url(question);
    } catch (std::exception const& e) {
      answer = {{"error", e.what()}};
    }
    std::cout << answer.dump() << std::endl;
  }
}
