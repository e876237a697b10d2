#!/usr/bin/env python3
"""The same as `loopback`, with sixteen requests sent at a time and the next when all are answered.

    ./tools/bench pipelined [--rounds 8] [--seconds 2] [--also "name=command with {port}"]

A server is loaded only if sixteen requests in one piece get sixteen answers.
"""
import socket

import common
import loopback
import peers

DEPTH = 16
SCRIPT = str(common.ROOT / "benchmarks" / "pipeline.lua")


def answers(server):
    """How many answers there are to sixteen requests that are sent in one piece."""
    _, _, size = server.answer()
    got = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=3) as peer:
        peer.sendall(server.request() * DEPTH)
        try:
            while len(got) < DEPTH * size and (piece := peer.recv(65536)):
                got += piece
            peer.settimeout(0.2)  # one too many is wrong as well
            got += peer.recv(65536)
        except OSError:
            pass
    return got.count(b"HTTP/1.1 200 OK\r\n")


def main():
    settings = common.options(__doc__, rounds=(8, "how often each is loaded"), seconds=(2, "how long at a time"),
                              **peers.OPTIONS)
    common.need("wrk", "taskset")
    with peers.servers(settings, cpu=peers.SERVER_CPU) as servers:
        counts = {name: answers(server) for name, server in servers.items()}
        able = {name: servers[name] for name, n in counts.items() if n == DEPTH}
        unable = [f"{name} answers {n} of {DEPTH}" for name, n in counts.items() if n != DEPTH]
        rows = loopback.rows_of(able, "/", loopback.race(able, "/", settings, SCRIPT), script=SCRIPT)
    text = (f"`GET /`, 64 connections, {DEPTH} requests at a time, {settings.rounds} rounds of {settings.seconds} s; "
            "columns as above.\n\n" +
            common.table([*loopback.COLUMNS, *loopback.CALLS, "bad rounds"], rows))
    if unable:
        text += f"\n\nNot loaded, because requests that come in one piece are lost: {'; '.join(unable)}."
    common.publish("pipelined", text, settings)


if __name__ == "__main__":
    main()
