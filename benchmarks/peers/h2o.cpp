// libh2o on its own event loop.
#include <csignal>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "fixed.hpp"

#define H2O_USE_EPOLL 1
#include <h2o.h>
#include <h2o/http1.h>

namespace {

h2o_globalconf_t config;
h2o_context_t context;
h2o_accept_ctx_t accepting;

int answer(h2o_handler_t*, h2o_req_t* in) {
  static h2o_generator_t generator{nullptr, nullptr};
  std::string_view const path(in->path_normalized.base, in->path_normalized.len);
  std::string body;
  if (path == "/")
    body = peers::hello;
  else if (path.substr(0, 7) == "/users/")
    body = path.substr(7);
  else if (path == "/json")
    body = peers::json();
  else
    return -1;
  h2o_iovec_t kept = h2o_strdup(&in->pool, body.data(), body.size());
  in->res.status = 200;
  in->res.reason = "OK";
  in->res.content_length = kept.len;
  std::string_view const type = path == "/json" ? "application/json" : "text/plain";
  h2o_add_header(
      &in->pool, &in->res.headers, H2O_TOKEN_CONTENT_TYPE, nullptr, type.data(), type.size());
  h2o_start_response(in, &generator);
  h2o_send(in, &kept, 1, H2O_SEND_STATE_FINAL);
  return 0;
}

void on_accept(h2o_socket_t* listening, char const* error) {
  if (error != nullptr) return;
  if (auto* const peer = h2o_evloop_socket_accept(listening)) h2o_accept(&accepting, peer);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  int const fd = socket(AF_INET, SOCK_STREAM, 0);
  int const on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(peers::port(argc, argv));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(fd, 4096) != 0)
    return 1;

  h2o_config_init(&config);
  auto* const host =
      h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
  auto* const handler =
      h2o_create_handler(h2o_config_register_path(host, "/", 0), sizeof(h2o_handler_t));
  handler->on_req = answer;
  h2o_context_init(&context, h2o_evloop_create(), &config);
  accepting.ctx = &context;
  accepting.hosts = config.hosts;
  auto* const listening = h2o_evloop_socket_create(context.loop, fd, H2O_SOCKET_FLAG_DONT_READ);
  h2o_socket_read_start(listening, on_accept);
  while (h2o_evloop_run(context.loop, INT32_MAX) == 0) {
  }
}
