// The OpenAPI document, written from routes that are data: no templates, compiled once.
#pragma once

#include <wend/app/route_options.hpp>
#include <wend/app/security_scheme.hpp>
#include <wend/extra/detail/answer_list.hpp>
#include <wend/extra/detail/describe_route.hpp>
#include <wend/extra/detail/describe_type.hpp>
#include <wend/extra/detail/json_text.hpp>
#include <wend/extra/detail/path_template.hpp>
#include <wend/extra/detail/schema_writer.hpp>
#include <wend/http/ascii.hpp>
#include <wend/http/method.hpp>
#include <wend/http/status.hpp>
#include <wend/route/pattern.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend::detail {

/// A route and all that there is to say of it.
struct documented_route {
  wend::method method;
  parsed_pattern const* pattern = nullptr;
  std::string_view name;
  handler_description const* handler = nullptr;
  std::vector<security_scheme> schemes;
  parsed_pattern const* host = nullptr;  ///< that it is for
  bool may_be_taken = false;             ///< another route may have its place
  // and what its options say
  std::string_view summary, description;
  std::vector<std::string> tags;
  std::vector<std::pair<status, std::string_view>> problems;
  bool deprecated = false, undocumented = false;

  template <fixed_string Text>
  void apply(summary_option<Text> o) {
    summary = o.text;
  }
  template <fixed_string Text>
  void apply(description_option<Text> o) {
    description = o.text;
  }
  template <fixed_string Name>
  void apply(tag_option<Name> o) {
    tags.emplace_back(o.text);
  }
  template <status Status, fixed_string When>
  void apply(may_answer_option<Status, When> o) {
    problems.emplace_back(o.code, o.text);
  }
  void apply(deprecated_option) { deprecated = true; }
  void apply(undocumented_option) { undocumented = true; }
  template <class Other>
  void apply(Other const&) {}
};

/// Writes the document, route by route.
class openapi_writer {
 public:
  /// Adds a route below a prefix.
  void add(std::string const& prefix, documented_route const& r);

  /// Adds what the routes have made to the document.
  void finish(json_object& document) const;

 private:
  struct path_item {
    std::string shape;  ///< the path with its names left out
    path_template at;
    std::vector<std::pair<std::string, std::string>> operations;  ///< by method
  };

  path_item* place(path_template at, std::string const& method, bool may_be_taken);
  static std::string servers(parsed_pattern const& host);
  std::string operation(documented_route const& r, path_template const& at);
  std::string parameters(documented_route const& r, path_template const& at);
  std::string capture(documented_route const& r, std::size_t index, std::string const& name);
  std::string body(parameter_description const& p);
  std::string responses(documented_route const& r, path_template const& at);
  std::string security(documented_route const& r);
  std::string operation_id(documented_route const& r, path_template const& at);
  void add_problem(answer_list& answers, status s, std::string_view why = {});

  schema_writer schemas_;
  std::vector<path_item> paths_;
  std::vector<std::pair<std::string, std::string>> security_schemes_;
  std::vector<std::string> ids_;
};

// ------------------------------------------------------------------------------------------------

/// Whether a path item has a place for this method (OpenAPI 3.1.0 4.8.9).
inline bool has_place(method const& m) {
  constexpr std::string_view known[] = {
      "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"};
  return std::ranges::find(known, m.name()) != std::end(known);
}

/// Where an operation goes: paths that differ in the names of captures only are one to OpenAPI. The
/// first has its way, unless it has this method already. Null when another route may have the place
/// of this one, and has it.
inline openapi_writer::path_item* openapi_writer::place(path_template at,
                                                        std::string const& method,
                                                        bool may_be_taken) {
  auto const has_method = [&](path_item const& p) {
    return std::ranges::find(p.operations, method, [](auto const& o) { return o.first; }) !=
           p.operations.end();
  };
  for (auto& p : paths_) {
    if (p.shape != at.path) continue;
    if (!has_method(p)) return &p;
    if (may_be_taken) return nullptr;
  }
  auto const taken = [&](path_item const& p) { return with_names(p.at) == with_names(at); };
  auto const last = at.names.empty() ? std::string() : at.names.back();
  for (int n = 2; !at.names.empty() && std::ranges::any_of(paths_, taken); ++n)
    at.names.back() = last + "_" + std::to_string(n);
  paths_.push_back({at.path, at, {}});
  return &paths_.back();
}

inline void openapi_writer::add(std::string const& prefix, documented_route const& r) {
  if (r.undocumented || !has_place(r.method)) return;
  auto const method = lower(r.method.name());
  for (auto at : path_templates(*r.pattern)) {
    at.path = at.path == "/" && !prefix.empty() ? prefix : prefix + at.path;
    for (auto const c : at.captures)
      at.names.emplace_back(r.pattern->capture[c].name);
    auto* const item = place(at, method, r.may_be_taken);
    if (item == nullptr) continue;
    at.names = item->at.names;
    item->operations.emplace_back(method, operation(r, at));
  }
}

inline void openapi_writer::finish(json_object& document) const {
  json_object paths, components, schemes;
  for (auto const& item : paths_) {
    json_object operations;
    for (auto const& [method, text] : item.operations)
      operations.raw(method, text);
    paths.raw(with_names(item.at), operations.text());
  }
  for (auto const& [name, text] : security_schemes_)
    schemes.raw(name, text);
  components.raw("schemas", schemas_.components());
  if (!schemes.empty()) components.raw("securitySchemes", schemes.text());
  document.raw("paths", paths.text()).raw("components", components.text()).raw("security", "[]");
}

inline std::string openapi_writer::operation_id(documented_route const& r,
                                                path_template const& at) {
  std::string id(r.name);
  if (id.empty()) {
    id = lower(r.method.name());
    std::size_t next = 0;
    bool in_word = false;
    for (char const c : at.path) {
      bool const word = alphanumeric(c) || c == '_';
      if (c == '{') id += "_by_" + at.names[next++];
      if (word) id.append(in_word ? "" : "_").append(1, c);
      in_word = word;
    }
    if (at.path == "/") id += "_root";
  }
  auto unique = id;
  for (int n = 2; std::ranges::find(ids_, unique) != ids_.end(); ++n)
    unique = id + "_" + std::to_string(n);
  ids_.push_back(unique);
  return unique;
}

/// An identifier as a heading: "get_notes" becomes "Get notes".
inline std::string as_words(std::string id) {
  std::ranges::replace(id, '_', ' ');
  if (id.front() >= 'a' && id.front() <= 'z')
    id.front() = static_cast<char>(id.front() - 'a' + 'A');
  return id;
}

inline std::string openapi_writer::operation(documented_route const& r, path_template const& at) {
  json_object out;
  auto const id = operation_id(r, at);
  json_list tags;
  for (auto const& t : r.tags)
    tags.add(t);
  auto const first = at.path.substr(1, at.path.find_first_of("/{", 1) - 1);
  if (tags.empty() && !first.empty()) tags.add(first);
  if (!tags.empty()) out.raw("tags", tags.text());
  out.add("summary", r.summary.empty() ? as_words(id) : std::string(r.summary));
  out.add_some("description", r.description).add("operationId", id);
  if (auto const all = parameters(r, at); all != "[]") out.raw("parameters", all);
  for (auto const& p : r.handler->parameters)
    if (p.in == parameter_description::place::body) out.raw("requestBody", body(p));
  out.raw("responses", responses(r, at));
  if (r.deprecated) out.raw("deprecated", "true");
  if (!r.schemes.empty()) out.raw("security", security(r));
  if (r.host != nullptr) out.raw("servers", servers(*r.host));
  return out.text();
}

/// The server of a host, a Server Object (OpenAPI 3.1.0 4.8.5). A variable has to have a default:
/// its own name.
inline std::string openapi_writer::servers(parsed_pattern const& host) {
  std::string url = "/";
  json_object variables, out;
  for (std::size_t i = 0; i < host.size; ++i) {
    auto const s = host.symbols[i];
    if (s < capture_symbol) {
      url += static_cast<char>(s);
      continue;
    }
    std::string const name(host.capture[s - capture_symbol].name);
    url += "{" + name + "}";
    variables.raw(name, json_object().add("default", name).text());
  }
  out.add("url", url);
  if (host.capture_count > 0) out.raw("variables", variables.text());
  return json_list().raw(out.text()).text();
}

/// All schemes around a route are asked for.
inline std::string openapi_writer::security(documented_route const& r) {
  json_object all;
  for (auto const& s : r.schemes) {
    all.raw(s.name, "[]");
    auto const same = [&](auto const& known) { return known.first == s.name; };
    if (std::ranges::any_of(security_schemes_, same)) continue;
    json_object scheme;
    scheme.add("type", s.type).add_some("scheme", s.scheme);
    scheme.add_some("in", s.in).add_some("name", s.parameter);
    security_schemes_.emplace_back(s.name, scheme.text());
  }
  return json_list().raw(all.text()).text();
}

/// The parameter that takes a capture; null when the handler gets it from the request itself.
inline parameter_description const* taker_of(documented_route const& r, std::size_t index) {
  std::size_t in_order = 0;
  for (auto const& p : r.handler->parameters) {
    if (p.in != parameter_description::place::path) continue;
    if (p.name.empty() ? in_order++ == index : p.name == r.pattern->capture[index].name) return &p;
  }
  return nullptr;
}

inline std::string openapi_writer::capture(documented_route const& r,
                                           std::size_t index,
                                           std::string const& name) {
  auto const& spec = r.pattern->capture[index];
  auto const* p = taker_of(r, index);
  json_object out;
  out.add("name", name).add("in", "path");
  if (spec.type == capture_type::rest || spec.type == capture_type::any)
    out.add("description", "May contain slashes.");
  out.raw("required", "true");
  bool const is_text = p == nullptr || (has_type(*p->type) && p->type->type == "string");
  if (is_text && spec.type < capture_type::chunk && spec.type != capture_type::uuid) {
    json_object schema;
    schema.add("type", "string").add("pattern", "^(?:" + std::string(spec.regex) + ")$");
    return out.raw("schema", schema.text()).text();
  }
  return out.raw("schema", p != nullptr ? schemas_.of(*p->type) : R"({"type":"string"})").text();
}

inline std::string openapi_writer::parameters(documented_route const& r, path_template const& at) {
  using place = parameter_description::place;
  json_list out;
  for (std::size_t i = 0; i < at.captures.size(); ++i)
    out.raw(capture(r, at.captures[i], at.names[i]));
  for (auto const& p : r.handler->parameters) {
    if (p.in != place::query && p.in != place::header && p.in != place::cookie) continue;
    // these are told otherwise (OpenAPI 3.1.0 4.8.12.1)
    if (p.in == place::header && (iequals(p.name, "Accept") || iequals(p.name, "Content-Type") ||
                                  iequals(p.name, "Authorization")))
      continue;
    json_object one;
    one.add("name", p.name);
    one.add("in", p.in == place::query ? "query" : p.in == place::header ? "header" : "cookie");
    if (p.required) one.raw("required", "true");
    auto const item = schemas_.of(*p.type, p.fallback != nullptr ? p.fallback() : std::string());
    if (p.repeated)
      one.raw("schema", json_object().add("type", "array").raw("items", item).text());
    else
      one.raw("schema", item);
    out.raw(one.text());
  }
  return out.text();
}

inline std::string openapi_writer::body(parameter_description const& p) {
  json_object content, contents, out;
  if (p.type != nullptr) content.raw("schema", schemas_.of(*p.type));
  contents.raw(p.media_type, content.text());
  out.raw("content", contents.text());
  if (p.required) out.raw("required", "true");
  return out.text();
}

inline void openapi_writer::add_problem(answer_list& answers, status s, std::string_view why) {
  answers.add(std::to_string(code(s)),
              why.empty() ? reason(s) : why,
              "application/problem+json",
              schemas_.problem());
}

inline std::string openapi_writer::responses(documented_route const& r, path_template const& at) {
  using place = parameter_description::place;
  answer_list out;
  auto const& told = r.handler->responses;
  for (std::size_t i = 0; i < told.size; ++i) {
    auto const& one = told.list[i];
    bool const any = one.code == status{}, wrong = one.media_type == "application/problem+json";
    std::string schema;
    if (wrong) schema = schemas_.problem();
    if (one.type != nullptr) schema = schemas_.of_answer(*one.type);
    if (one.media_type == "text/plain") schema = R"({"type":"string"})";
    if (one.sequence) schema = json_object().add("type", "array").raw("items", schema).text();
    auto const code = !any             ? std::to_string(wend::code(one.code))
                      : one.successful ? std::string("2XX")
                                       : std::string("default");
    auto const why = !any             ? reason(one.code)
                     : wrong          ? std::string_view("A problem")
                     : one.successful ? std::string_view("Success")
                                      : std::string_view("As the handler decides");
    out.add(code, why, one.media_type, schema, one.located);
  }
  // What wend answers when a request does not fit.
  for (auto const index : at.captures) {
    auto const& spec = r.pattern->capture[index];
    auto const* p = taker_of(r, index);
    if (p == nullptr || p->type->type == "string") continue;
    // a value that is none of its type is no such path, unless the pattern promises nothing
    add_problem(out, spec.type < capture_type::chunk ? status::not_found : status::bad_request);
  }
  for (auto const& p : r.handler->parameters) {
    bool const named = p.in == place::query || p.in == place::header || p.in == place::cookie;
    bool const read = p.in == place::body && p.type != nullptr;
    if (named || read) add_problem(out, status::bad_request);
    if (p.in == place::body) add_problem(out, status::content_too_large);
    if (read) add_problem(out, status::unsupported_media_type);
    if (p.media_type == "application/json") add_problem(out, status::unprocessable_content);
  }
  if (!r.schemes.empty()) add_problem(out, status::unauthorized);
  for (auto const& [s, why] : r.problems)
    add_problem(out, s, why);
  return out.text();
}

}  // namespace wend::detail
