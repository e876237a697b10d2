// GNU libmicrohttpd on epoll, with one thread that serves.
#include <arpa/inet.h>
#include <microhttpd.h>
#include <unistd.h>

#include "fixed.hpp"

namespace {

MHD_Result answer(void*,
                  MHD_Connection* connection,
                  char const* target,
                  char const*,
                  char const*,
                  char const*,
                  std::size_t*,
                  void** seen) {
  static int mark;
  if (*seen == nullptr) {  // it is called once more when the body is there
    *seen = &mark;
    return MHD_YES;
  }
  std::string_view const path = target;
  unsigned status = MHD_HTTP_OK;
  std::string body;
  if (path == "/")
    body = peers::hello;
  else if (path.substr(0, 7) == "/users/")
    body = path.substr(7);
  else if (path == "/json")
    body = peers::json();
  else
    status = MHD_HTTP_NOT_FOUND;
  auto* const response =
      MHD_create_response_from_buffer(body.size(), body.data(), MHD_RESPMEM_MUST_COPY);
  MHD_add_response_header(
      response, MHD_HTTP_HEADER_CONTENT_TYPE, path == "/json" ? "application/json" : "text/plain");
  auto const result = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(peers::port(argc, argv));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const daemon =
      MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_USE_ERROR_LOG,
                       0,
                       nullptr,
                       nullptr,
                       &answer,
                       nullptr,
                       MHD_OPTION_SOCK_ADDR,
                       &address,
                       MHD_OPTION_CONNECTION_LIMIT,
                       20'000U,
                       MHD_OPTION_END);
  if (daemon == nullptr) return 1;
  pause();
}
