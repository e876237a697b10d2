// Values that middleware supplies, as parameters of handlers.
#pragma once

#include <wend/handler/extract.hpp>
#include <wend/http/request.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <type_traits>

namespace wend {

/// The value that the innermost middleware around a route supplies whose `before` returns a `T`:
///
///     wend::get<"/stats">([](wend::provided<user> who) { return stats_for(who->name); })
///
/// A route that takes it where nothing supplies it is not served: for a table that is a compile
/// error, for a router an exception at start.
/// Lifetime: a reference into the request; the value goes when the response is complete.
template <class T>
class provided {
 public:
  explicit provided(T& value) noexcept : value_(&value) {}

  T& operator*() const noexcept { return *value_; }
  T* operator->() const noexcept { return value_; }

 private:
  T* value_;
};

template <class T>
struct extractor<provided<T>> {
  static std::optional<provided<T>> extract(request& in, rejection&) {
    void* const value = in.routing.find(detail::id_of<std::remove_const_t<T>>);
    if (value == nullptr) throw std::logic_error("wend: no middleware supplies a provided<T>");
    return provided<T>(*static_cast<T*>(value));
  }
};

namespace detail {

template <class T>
inline constexpr bool is_provided = false;
template <class T>
inline constexpr bool is_provided<provided<T>> = true;
template <class T>
inline constexpr type_id provided_type{};
template <class T>
inline constexpr type_id provided_type<provided<T>> = id_of<std::remove_const_t<T>>;

template <class T>
inline constexpr bool is_host_part = false;

/// A parameter, from 1, that has to be supplied.
struct provided_need {
  type_id type;
  std::size_t position;
  bool of_host = false;  ///< it is a `host_part`
};

}  // namespace detail

}  // namespace wend
