// A value or the reason why there is none.
//
// What a peer sends is never answered with an exception inside wend: functions that read foreign
// bytes return `result<T>`. The error carries all that an answer needs: status, sentence, source.
#pragma once

#include <wend/http/status.hpp>

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wend {

/// Why bytes from a peer were refused.
///
/// Lifetime: both texts have static storage duration.
struct error {
  wend::status status = wend::status::bad_request;  ///< what the peer is told
  std::string_view detail;                          ///< one sentence without a full stop
  std::string_view section;                         ///< the rule behind it: "RFC 9112 6.3"

  friend bool operator==(error const&, error const&) = default;
};

template <class T>
class result;

namespace detail {

template <class U, class T>
concept value_for =
    std::is_constructible_v<T, U> && !std::is_same_v<std::remove_cvref_t<U>, result<T>> &&
    !std::is_same_v<std::remove_cvref_t<U>, error>;

}  // namespace detail

/// A `T`, or the `error` that stands in its place.
///
///     result<int> r = parse(text);
///     if (!r) return r.error();
///     use(*r);
///
/// Reading the value of a failed result, or the error of a good one, is undefined.
template <class T>
class [[nodiscard]] result {
 public:
  using value_type = T;

  template <class U = T>
    requires detail::value_for<U, T>
  constexpr result(U&& value) : value_(std::forward<U>(value)) {}
  constexpr result(wend::error why) : error_(why) {}

  constexpr bool has_value() const noexcept { return value_.has_value(); }
  constexpr explicit operator bool() const noexcept { return has_value(); }

  constexpr T& operator*() & noexcept { return *value_; }
  constexpr T const& operator*() const& noexcept { return *value_; }
  constexpr T&& operator*() && noexcept { return *std::move(value_); }
  constexpr T* operator->() noexcept { return &*value_; }
  constexpr T const* operator->() const noexcept { return &*value_; }

  constexpr wend::error const& error() const noexcept { return error_; }

 private:
  std::optional<T> value_;
  wend::error error_;
};

}  // namespace wend
