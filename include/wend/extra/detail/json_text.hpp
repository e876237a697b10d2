// JSON text, written member by member: for documents that are made and sent, not looked into.
#pragma once

#include <wend/http/problem.hpp>

#include <string>
#include <string_view>

namespace wend::detail {

inline std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// An object, its members in the order in which they are added.
class json_object {
 public:
  /// Adds a member; `json` is its value as JSON text.
  json_object& raw(std::string_view name, std::string_view json) {
    text_ += text_.size() > 1 ? "," : "";
    append_json_string(text_, name);
    text_ += ':';
    text_ += json;
    return *this;
  }
  /// Adds a text.
  json_object& add(std::string_view name, std::string_view value) {
    return raw(name, quoted(value));
  }
  /// The same, unless it is empty.
  json_object& add_some(std::string_view name, std::string_view value) {
    return value.empty() ? *this : add(name, value);
  }

  bool empty() const noexcept { return text_.size() == 1; }
  std::string text() const { return text_ + "}"; }

 private:
  std::string text_{"{"};
};

/// An array.
class json_list {
 public:
  json_list& raw(std::string_view json) {
    text_ += text_.size() > 1 ? "," : "";
    text_ += json;
    return *this;
  }
  json_list& add(std::string_view value) { return raw(quoted(value)); }

  bool empty() const noexcept { return text_.size() == 1; }
  std::string text() const { return text_ + "]"; }

 private:
  std::string text_{"["};
};

}  // namespace wend::detail
