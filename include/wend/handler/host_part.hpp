// Captures of the host, as parameters of handlers.
#pragma once

#include <wend/handler/extract.hpp>
#include <wend/handler/provided.hpp>
#include <wend/http/request.hpp>
#include <wend/route/fixed_string.hpp>

#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace wend {

/// A capture of the `host<...>` around a route, by its name:
///
///     wend::host<"{tenant}.example.com">(
///         wend::get<"/">([](wend::host_part<"tenant"> tenant) { return welcome(*tenant); }))
///
/// In lower case, as names of hosts are. A value that does not fit its type is a 400. A route that
/// takes it where no `host` around has it is not served, like one that takes `provided`.
/// Lifetime of a `std::string_view`: the request.
template <fixed_string Name, class T = std::string_view>
class host_part : public detail::extracted<T> {
 public:
  using detail::extracted<T>::extracted;
};

namespace detail {

/// A capture of a host, as a value that middleware supplies.
template <fixed_string Name>
struct host_capture {
  std::string_view text;
};

template <fixed_string Name, class T>
inline constexpr bool is_provided<host_part<Name, T>> = true;
template <fixed_string Name, class T>
inline constexpr bool is_host_part<host_part<Name, T>> = true;
template <fixed_string Name, class T>
inline constexpr type_id provided_type<host_part<Name, T>> = id_of<host_capture<Name>>;

}  // namespace detail

template <fixed_string Name, class T>
struct extractor<host_part<Name, T>> {
  static constexpr auto fault = detail::part_fault<T>();
  static std::optional<host_part<Name, T>> extract(request& in, rejection& why) {
    void* const found = in.routing.find(detail::id_of<detail::host_capture<Name>>);
    if (found == nullptr) throw std::logic_error("wend: no host<...> has this host_part");
    auto const text = static_cast<detail::host_capture<Name>*>(found)->text;
    auto value = detail::convert_part<T>("host", Name.view(), text, why);
    if (!value) return std::nullopt;
    return host_part<Name, T>(std::move(*value));
  }
};

}  // namespace wend
