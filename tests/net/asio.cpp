#include <wend/net/asio.hpp>

#include "support/catch.hpp"

TEST_CASE("a socket knows the type of its executor", "[net][asio]") {
  STATIC_REQUIRE(
      std::is_same_v<wend::detail::stream_socket::executor_type, asio::io_context::executor_type>);
}

TEST_CASE("a peer is its address and port", "[net][asio]") {
  using asio::ip::make_address;
  using wend::detail::endpoint_text;
  CHECK(endpoint_text(asio::ip::tcp::endpoint(make_address("127.0.0.1"), 80)) == "127.0.0.1:80");
  CHECK(endpoint_text(asio::ip::tcp::endpoint(make_address("::1"), 8080)) == "[::1]:8080");
  CHECK(endpoint_text(asio::local::stream_protocol::endpoint("/tmp/x")) == "unix");
}
