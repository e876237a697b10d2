// expect: a table has routes for at most 64 different methods
#include <wend/routes.hpp>

template <char A, char B>
inline constexpr wend::method custom{std::string_view(std::array{A, B}.data(), 2)};

template <std::size_t... I>
auto api(std::index_sequence<I...>) {
  return wend::routes(wend::on<custom<'A' + I / 8, 'A' + I % 8>, "/">([] { return "hello"; })...);
}

auto all() {
  return api(std::make_index_sequence<65>{});  // wrong
  // right: return api(std::make_index_sequence<64>{});
}
