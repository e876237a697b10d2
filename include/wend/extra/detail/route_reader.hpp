// Reads the file of configured.hpp into a router, and notes all that is wrong with it.
#pragma once

#include <wend/app/route.hpp>
#include <wend/app/router.hpp>
#include <wend/handler/json.hpp>
#include <wend/handler/reflect.hpp>
#include <wend/http/ascii.hpp>
#include <wend/http/method.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/status.hpp>
#include <wend/route/pattern.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wend::detail {

/// An entry of the file, as it is read.
struct configured_route {
  std::string path;
  std::optional<std::string> method;
  std::optional<std::vector<std::string>> methods;
  std::optional<std::string> call;
  std::optional<nlohmann::json> with;
  std::optional<std::string> redirect;
  std::optional<int> status;
  std::optional<bool> gone;
};

struct configured_routes {
  std::vector<nlohmann::json> routes;
};

class route_reader;

struct named_handler {
  std::function<void(route_reader&)> add;  ///< as the entry says that is being read
  call_site where;
};

using handler_names = std::map<std::string, named_handler>;

/// Reads one text, entry by entry; goes on after a fault.
class route_reader {
 public:
  route_reader(std::string_view text, handler_names const& known, call_site where)
      : text_(text), known_(known), where_(where) {}

  router read();

  /// Notes what is wrong with a member of the entry that is being read.
  void fail(std::string const& member, std::string_view why);

  bool has_settings() const noexcept { return entry_.with.has_value(); }
  template <class T>
  bool read_settings(T& out);
  template <class F>
  void add(std::shared_ptr<F const> const& handler, call_site where);
  /// Calls `f`; what it throws is a fault of `member`.
  template <class F>
  bool attempt(std::string const& member, F&& f);

 private:
  template <class T>
  bool read_part(nlohmann::json const& from, std::string const& member, T& out);
  void read_entry(nlohmann::json const& from);
  void read_methods(bool any_named);
  void add_call();
  void add_redirect();

  std::string_view text_;
  handler_names const& known_;
  call_site where_;
  router out_;
  std::vector<std::string> places_;  ///< of the routes of `out_`
  std::vector<std::string> faults_;
  std::size_t known_faults_ = 0;  ///< before the entry that is being read
  // Of the entry that is being read:
  std::string at_;
  configured_route entry_;
  bool path_sound_ = false;
  std::vector<method> methods_;
};

// ------------------------------------------------------------------------------------------------

template <class T>
bool route_reader::read_part(nlohmann::json const& from, std::string const& member, T& out) {
  json_reader reader({}, text_.size(), {.refuse_unknown = true});
  reader.read(from, out);
  for (auto const& e : reader.errors())
    fail(member + e.where, e.detail);
  return reader.errors().empty();
}

template <class T>
bool route_reader::read_settings(T& out) {
  if (!has_settings() && !reflectable<T>) {
    fail("/with", "is required");
    return false;
  }
  return read_part(has_settings() ? *entry_.with : nlohmann::json::object(), "/with", out);
}

template <class F>
bool route_reader::attempt(std::string const& member, F&& f) {
  try {
    f();
    return true;
  } catch (std::bad_alloc const&) {
    throw;  // not the fault of the text
  } catch (std::exception const& e) {
    fail(member, e.what());
  } catch (...) {
    fail(member, "what it calls has thrown something unknown");
  }
  return false;
}

template <class F>
void route_reader::add(std::shared_ptr<F const> const& handler, call_site where) {
  for (auto const& m : methods_)
    if (path_sound_) attempt("/call", [&] { out_.add(m, entry_.path, handler, where); });
}

inline void route_reader::fail(std::string const& member, std::string_view why) {
  if (why.starts_with("wend: ")) why.remove_prefix(6);
  auto line = at_ + member;
  if (!line.empty()) line += ": ";
  line += why;
  auto const first = faults_.begin() + static_cast<std::ptrdiff_t>(known_faults_);
  if (std::find(first, faults_.end(), line) == faults_.end())  // once for all methods
    faults_.push_back(std::move(line));
}

inline router route_reader::read() {
  configured_routes file;
  problem why(status::bad_request);
  if (!read_json(text_, file, why, {.refuse_unknown = true})) {
    if (why.errors.empty()) fail("", why.detail);
    for (auto const& e : why.errors)
      fail(e.where, e.detail);
  }
  for (std::size_t i = 0; i < file.routes.size(); ++i) {
    at_ = "/routes/" + std::to_string(i);
    known_faults_ = faults_.size();
    read_entry(file.routes[i]);
    places_.resize(out_.size(), at_);
  }
  for (auto const& c : out_.conflicts()) {
    at_ = places_[c.second];
    fail("/path",
         places_[c.first] + (c.hidden ? " matches, with the same method and before it, all that "
                                        "it matches"
                                      : " matches the same paths with the same method"));
  }
  if (faults_.empty()) return std::move(out_);
  std::string all;
  for (auto const& line : faults_)
    all += (all.empty() ? "" : "\n") + line;
  throw std::invalid_argument(all);
}

inline void route_reader::read_entry(nlohmann::json const& from) {
  entry_ = {};
  methods_.clear();
  read_part(from, "", entry_);
  if (!from.is_object()) return;
  auto const has = [&](char const* member) {
    auto const at = from.find(member);
    return at != from.end() && !at->is_null();
  };
  path_sound_ = has("path") && from["path"].is_string() &&
                attempt("/path", [&] { (void)checked_pattern(entry_.path); });
  if (has("call") + has("redirect") + has("gone") != 1)
    return fail("", "expected exactly one of call, redirect and gone");
  for (auto const* member : {"method", "methods", "with"})
    if (has(member) && !has("call")) fail("/" + std::string(member), "goes with call only");
  if (has("status") && !has("redirect")) fail("/status", "goes with redirect only");
  if (has("call")) read_methods(has("method") || has("methods"));
  if (entry_.call) add_call();
  if (entry_.redirect) add_redirect();
  if (entry_.gone == false) fail("/gone", "expected true, got false");
  if (entry_.gone == true && path_sound_) out_.gone(entry_.path, where_);
}

inline void route_reader::read_methods(bool any_named) {
  if (!any_named) methods_.push_back(method::get);
  auto const take = [&](std::string const& member, std::string const& name) {
    if (name.size() > method::max_size || !is_token(name) || !is_registered(method(name)))
      return fail(member, "expected a method such as GET, got " + shorten(name));
    if (std::find(methods_.begin(), methods_.end(), method(name)) != methods_.end())
      return fail(member, "appears more than once");
    methods_.push_back(method(name));
  };
  if (entry_.method) take("/method", *entry_.method);
  if (!entry_.methods) return;
  if (entry_.methods->empty()) fail("/methods", "expected at least one method");
  for (std::size_t i = 0; i < entry_.methods->size(); ++i)
    take("/methods/" + std::to_string(i), (*entry_.methods)[i]);
}

inline void route_reader::add_call() {
  auto const at = known_.find(*entry_.call);
  if (at != known_.end()) return at->second.add(*this);
  std::string why = known_.empty() ? "no handler has a name, " : "expected one of ";
  for (auto const& [name, handler] : known_)
    why += name + ", ";
  fail("/call", why + "got " + shorten(*entry_.call));
}

inline void route_reader::add_redirect() {
  int const how = entry_.status.value_or(code(status::permanent_redirect));
  bool const known = (how >= 301 && how <= 303) || how == 307 || how == 308;
  if (!known) fail("/status", "expected 301, 302, 303, 307 or 308, got " + std::to_string(how));
  attempt("/redirect", [&] {
    (void)checked_url_pattern(*entry_.redirect);
    auto const s = known ? static_cast<status>(how) : status::permanent_redirect;
    if (path_sound_) out_.redirect(entry_.path, *entry_.redirect, s, where_);
  });
}

}  // namespace wend::detail
