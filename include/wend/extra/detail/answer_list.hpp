// The Responses Object of an operation (OpenAPI 3.1.0 4.8.16).
#pragma once

#include <wend/extra/detail/json_text.hpp>
#include <wend/extra/detail/schema_writer.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend::detail {

/// The answers of an operation: what has the same status is told together.
class answer_list {
 public:
  /// `schema` may be empty: any bytes. `media_type` may be: no content.
  void add(std::string const& code,
           std::string_view why,
           std::string_view media_type = {},
           std::string schema = {},
           bool located = false);

  std::string text() const;

 private:
  struct content {
    std::string media_type;
    std::vector<std::string> schemas;
  };
  struct answer {
    std::string code, why;
    bool located = false;
    std::vector<content> contents;
  };
  std::vector<answer> all_;
};

// ------------------------------------------------------------------------------------------------

inline void answer_list::add(std::string const& code,
                             std::string_view why,
                             std::string_view media_type,
                             std::string schema,
                             bool located) {
  auto at = std::ranges::find(all_, code, &answer::code);
  if (at == all_.end()) at = all_.insert(at, {code, std::string(why), false, {}});
  at->located = at->located || located;
  if (media_type.empty()) return;
  auto& contents = at->contents;
  auto c = std::ranges::find(contents, media_type, &content::media_type);
  if (c == contents.end()) c = contents.insert(c, {std::string(media_type), {}});
  if (!schema.empty() && std::ranges::find(c->schemas, schema) == c->schemas.end())
    c->schemas.push_back(std::move(schema));
}

inline std::string answer_list::text() const {
  json_object out;
  for (auto const& a : all_) {
    json_object one, contents;
    one.add("description", a.why);
    if (a.located)
      one.raw("headers",
              R"({"Location":{"description":"Where it is.",)"
              R"("schema":{"type":"string","format":"uri-reference"}}})");
    for (auto const& c : a.contents) {
      json_object inner;
      if (!c.schemas.empty()) inner.raw("schema", any_of(c.schemas));
      contents.raw(c.media_type, inner.text());
    }
    if (!contents.empty()) one.raw("content", contents.text());
    out.raw(a.code, one.text());
  }
  return out.text();
}

}  // namespace wend::detail
