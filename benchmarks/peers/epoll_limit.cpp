// The limit: what an HTTP server on epoll cannot do without. Its answer is the same to everything.
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixed.hpp"

int main(int argc, char** argv) {
  int const listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int const on = 1;
  setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(peers::port(argc, argv));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listening, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listening, 4096) != 0)
    return 1;

  int const poll = epoll_create1(0);
  auto const watch = [poll](int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  };
  watch(listening);
  std::vector<peers::heads> open(65536);
  std::vector<epoll_event> events(1024);
  std::vector<char> buffer(65536);
  while (true) {
    int const ready = epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      int const fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listening) {
        int const peer = accept4(listening, nullptr, nullptr, SOCK_NONBLOCK);
        if (peer < 0) continue;
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        open[static_cast<std::size_t>(peer)] = {};
        watch(peer);
        continue;
      }
      auto const n = recv(fd, buffer.data(), buffer.size(), 0);
      if (n <= 0) {
        close(fd);
        continue;
      }
      auto const requests =
          open[static_cast<std::size_t>(fd)].count({buffer.data(), static_cast<std::size_t>(n)});
      auto const answers = peers::fixed_answers(requests);
      if (!answers.empty() && send(fd, answers.data(), answers.size(), MSG_NOSIGNAL) < 0) close(fd);
    }
  }
}
