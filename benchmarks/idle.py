#!/usr/bin/env python3
"""Bytes that an idle connection takes in user space.

    ./tools/bench idle [--connections 10000]

Each connection does one request and stays. Three seconds after the last answer the anonymous resident memory of the
server (RssAnon, its heap and stacks without its code) is compared with that before the first; the kernel's own part
is not in it.
"""
import resource
import socket
import time

import common
import peers
import serving

NAMES = ("epoll_limit", "asio_limit", "wend", "nginx", "h2o", "microhttpd", "restinio", "beast")
SETTLE = 3  # seconds: what is given back after a while is given back then


def connect(server, number):
    """A connection from one of many addresses, as one has not ports enough for all that stay in TIME_WAIT."""
    peer = socket.socket()
    peer.settimeout(10)
    peer.bind((f"127.0.0.{2 + number % 50}", 0))
    peer.connect(("127.0.0.1", server.port))
    return peer


def grow(server, count):
    """(bytes before, bytes with `count` idle connections)."""
    server.answer()  # what is made with the first request is not a connection's
    time.sleep(SETTLE)
    before = server.memory()
    request = server.request()
    peers = []
    try:
        for i in range(count):
            peers.append(connect(server, i))
            serving.exchange(peers[-1], request)
        time.sleep(SETTLE)
        return before, server.memory()
    finally:
        for peer in peers:
            peer.close()


def main():
    settings = common.options(__doc__, connections=(10_000, "how many"), **peers.OPTIONS)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < settings.connections + 100:
        common.leave_out(f"a process may have {most} open files here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # for the servers as well
    rows = []
    with peers.servers(settings, NAMES) as servers:
        for name, server in servers.items():
            try:
                before, after = grow(server, settings.connections)
                rows.append((name, before // 1024, after // 1024, f"{(after - before) / settings.connections:.0f}"))
            except OSError as failure:
                common.say(f"{name} is left out: {failure}")
    rows.sort(key=lambda row: int(row[3]))
    common.publish("idle", f"{settings.connections} connections, each idle after one request:\n\n" + common.table(
        ["server", "KiB without", "KiB with", "bytes/connection"], rows), settings)


if __name__ == "__main__":
    main()
