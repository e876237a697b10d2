#!/usr/bin/env python3
"""Peers that take their time, hold what they can, or come in crowds; and what others notice of it.

    limits.py build/dev/tests/load_service [--write docs/LIMITS.md]

What is measured is printed, and put into docs/LIMITS.md by --write; what has to hold is checked: that each deadline
passes when it should, that a connection takes no more memory than docs/LIMITS.md says, and that a peer that asks
something every few milliseconds meanwhile gets each answer. Everything is on loopback and bounded in time.
"""
import argparse
import contextlib
import os
import pathlib
import resource
import select
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time

from service import Service, check, results

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "conformance"))
from server import processor_time  # noqa: E402

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "LIMITS.md"
DEADLINE = 2.0  # seconds, each of them, where deadlines are measured


class Bystander(threading.Thread):
    """Asks a service something, again and again on new connections, and tells how long the answers took."""

    def __init__(self, service):
        super().__init__()
        self.service, self.took, self.wrong, self.over = service, [], 0, threading.Event()

    def run(self):
        while not self.over.wait(0.01):
            began = time.monotonic()
            with contextlib.suppress(OSError):
                if self.service.get("/") == "up\n":
                    self.took.append(1000 * (time.monotonic() - began))
                    continue
            self.wrong += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()

    def check(self, because):
        """What was noticed, in words; checks that every answer came."""
        said = (f"{len(self.took)} answers, half of them within {statistics.median(self.took or [0]):.1f} ms, all "
                f"within {max(self.took, default=0):.0f} ms")
        check(f"{because}: others are answered", self.took and not self.wrong, f"{said}, {self.wrong} not")
        return said


def readable(peer, seconds):
    """Whether there is something to read, or the end, within so long."""
    wait = select.poll()
    wait.register(peer, select.POLLIN)
    return bool(wait.poll(1000 * seconds))


def read_all(peer):
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := peer.recv(65536):
            said += piece
    return said


# Deadlines: what a peer does that takes its time. Each is played with a socket and the moment at which to give up, and
# returns what it was told.

def drip(first, again=b"", every=0.05):
    """Sends `first`, and `again` from time to time, until the other side ends."""
    def play(peer, until):
        said = b""
        peer.sendall(first)
        with contextlib.suppress(OSError):
            while time.monotonic() < until:
                if readable(peer, every):
                    piece = peer.recv(65536)
                    if not piece:
                        break
                    said += piece
                elif again:
                    peer.sendall(again)
        return said
    return play


def sends_on(first, every=0.05):
    """Sends `first` whatever is said, until it is not taken any more."""
    def play(peer, until):
        said = b""
        with contextlib.suppress(OSError):
            while time.monotonic() < until:
                peer.sendall(first)
                if readable(peer, 0):
                    said += peer.recv(65536)
                time.sleep(every)
        return said
    return play


def does_not_read(first):
    """Sends `first` and reads nothing, until the connection is cut."""
    def play(peer, until):
        peer.sendall(first)
        cut = select.poll()
        cut.register(peer, select.POLLRDHUP)
        cut.poll(max(0, 1000 * (until - time.monotonic())))
        return b""
    return play


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def put(path, more):
    return f"PUT {path} HTTP/1.1\r\nHost: x\r\n".encode() + more


HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
LENGTH = b"Content-Length: 1000\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
DEADLINES = [  # the limit, what the peer does, how, what it is told
    ("head_deadline", "sends a byte of a head now and then", drip(HEAD + b"X: ", b"x"), "408"),
    ("head_deadline", "sends a field now and then", drip(HEAD, b"X: x\r\n"), "408"),
    ("head_deadline", "stops in a head", drip(b"GET / HTTP/1.1\r\nHo"), "408"),
    ("body_deadline", "stops in a body that is taken whole", drip(put("/size", LENGTH) + b"x"), "408"),
    ("body_deadline", "stops in a body that is taken in pieces", drip(put("/count", LENGTH) + b"x"), "408"),
    ("body_deadline", "stops in a chunk", drip(put("/size", CHUNKED) + b"5\r\nx"), "408"),
    ("body_rate", "sends a byte of a body now and then", drip(put("/size", LENGTH), b"x"), "408"),
    ("body_rate", "sends a chunk of one byte now and then", drip(put("/count", CHUNKED), b"1\r\nx\r\n"), "408"),
    ("handler_deadline", "waits for a handler that waits for ever", drip(get("/wait")), "503"),
    ("write_deadline", "does not read an answer without end", does_not_read(get("/endless")), ""),
    ("write_deadline", "does not read an answer of 64 MiB", does_not_read(get("/whole/67108864")), ""),
    ("keep_alive", "sends nothing", drip(b""), ""),
    ("keep_alive", "sends nothing after an answer", drip(get("/")), "200"),
    ("keep_alive", "sends line ends and no request", drip(b"\r\n"), ""),
    ("linger", "goes on sending after it was refused", sends_on(b"nonsense\r\n\r\n"), "400"),
]


def deadlines(program):
    service = Service(program, arguments=[str(int(1000 * DEADLINE))])
    rows = []

    def row(limit, what, how, told):
        with service.connect() as peer:
            began = time.monotonic()
            said = how(peer, began + 20 * DEADLINE)
            took = time.monotonic() - began
        status = said[9:12].decode() if said else ""
        check(f"{limit}: a peer that {what} is told {told or 'nothing'} and closed",
              status == told and 0.5 * DEADLINE <= took < 20 * DEADLINE, f"{status} after {1000 * took:.0f} ms")
        rows.append((limit, what, told, took))

    try:
        with Bystander(service) as others:
            peers = [threading.Thread(target=row, args=each) for each in DEADLINES]
            for p in peers:
                p.start()
            for p in peers:
                p.join()
        others.check("while each takes its time")
    finally:
        check("the server ends when it is told to", service.stop() == 0)
    order = [each[1] for each in DEADLINES]
    return sorted(rows, key=lambda r: order.index(r[1]))


# Memory: what so many peers hold that each do the same.

def head_of(size):
    """The beginning of a request, of so many bytes, in 99 fields."""
    return HEAD + (b"X: " + b"x" * ((size - len(HEAD)) // 98 - 5) + b"\r\n") * 98


STATES = [  # what the connection does, how many do, what they send, whether an answer is awaited, KiB each at most
    ("is new", 9900, b"", False, 1),
    ("is idle after a request", 9900, get("/"), True, 1),
    ("has sent a part of a head", 2000, b"GET / HTTP/1.1\r\nHo", False, 8),
    ("has sent 31 KiB of a head, in 98 fields", 1000, head_of(31 << 10), False, 40),
    ("has sent 500 KiB of a body that is taken whole", 100,
     put("/size", b"Content-Length: 512000\r\n\r\n") + b"x" * 511999, False, 1040),
    ("has sent what fits of a body of 1 MiB, of which the handler takes nothing", 500,
     put("/hold", b"Content-Length: 1048576\r\n\r\n") + b"x" * 1048575, False, 24),
    ("has a handler that waits", 2000, get("/wait"), False, 12),
    ("does not read an answer that comes in pieces of 64 KiB", 200, get("/endless"), False, 140),
    ("does not read an answer of 16 MiB made in one piece", 20, get("/whole/16777216"), False, 16400),
    ("sends requests behind one another and reads no answer", 200, get("/") * 20000, False, 96),
    ("goes on after it was refused", 1000, b"nonsense\r\n\r\n" + b"x" * 30000, True, 8),
]


def send_some(peer, what):
    """Sends what the other side takes of it."""
    peer.setblocking(False)
    until = time.monotonic() + 0.2
    while what and time.monotonic() < until:
        try:
            what = what[peer.send(what):]
        except BlockingIOError:
            time.sleep(0.001)
    peer.setblocking(True)


def settled(service):
    """The resident set in KiB, when it does not change any more."""
    last = service.memory()[0]
    for _ in range(20):
        time.sleep(0.1)
        now = service.memory()[0]
        if abs(now - last) < 64:
            break
        last = now
    return now


def memory(program):
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    rows = []
    for what, count, sent, answered, most in STATES:
        count = min(count, descriptors - 200)
        service = Service(program)
        peers = []
        try:
            service.get("/")
            before = settled(service)
            for _ in range(count):
                peers.append(service.connect())
                send_some(peers[-1], sent)
                if answered:
                    peers[-1].recv(4096)
            each = (settled(service) - before) / count
            check(f"a connection that {what} holds at most {most} KiB", each <= most, f"{each:.1f} KiB, of {count}")
            with Bystander(service) as others:
                time.sleep(0.2)
            others.check(f"beside {count}")
            rows.append((what, count, each, most))
        finally:
            for p in peers:
                p.close()
            service.stop()
    return rows


def chunks(program):
    """A body of which the framing is fifty times the content; and one with more extensions than there may be."""
    service = Service(program)
    try:
        before, _ = service.memory()
        with service.connect() as peer, Bystander(service) as others:
            peer.sendall(put("/count", b"Connection: close\r\n" + CHUNKED))
            for _ in range(200):
                peer.sendall((b"0" * 45 + b"1\r\nx\r\n") * 5000)
            peer.sendall(b"0\r\n\r\n")
            said = read_all(peer)
        check("a million chunks of one byte are counted", said.endswith(b"\r\n\r\n1000000"), "50 MiB")
        others.check("a million chunks of one byte")
        with service.connect() as peer:
            peer.sendall(put("/count", CHUNKED))
            peer.sendall((b"1;" + b"e" * 200 + b"\r\nx\r\n") * 1000)
            said = read_all(peer)
        check("200 kB of chunk extensions are refused", said.startswith(b"HTTP/1.1 400 "))
        _, peak = service.memory()
        check("and neither takes memory", peak - before <= 2048, f"{peak - before} KiB")
    finally:
        service.stop()


# Crowds

def flood(service, seconds, reset):
    """Opens connections as fast as it can, and closes each at once, with a reset or in order."""
    n, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", service.port), timeout=10) as peer:
            if reset:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            n += 1
    return n


def floods(program):
    service = Service(program)
    rows = []
    try:
        for what, reset in (("closes it at once", False), ("resets it at once", True)):
            with Bystander(service) as others:
                n = flood(service, 3, reset)
            rows.append((f"opens a connection and {what}, as fast as it can",
                         f"beside {n} of them in 3 s: " + others.check(f"a flood that {what}")))
        with contextlib.ExitStack() as crowd:
            most = min(10100, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
            for _ in range(most):
                crowd.enter_context(service.connect())
            if most > 10000:  # the limit is reached: who comes now waits in the backlog of the listening socket
                late = crowd.enter_context(service.connect())
                late.sendall(get("/"))
                busy = processor_time(service.process, 1)
                check("at no cost", busy < 0.2, f"{busy:.2f} s of processor time in a second")
                check("who comes after 10 000 waits", not readable(late, 0))
        with Bystander(service) as others:
            time.sleep(0.5)
        others.check("after a crowd that has left")
    finally:
        check("the server ends when it is told to", service.stop() == 0)
    return rows


SLOW = [  # the mode of slowhttptest, how many connections, and more of its arguments
    ("slow heads (slowloris)", 1000, ["-H", "-i", "1"]),
    ("slow bodies (R-U-Dead-Yet)", 1000, ["-B", "-i", "1", "-s", "8192", "-t", "PUT", "-u", "/size"]),
    ("slow readers", 200, ["-X", "-w", "10", "-y", "20", "-n", "1", "-z", "32", "-k", "3", "-u", "/endless"]),
]


def slowhttptest(program):
    if not shutil.which("slowhttptest"):
        print("left out: there is no slowhttptest")
        return []
    rows = []
    for what, count, arguments in SLOW:
        service = Service(program, arguments=["3000"])
        base = f"http://127.0.0.1:{service.port}"
        if "-u" in arguments:
            arguments = arguments[:-1] + [base + arguments[-1]]
        else:
            arguments = arguments + ["-u", base + "/"]
        try:
            with Bystander(service) as others:
                said = subprocess.run(["slowhttptest", *arguments, "-c", str(count), "-r", "500", "-l", "8", "-p", "1"],
                                      capture_output=True, text=True, timeout=120).stdout
            available = said.count("YES"), said.count("NO")
            check(f"slowhttptest, {what}: it finds the service available", available[0] and not available[1],
                  f"{available[0]} times, {available[1]} times not")
            rows.append((f"{what}, {count} of them", others.check(f"slowhttptest, {what}")))
            _, peak = service.memory()
            check(f"slowhttptest, {what}: memory is bounded", peak < 160 * 1024, f"{peak >> 10} MiB")
        finally:
            service.stop()
    return rows


ABOUT = """# Limits

What a peer may take at most stands in one struct, [`wend::limits`](../include/wend/wire/limits.hpp), in bytes and in
time; what is told to a peer that goes beyond the sizes is in [CONFORMANCE.md](CONFORMANCE.md#limits). This page is the
rest: what peers notice that are slow, what connections hold, and what others notice meanwhile. It is made by
`tests/load/limits.py --write`, which fails where a bound does not hold, and where a bystander that asks something
every few milliseconds does not get each answer. The last column is what was measured when this was written, on
loopback, beside other work; memory is the resident set of the process, without what the kernel keeps.
"""


def table(*rows):
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]]) + "\n"


def document(late, held, crowds, slow):
    """docs/LIMITS.md; what was measured is the last column of each row."""
    return "\n".join([
        ABOUT,
        f"## Time\n\nWith every deadline set to {DEADLINE:g} s. A server looks at them twice a second: each may pass half a\n"
        "second early, or late. After an answer the connection is closed.\n",
        table(("limit", "a peer that", "is told", "after"),
              *((f"`{limit}`", what, told or "nothing", f"{took:.2f} s") for limit, what, told, took in late)),
        "## Memory\n",
        table(("a connection that", "holds at most", "and held"),
              *((what, f"{most} KiB", f"{each:.1f} KiB, each of {count}") for what, count, each, most in held)),
        "A server keeps what 32 connections used last for the next, and its allocator what it sees fit.\n",
        "## Crowds\n\nBeyond `limits::connections` who comes waits in the backlog of the listening socket.\n",
        table(("a peer that", "a bystander got"), *crowds),
        "## slowhttptest\n\nWith every deadline set to 3 s. It finds the service available at all times.\n",
        table(("mode", "a bystander got"), *slow)])


def says_the_same(written, measured):
    """Whether one document is the other, but for what was measured."""
    fixed = lambda text: [line.rstrip("| ").rpartition("|")[0] if line.startswith("|") else line
                          for line in text.splitlines()]
    return fixed(written) == fixed(measured)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program")
    arguments.add_argument("--write", nargs="?", const=DOCUMENT, type=pathlib.Path)
    options = arguments.parse_args()
    program = os.path.abspath(options.program)
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    text = document(deadlines(program), memory(program), floods(program), slowhttptest(program))
    chunks(program)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    elif shutil.which("slowhttptest"):
        check("docs/LIMITS.md says so", says_the_same(DOCUMENT.read_text(encoding="utf-8"), text))
    print(f"{results['passed']} passed, {results['failed']} failed")
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
