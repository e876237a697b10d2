// cpp-httplib: a thread for every connection, so there are more of them than of these.
#include <httplib.h>

#include "fixed.hpp"

int main(int argc, char** argv) {
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(80); };
  server.set_keep_alive_max_count(1'000'000'000);
  server.set_tcp_nodelay(true);
  server.Get("/", [](httplib::Request const&, httplib::Response& out) {
    out.set_content(std::string(peers::hello), "text/plain");
  });
  server.Get(R"(/users/([^/]+))", [](httplib::Request const& in, httplib::Response& out) {
    out.set_content(in.matches[1].str(), "text/plain");
  });
  server.Get("/json", [](httplib::Request const&, httplib::Response& out) {
    out.set_content(peers::json(), "application/json");
  });
  return server.listen("127.0.0.1", peers::port(argc, argv)) ? 0 : 1;
}
