// JSON text to a tree of nlohmann's, without recursion, exceptions or silent choices.
//
// `Json` is nlohmann::json; this header does not include it.
#pragma once

#include <wend/http/problem.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend::detail {

/// Appends "/" and one reference token of a JSON Pointer (RFC 6901 3).
void append_pointer_token(std::string& out, std::string_view token);

/// Receives the events of nlohmann's parser and builds the tree of them.
///
/// Differs from nlohmann's own in three ways: it stops at `max_depth`, it collects members that
/// appear more than once (RFC 8259 4 leaves open which of them counts), and it keeps why the text
/// is malformed. Every event returns whether to go on.
template <class Json>
class tree_builder {
 public:
  tree_builder(std::string_view text, std::size_t max_depth, std::size_t max_errors)
      : text_(text), max_depth_(max_depth), max_errors_(max_errors) {}
  tree_builder(tree_builder const&) = delete;
  tree_builder& operator=(tree_builder const&) = delete;
  ~tree_builder() { empty(root); }

  Json root;
  std::string malformed;                         ///< why there is no tree
  std::vector<problem::field_error> duplicates;  ///< of the tree

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(std::int64_t value) { return put(value); }
  bool number_unsigned(std::uint64_t value) { return put(value); }
  bool number_float(double value, std::string const&) { return put(value); }
  bool string(std::string& value) { return put(std::move(value)); }
  template <class Binary>
  bool binary(Binary&) {
    return false;  // not in JSON text
  }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name);
  template <class Exception>
  bool parse_error(std::size_t position, std::string const&, Exception const& why);

 private:
  struct level {
    Json* value;
    Json* member;      // of an object: where the next value goes
    std::string name;  // and its name
  };

  static void empty(Json& value) noexcept;
  Json* place();
  template <class Value>
  bool put(Value&& value) {
    *place() = std::forward<Value>(value);
    return true;
  }
  bool open(Json container);
  bool close() {
    levels_.pop_back();
    return true;
  }
  std::string pointer() const;

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t max_errors_;
  std::vector<level> levels_;
};

// ------------------------------------------------------------------------------------------------

inline void append_pointer_token(std::string& out, std::string_view token) {
  out += '/';
  for (char c : token) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
}

/// "line 2, column 7 (byte 12)", all counted from 1, columns in bytes.
inline std::string describe_position(std::string_view text, std::size_t byte) {
  byte = std::clamp<std::size_t>(byte, 1, text.size() + 1);
  std::string_view const before = text.substr(0, byte - 1);
  auto const line = 1 + std::count(before.begin(), before.end(), '\n');
  auto const newline = before.rfind('\n');
  std::size_t const column = newline == before.npos ? byte : byte - newline - 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + " (byte " +
         std::to_string(byte) + ")";
}

template <class Json>
bool tree_builder<Json>::key(std::string& name) {
  level& top = levels_.back();
  auto& members = *top.value->template get_ptr<typename Json::object_t*>();
  auto const [at, fresh] = members.emplace(name, nullptr);
  top.member = &at->second;
  top.name = std::move(name);
  if (!fresh && duplicates.size() < max_errors_)
    duplicates.push_back({"body", pointer(), "appears more than once"});
  return true;
}

template <class Json>
template <class Exception>
bool tree_builder<Json>::parse_error(std::size_t position,
                                     std::string const&,
                                     Exception const& why) {
  malformed = "malformed JSON at " + describe_position(text_, position);
  std::string_view reason = why.what();
  if (why.id == 406) {  // out_of_range
    malformed += ": a number that is out of range";
    return false;
  }
  // "[...] parse error at line 1, column 2: syntax error while parsing value - ...; last read: ..."
  constexpr std::string_view label = "syntax error ";
  if (auto const start = reason.find(label); start != reason.npos) {
    reason.remove_prefix(start + label.size());
    malformed += ": ";
    malformed += reason.substr(0, reason.find("; last read: "));
  }
  return false;
}

/// Destroys what is in `value`, from the inside: to destroy a value with something in it nlohmann
/// needs memory, and ends the program where there is none.
template <class Json>
void tree_builder<Json>::empty(Json& value) noexcept {
  if (!value.is_structured()) return;
  for (auto& inside : value)
    empty(inside);
  value.clear();
}

/// Where the next value goes. A level on the stack is the last element of its parent, so that the
/// growth of a vector never moves one.
template <class Json>
Json* tree_builder<Json>::place() {
  if (levels_.empty()) return &root;
  level& top = levels_.back();
  if (top.member) return top.member;
  top.value->push_back(nullptr);
  return &top.value->back();
}

template <class Json>
bool tree_builder<Json>::open(Json container) {
  if (levels_.size() >= max_depth_) {
    malformed = "JSON nested deeper than " + std::to_string(max_depth_) + " levels";
    return false;
  }
  Json* const at = place();
  *at = std::move(container);
  levels_.push_back({at, nullptr, {}});
  return true;
}

template <class Json>
std::string tree_builder<Json>::pointer() const {
  std::string out;
  for (auto const& l : levels_)
    append_pointer_token(out, l.member ? l.name : std::to_string(l.value->size() - 1));
  return out;
}

}  // namespace wend::detail
