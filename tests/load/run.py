#!/usr/bin/env python3
"""Bodies of a gibibyte, readers that do not read, peers that vanish, restarts under load, sockets from systemd.

    run.py build/dev/tests/load_service [--gibibytes 1]

Everything is on loopback, on free ports, and bounded in time.
"""
import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import time

from service import Activated, Service, check, results


def upload(service, size):
    block = bytes(1 << 20)
    with service.connect() as peer:
        peer.sendall(f"PUT /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(size >> 20):
            peer.sendall(block)
        answer = b""
        while piece := peer.recv(65536):
            answer += piece
    return answer.endswith(b"\r\n\r\n" + str(size).encode())


def download(service, size):
    with service.connect() as peer:
        peer.sendall(f"GET /bytes/{size} HTTP/1.0\r\n\r\n".encode())
        got = 0
        buffer = bytearray(1 << 20)
        while n := peer.recv_into(buffer):
            got += n
    return size <= got < size + 1024  # and the head


def bodies(service, size):
    before, _ = service.memory()
    check("a large body goes up", upload(service, size), f"{size >> 20} MiB")
    check("and down", download(service, size))
    _, peak = service.memory()
    check("with at most 16 MiB more memory", peak - before <= 16 * 1024, f"{peak - before} KiB more")


def slow_readers(service):
    before, _ = service.memory()
    peers = [service.connect() for _ in range(20)]
    for peer in peers:
        peer.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(1)
    first, _ = service.memory()
    time.sleep(3)
    last, _ = service.memory()
    check("readers that do not read hold memory flat", last - first <= 1024 and last - before <= 20 * 1024,
          f"{first - before} KiB more after 1 s, {last - before} after 4 s, for {len(peers)} of them")
    check("and others are served", service.get("/") == "up\n")
    for peer in peers:
        peer.close()


def vanished_peers(service):
    peers = [service.connect() for _ in range(50)]
    for peer in peers:
        peer.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
    deadline = time.monotonic() + 10
    while service.get("/waiting") != "50" and time.monotonic() < deadline:
        time.sleep(0.01)
    check("handlers wait", service.get("/waiting") == "50")
    for peer in peers:
        peer.close()
    gone = time.monotonic()
    while service.get("/waiting") != "0" and time.monotonic() < gone + 10:
        time.sleep(0.01)
    took = time.monotonic() - gone
    check("peers that vanish cancel their handlers within a second", took < 1, f"{1000 * took:.0f} ms")


def restarts(program):
    if not shutil.which("wrk"):
        print("left out: there is no wrk")
        return
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        inherit = (listening.fileno(),)
        address = f"fd:{listening.fileno()}"
        running = Service(program, address, inherit)
        load = subprocess.Popen(["wrk", "-t1", "-c32", "-d10s", f"http://127.0.0.1:{listening.getsockname()[1]}/"],
                                stdout=subprocess.PIPE, text=True)
        ended = []
        for _ in range(3):
            time.sleep(2)
            after = Service(program, address, inherit)
            ended.append(running.stop())
            running = after
        output = load.communicate(timeout=60)[0]
        ended.append(running.stop())
    errors = re.search(r"Socket errors.*|Non-2xx.*", output)
    requests = re.search(r"(\d+) requests in", output)
    check("three restarts under load lose no request", requests is not None and errors is None,
          (errors or requests or re.match("", output)).group(0))
    check("and every server ended by itself", ended == [0] * 4, str(ended))


def activation(program):
    if not shutil.which("systemd-socket-activate"):
        print("left out: there is no systemd-socket-activate")
        return
    service = Activated(program)
    try:
        check("a program with a socket from systemd is not there before it is asked",
              service.runs() == "systemd-socket-activate", service.runs())
        first, name = service.get("/"), service.runs()
        check("the first connection starts it and is answered", (first, name) == ("up\n", os.path.basename(program)))
        check("and so is the second", service.get("/") == "up\n")
        check("and it ends when it is told to", service.stop() == 0)
    finally:
        if service.process.poll() is None:
            service.process.kill()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program")
    arguments.add_argument("--gibibytes", type=int, default=1)
    options = arguments.parse_args()
    program = os.path.abspath(options.program)
    service = Service(program)
    try:
        bodies(service, options.gibibytes << 30)
        slow_readers(service)
        vanished_peers(service)
        check("the server ends when it is told to", service.stop() == 0)
    finally:
        if service.process.poll() is None:
            service.process.kill()
    restarts(program)
    activation(program)
    print(f"{results['passed']} passed, {results['failed']} failed")
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
