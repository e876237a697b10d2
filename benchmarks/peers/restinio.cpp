// RESTinio with its express router, on one thread.
#include <restinio/all.hpp>

#include "fixed.hpp"

int main(int argc, char** argv) {
  using router = restinio::router::express_router_t<>;
  struct traits : restinio::default_single_thread_traits_t {
    using request_handler_t = router;
  };
  auto const answer = [](auto const& in, std::string body, char const* type) {
    return in->create_response()
        .append_header(restinio::http_field::content_type, type)
        .set_body(std::move(body))
        .done();
  };
  auto routes = std::make_unique<router>();
  routes->http_get("/", [=](auto const& in, auto) {
    return answer(in, std::string(peers::hello), "text/plain");
  });
  routes->http_get("/users/:id", [=](auto const& in, auto captured) {
    return answer(in, std::string(captured["id"]), "text/plain");
  });
  routes->http_get(
      "/json", [=](auto const& in, auto) { return answer(in, peers::json(), "application/json"); });
  restinio::run(restinio::on_this_thread<traits>()
                    .address("127.0.0.1")
                    .port(peers::port(argc, argv))
                    .max_pipelined_requests(16)
                    .socket_options_setter(
                        [](auto& options) { options.set_option(asio::ip::tcp::no_delay(true)); })
                    .request_handler(std::move(routes)));
}
