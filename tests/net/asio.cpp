#include <wend/net/asio.hpp>

#include "support/catch.hpp"

TEST_CASE("a socket knows the type of its executor", "[net][asio]") {
  STATIC_REQUIRE(
      std::is_same_v<wend::detail::tcp_socket::executor_type, asio::io_context::executor_type>);
}
