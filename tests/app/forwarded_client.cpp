#include <wend/app/forwarded_client.hpp>
//
#include <wend/app/table.hpp>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;

TEST_CASE("the client is found behind a trusted proxy", "[app][forwarded_client]") {
  auto const api = routes(use(forwarded_client{{"10.0.0.0/8"}}),
                          get<"/">([](request& in, provided<client_info> client) {
                            return std::string(in.peer) + " " + client->proto.value_or("-");
                          }));
  auto const ask = [&](std::string_view peer) {
    request in;
    response out;
    in.method = method::get;
    in.target = *parse_target(method::get, "/");
    in.peer = peer;
    field const fields[] = {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}};
    in.fields = fields_view{std::span<field const>(fields)};
    body_policy body;
    REQUIRE(api.find(in, out, body) == stage::body);
    REQUIRE(api.call(in, out));
    return out.body;
  };
  CHECK(ask("10.1.2.3:4000") == "203.0.113.9 https");
  CHECK(ask("192.0.2.1:4000").starts_with("192.0.2.1 "));
}
