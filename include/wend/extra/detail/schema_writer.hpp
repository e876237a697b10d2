// Types as JSON Schema 2020-12, which is that of OpenAPI 3.1.
#pragma once

#include <wend/extra/detail/describe_type.hpp>
#include <wend/extra/detail/json_text.hpp>
#include <wend/http/ascii.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace wend::detail {

/// Writes schemas; those of structs and enums once, as components that the others refer to.
///
/// An answer always has all members; of a request those that have defaults may be missing. A type
/// for which that makes a difference has a component more, for requests: "note_input".
class schema_writer {
 public:
  /// The schema of a type in a request, or a reference to it. `fallback` is its default, as JSON; or
  /// empty.
  std::string of(type_description const& t, std::string_view fallback = {});

  /// The same in an answer.
  std::string of_answer(type_description const& t);

  /// A reference to the schema of problem details (RFC 9457), as wend writes them.
  std::string problem();

  /// All components, as an object.
  std::string components() const;

 private:
  struct component {
    type_id id;
    bool input;  ///< where there is another one for answers
    std::string name, schema;
  };

  std::string refer(type_description const& t);
  std::string object(type_description const& t);
  std::string typed(type_description const& t, bool nullable);
  std::string untyped(type_description const& t, bool nullable);
  std::string free_name(std::string const& name) const;

  std::vector<component> components_;
  bool in_answer_ = false;
};

/// A name for a type that is spelled like this: `app::page<app::note>` becomes "page_note".
std::string component_name(std::string_view spelled);

/// Several schemas as one: any of them.
std::string any_of(std::vector<std::string> const& schemas);

// ------------------------------------------------------------------------------------------------

inline std::string component_name(std::string_view spelled) {
  std::string out, word;
  auto const end_word = [&] {
    if (!out.empty() && !word.empty()) out += '_';
    out += word;
    word.clear();
  };
  int brackets = 0;  // "(anonymous namespace)", "{anonymous}", "main()"
  for (char const c : spelled) {
    brackets += c == '(' || c == '{';
    if (brackets == 0 && (alphanumeric(c) || c == '_')) {
      word += c;
    } else if (c == ':') {
      word.clear();  // that was a scope
    } else if (brackets == 0) {
      end_word();
    }
    brackets -= c == ')' || c == '}';
  }
  end_word();
  return out.empty() ? "type" : out;
}

inline std::string any_of(std::vector<std::string> const& schemas) {
  if (schemas.size() == 1) return schemas.front();
  json_list all;
  for (auto const& one : schemas)
    all.raw(one);
  return json_object().raw("anyOf", all.text()).text();
}

inline std::string schema_writer::free_name(std::string const& name) const {
  auto unique = name;
  auto const taken = [&](component const& c) { return c.name == unique; };
  for (int n = 2; std::ranges::any_of(components_, taken); ++n)
    unique = name + "_" + std::to_string(n);
  return unique;
}

inline std::string reference_to(std::string const& name) {
  return json_object().add("$ref", "#/components/schemas/" + name).text();
}

/// Whether a member may be left out somewhere in a type. `seen` is where that was looked for.
inline bool may_lack(type_description const& t, std::vector<type_description const*>& seen) {
  if (std::ranges::find(seen, &t) != seen.end()) return false;
  seen.push_back(&t);
  if (t.defaults != nullptr)
    for (auto const& text : t.defaults())
      if (text) return true;
  return std::ranges::any_of(t.parts, [&](auto const* part) { return may_lack(*part, seen); });
}

inline std::string schema_writer::of_answer(type_description const& t) {
  in_answer_ = true;
  auto out = of(t);
  in_answer_ = false;
  return out;
}

inline std::string schema_writer::refer(type_description const& t) {
  std::vector<type_description const*> seen;
  bool const input = !in_answer_ && may_lack(t, seen);
  auto const same = [&](component const& c) { return c.id == t.id && c.input == input; };
  auto const found = std::ranges::find_if(components_, same);
  if (found != components_.end()) return reference_to(found->name);
  auto const at = components_.size();  // it may hold itself, and others that are new
  auto const name = component_name(t.spelled) + (input ? "_input" : "");
  components_.push_back({t.id, input, free_name(name), {}});
  if (t.kind == json_kind::object) {
    components_[at].schema = object(t);
  } else {
    json_list names;
    for (auto const one : t.names)
      names.add(one);
    components_[at].schema = json_object().add("type", "string").raw("enum", names.text()).text();
  }
  return reference_to(components_[at].name);
}

inline std::string schema_writer::object(type_description const& t) {
  json_object properties;
  json_list required;
  auto const defaults = t.defaults != nullptr ? t.defaults() : decltype(t.defaults()){};
  for (std::size_t i = 0; i < t.names.size(); ++i) {
    bool const may_miss = !in_answer_ && i < defaults.size() && defaults[i];
    if (!may_miss) required.add(t.names[i]);
    properties.raw(t.names[i],
                   of(*t.parts[i], may_miss && *defaults[i] != "null" ? *defaults[i] : ""));
  }
  json_object out;
  out.add("type", "object").raw("properties", properties.text());
  if (!required.empty()) out.raw("required", required.text());
  return out.text();
}

inline std::string text_of(number_bound const& value) {
  std::string out;
  std::visit(
      [&]<class N>(N const& n) {
        if constexpr (!std::is_same_v<N, std::monostate>) append_number(out, n);
      },
      value);
  return out;
}

/// Whether the schema of a type is one with a `type`.
inline bool has_type(type_description const& t) {
  return t.kind != json_kind::any && t.kind != json_kind::object && t.kind != json_kind::variant &&
         t.kind != json_kind::nullable && (t.kind != json_kind::enumeration || t.names.empty());
}

inline std::string schema_writer::typed(type_description const& t, bool nullable) {
  json_object out;
  std::string const type(t.kind == json_kind::none ? "string" : t.type);  // it has a converter
  if (nullable)
    out.raw("type", json_list().add(type).add("null").text());
  else
    out.add("type", type);
  if (t.kind == json_kind::array) out.raw("items", of(*t.parts[0]));
  if (t.kind == json_kind::map) out.raw("additionalProperties", of(*t.parts[1]));
  if (t.kind == json_kind::tuple) {
    json_list items;
    for (auto const* part : t.parts)
      items.raw(of(*part));
    auto const size = std::to_string(t.parts.size());
    out.raw("prefixItems", items.text()).raw("minItems", size).raw("maxItems", size);
  }
  out.add_some("format", t.format);
  if (auto const low = text_of(t.minimum); !low.empty()) out.raw("minimum", low);
  if (auto const high = text_of(t.maximum); !high.empty()) out.raw("maximum", high);
  if (t.min_length > 0) out.raw("minLength", std::to_string(t.min_length));
  if (t.max_length != unlimited) out.raw("maxLength", std::to_string(t.max_length));
  return out.text();
}

inline std::string schema_writer::untyped(type_description const& t, bool nullable) {
  if (t.kind == json_kind::any) return "{}";  // null is one
  std::vector<std::string> all;
  if (t.kind == json_kind::object || t.kind == json_kind::enumeration) {
    all.push_back(refer(t));
  } else {
    for (auto const* part : t.parts)
      all.push_back(of(*part));
    nullable = nullable || t.kind == json_kind::nullable;
  }
  if (nullable) all.emplace_back(R"({"type":"null"})");
  return any_of(all);
}

inline std::string schema_writer::of(type_description const& t, std::string_view fallback) {
  bool const nullable = t.kind == json_kind::nullable;
  auto const& plain = nullable ? *t.parts[0] : t;
  auto out = has_type(plain) ? typed(plain, nullable) : untyped(plain, nullable);
  if (!fallback.empty()) {
    out.pop_back();
    out += (out.size() > 1 ? ",\"default\":" : "\"default\":") + std::string(fallback) + "}";
  }
  return out;
}

inline constexpr std::string_view problem_schema = R"json({
"type":"object",
"description":"Problem details (RFC 9457)",
"properties":{
"type":{"type":"string","format":"uri-reference"},
"title":{"type":"string"},
"status":{"type":"integer","format":"int32"},
"detail":{"type":"string"},
"errors":{"type":"array","items":{
"type":"object",
"description":"A part of the request that does not fit",
"properties":{
"in":{"type":"string"},
"name":{"type":"string"},
"pointer":{"type":"string","description":"Into the body: a JSON Pointer"},
"detail":{"type":"string"}},
"required":["detail"]}}},
"required":["type","title","status"]})json";

inline std::string schema_writer::problem() {
  static constexpr type_id id = id_of<wend::problem>;
  auto const same = [](component const& c) { return c.id == id; };
  auto const found = std::ranges::find_if(components_, same);
  if (found != components_.end()) return reference_to(found->name);
  components_.push_back({id, false, free_name("problem"), std::string(problem_schema)});
  return reference_to(components_.back().name);
}

inline std::string schema_writer::components() const {
  json_object out;
  for (auto const& c : components_)
    out.raw(c.name, c.schema);
  return out.text();
}

}  // namespace wend::detail
