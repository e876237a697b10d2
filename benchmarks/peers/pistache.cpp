// Pistache with its router and one worker.
#include <pistache/endpoint.h>
#include <pistache/router.h>

#include "fixed.hpp"

int main(int argc, char** argv) {
  using namespace Pistache;
  auto const result = Rest::Route::Result::Ok;
  Rest::Router router;
  Rest::Routes::Get(router, "/", [=](Rest::Request const&, Http::ResponseWriter out) {
    out.send(Http::Code::Ok, std::string(peers::hello), MIME(Text, Plain));
    return result;
  });
  Rest::Routes::Get(router, "/users/:id", [=](Rest::Request const& in, Http::ResponseWriter out) {
    out.send(Http::Code::Ok, in.param(":id").as<std::string>(), MIME(Text, Plain));
    return result;
  });
  Rest::Routes::Get(router, "/json", [=](Rest::Request const&, Http::ResponseWriter out) {
    out.send(Http::Code::Ok, peers::json(), MIME(Application, Json));
    return result;
  });
  Http::Endpoint endpoint(Address(Ipv4::loopback(), Port(peers::port(argc, argv))));
  endpoint.init(
      Http::Endpoint::options().threads(1).flags(Tcp::Options::ReuseAddr | Tcp::Options::NoDelay));
  endpoint.setHandler(router.handler());
  endpoint.serve();
}
