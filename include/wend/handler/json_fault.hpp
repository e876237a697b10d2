// What cannot be JSON, as the compiler says it.
#pragma once

namespace wend::detail {

/// Why a value cannot be written as JSON.
enum class write_fault : unsigned char { none, unknown, key, bridge };

/// Says why a `Whole` cannot be written; the error shows which `Part` of it is at fault.
template <write_fault Fault, class Part, class Whole>
struct explain_unwritable {
  using enum write_fault;
  template <write_fault F>
  static constexpr bool isnt = Fault != F;  // a comparison would be spelt out by Clang 19
  static_assert(isnt<unknown>,
                "wend: this type cannot be written as JSON: make it a struct with public members "
                "only, without base classes, of at most 32 members, or give it a to_json for "
                "nlohmann::json");
  static_assert(isnt<key>,
                "wend: the keys of a JSON object are strings, integers, enums or uuids: use one of "
                "these as the key of the map, or write a vector of pairs");
  static_assert(isnt<bridge>,
                "wend: this type has a to_json for nlohmann::json: include <wend/handler/json.hpp> "
                "before it is written");
};

/// Says that a `Whole` cannot be read; the error shows which `Part` of it is at fault.
template <bool Sound, class Part, class Whole>
struct explain_unreadable {
  static_assert(Sound,
                "wend: this type cannot be read from JSON: use types that own what they hold and "
                "have a default (std::string, not std::string_view), a struct of such with public "
                "members only, or give it a from_json for nlohmann::json");
};

}  // namespace wend::detail
