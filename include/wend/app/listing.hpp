// A table or router as a person reads it: its routes, and what becomes of a request.
#pragma once

#include <wend/app/detail/route_set.hpp>
#include <wend/http/detail/compiled.hpp>
#include <wend/http/method.hpp>

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#if WEND_COMPILED_HERE
#include <wend/app/detail/find_route.hpp>
#include <wend/app/detail/why_not.hpp>
#include <wend/http/percent.hpp>
#include <wend/http/target.hpp>

#include <algorithm>
#include <cstddef>
#include <ostream>
#endif

namespace wend::detail {

/// Prints a line for each route: method, pattern and name, aligned, and the conditions around it;
/// "*" stands for all methods.
std::ostream& print(std::ostream& out,
                    std::span<endpoint const* const> all,
                    std::span<scope const> scopes);

/// What becomes of a request, and of each route why it is not the one that answers:
///
///     GET /notes/x: 404 Not Found
///       GET  /notes           ends before "/x"
///       GET  /notes/{id:int}  {id:int} does not take "x"
///       PUT  /notes/{id:int}  {id:int} does not take "x"
///
/// The method of a request decides last: a route that has the path alone says so. What is mounted
/// below a prefix is one route here, and is asked itself. No handler and no middleware is called.
std::string explain(routing const& r, method const& m, std::string_view target);

// ------------------------------------------------------------------------------------------------

#if WEND_COMPILED_HERE

/// Method, pattern and name of routes, in columns.
class columns {
 public:
  explicit columns(std::span<endpoint const* const> all) {
    for (auto const* e : all) {
      methods_ = std::max(methods_, method_label(*e).size());
      patterns_ = std::max(patterns_, e->pattern.size());
      names_ = std::max(names_, e->name.size());
    }
  }
  /// The line of one of them. What ends it stands in a column of its own.
  std::string line(endpoint const& e, std::string_view end) const {
    std::string out(method_label(e));
    out.resize(methods_ + 2, ' ');
    out += e.pattern;
    out.resize(methods_ + 2 + patterns_ + 2, ' ');
    out += e.name;
    if (names_ > 0) out.resize(methods_ + 2 + patterns_ + 2 + names_ + 2, ' ');
    out += end;
    out.resize(out.find_last_not_of(' ') + 1);
    return out + "\n";
  }

 private:
  std::size_t methods_ = 0, patterns_ = 0, names_ = 0;
};

/// The conditions of a scope and those around it, outermost first.
inline std::string conditions_text(std::span<scope const> scopes, std::size_t index) {
  if (index == 0) return {};
  scope const& s = scopes[index - 1];
  auto out = conditions_text(scopes, s.outer);
  if (s.only_if.is == condition::kind::none) return out;
  if (!out.empty()) out += ", ";
  return out + (s.only_if.is == condition::kind::host ? "for " + std::string(s.only_if.text)
                                                      : "on a condition");
}

WEND_INLINE std::ostream& print(std::ostream& out,
                                std::span<endpoint const* const> all,
                                std::span<scope const> scopes) {
  columns const table(all);
  for (auto const* e : all)
    out << table.line(*e, conditions_text(scopes, e->scope));
  return out;
}

inline std::string with_reason(status s) {
  return std::to_string(code(s)) + " " + std::string(reason(s));
}

WEND_INLINE std::string explain(routing const& r, method const& m, std::string_view target) {
  std::string out = std::string(m.name()) + " " + std::string(target) + ": ";
  request in;
  in.method = m;
  auto const parsed = parse_target(m, target);
  if (!parsed)
    return out + with_reason(parsed.error().status) + ", " + std::string(parsed.error().detail) +
           "\n";
  in.target = *parsed;
  locate_root(r, in);
  response answered;
  if (in.route == nullptr) guard(answered, [&] { answer_unrouted(in, answered); });
  if (auto const* e = static_cast<endpoint const*>(in.route); e != nullptr)
    out += "answered by " + std::string(method_label(*e)) + " " +
           std::string(e->mount ? "" : in.mount_prefix) + std::string(e->pattern) + "\n";
  else
    out += with_reason(answered.status) + "\n";
  if (in.target.kind == target::form::asterisk) return out;

  std::string scratch;
  auto const path = in.target.kind == target::form::authority
                        ? authority_path(in)
                        : normalize_path(in.target.path, scratch);
  if (!path) return out;
  columns const table(r.set.endpoints);
  for (auto const& [route, why] : why_not(r, in, *path, in.route))
    out += "  " + table.line(*route, why);
  return out;
}

#endif

}  // namespace wend::detail
