#include <wend/net/connection.hpp>
//
#include <wend/app/table.hpp>
#include <wend/handler/json.hpp>
#include <wend/net/server.hpp>

#include <string>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/peer.hpp"

using namespace wend;
using wend::test::peer;

TEST_CASE("a plain request costs a connection no allocation", "[net][connection]") {
  std::size_t before = 0, after = 0;
  int asked = 0;
  auto const api = routes(get<"/users/{id:int}">([&](int) {
    // from one call to the next lies all that a connection does for a request
    ++asked;
    if (asked == 10) before = wend::test::allocations();
    if (asked == 20) after = wend::test::allocations();
    return std::string_view("up\n");
  }));
  asio::io_context io;
  server web(io, api, {.port = 0});
  peer p(web.port());
  for (int i = 1; i <= 20; ++i) {
    p.send("GET /users/7 HTTP/1.1\r\nHost: x\r\n\r\n");
    while (asked < i)
      io.run_one();
  }
  CHECK(after == before);
}
