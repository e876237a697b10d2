// The part of the reader for values that are made of others: arrays, maps, variants, aggregates.
#pragma once

#include <wend/handler/detail/json_kind.hpp>
#include <wend/handler/detail/json_reader.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace wend::detail {

template <class Json, class T>
bool json_reader::read_nullable(Json const& from, T& out) {
  using held = std::remove_cvref_t<decltype(*out)>;
  if (from.is_null()) {
    out = T{};
    return true;
  }
  held value{};
  if (!read(from, value)) return false;
  if constexpr (requires { out.has_value(); })
    out.emplace(std::move(value));
  else
    out = T(new held(std::move(value)));
  return true;
}

template <class Json, class T>
bool json_reader::read_array(Json const& from, T& out) {
  if (!from.is_array()) return fail_type("array", from.type_name());
  if constexpr (fixed_size<T>) {
    if (from.size() != std::size(out)) return fail_size(std::size(out), from.size());
  } else {
    out.clear();
  }
  bool ok = true;
  for (std::size_t i = 0; i < from.size() && !full(); ++i)
    ok &= below(std::to_string(i), [&] {
      if constexpr (fixed_size<T>) {
        return read(from[i], out[i]);
      } else {
        element_of<T> value{};
        if (!read(from[i], value)) return false;
        std::size_t const size = out.size();
        out.insert(out.end(), std::move(value));
        return out.size() > size || fail("appears more than once");
      }
    });
  return ok;
}

template <class Json, class T>
bool json_reader::read_key(std::string const& name, T& out) {
  if constexpr (kind_of<T>() == json_kind::integer) {
    std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t> number{};
    char const* const end = name.data() + name.size();
    auto const done = std::from_chars(name.data(), end, number);
    if (done.ec != std::errc{} || done.ptr != end)
      return fail_type("an integer as name", shorten(name));
    return read_integer(Json(number), out);
  } else {
    return read(Json(name), out);
  }
}

template <class Json, class T>
bool json_reader::read_map(Json const& from, T& out) {
  if (!from.is_object()) return fail_type("object", from.type_name());
  out.clear();
  bool ok = true;
  for (auto const& member : *from.template get_ptr<typename Json::object_t const*>()) {
    if (full()) break;
    ok &= below(member.first, [&] {
      typename T::key_type key{};
      typename T::mapped_type value{};
      if (!read_key<Json>(member.first, key) || !read(member.second, value)) return false;
      return out.emplace(std::move(key), std::move(value)).second || fail("appears more than once");
    });
  }
  return ok;
}

template <class Json, class T>
bool json_reader::read_tuple(Json const& from, T& out) {
  constexpr std::size_t size = std::tuple_size_v<T>;
  if (!from.is_array()) return fail_type("array", from.type_name());
  if (from.size() != size) return fail_size(size, from.size());
  bool ok = true;
  std::apply(
      [&](auto&... values) {
        [[maybe_unused]] std::size_t i = 0;
        [[maybe_unused]] auto const next = [&](auto& value) {
          ok &= below(std::to_string(i), [&] { return read(from[i], value); });
          ++i;
        };
        (next(values), ...);
      },
      out);
  return ok;
}

template <class Json, class T>
bool json_reader::read_variant(Json const& from, T& out) {
  bool const refuse_unknown = options_.refuse_unknown;
  std::string tried;
  for (bool const strict : {true, false}) {
    if (refuse_unknown && !strict) break;
    options_.refuse_unknown = strict;
    tried.clear();
    auto const any_fits = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (try_alternative<I>(from, out, tried) || ...);
    };
    bool const fits = any_fits(std::make_index_sequence<std::variant_size_v<T>>{});
    options_.refuse_unknown = refuse_unknown;
    if (fits) return true;
  }
  return fail("fits no alternative: " + shorten(tried, 400));
}

template <std::size_t I, class Json, class T>
bool json_reader::try_alternative(Json const& from, T& out, std::string& tried) {
  using alternative = std::variant_alternative_t<I, T>;
  alternative value{};
  auto outer = std::exchange(errors_, {});
  bool const ok = read(from, value);
  auto const inner = std::exchange(errors_, std::move(outer));
  if (ok) {
    out.template emplace<I>(std::move(value));
    return true;
  }
  auto const& first = inner.front();
  if (!tried.empty()) tried += "; ";
  tried += json_type<alternative>();
  tried += " (";
  if (first.where.size() > path_.size()) tried += first.where.substr(path_.size()) + ": ";
  tried += first.detail + ")";
  return false;
}

template <class Json, class T>
bool json_reader::read_object(Json const& from, T& out) {
  if (!from.is_object()) return fail_type("object", from.type_name());
  auto const& members = *from.template get_ptr<typename Json::object_t const*>();
  bool ok = true;
  std::size_t known = 0;
  detail::for_each_member(out, [&](std::string_view name, auto& member) {
    auto const at = members.find(std::string(name));
    if (at != members.end()) ++known;
    if (at == members.end() && detail::has_value(member)) return;
    ok &= below(
        name, [&] { return at == members.end() ? fail("is required") : read(at->second, member); });
  });
  if (!options_.refuse_unknown || known == members.size()) return ok;
  for (auto const& member : members)
    if (std::ranges::find(member_names<T>, member.first) == member_names<T>.end())
      below(member.first, [&] { return fail("is unknown"); });
  return false;
}

}  // namespace wend::detail
