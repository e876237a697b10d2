#include <wend/net/connection.hpp>

#include "support/catch.hpp"

using wend::detail::connection;

TEST_CASE("a peer is its address and port", "[net][connection]") {
  using asio::ip::make_address;
  CHECK(connection::to_text({make_address("127.0.0.1"), 80}) == "127.0.0.1:80");
  CHECK(connection::to_text({make_address("::1"), 8080}) == "[::1]:8080");
}
