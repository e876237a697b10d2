"""Servers on loopback: starting them, asking them, loading them, and what that cost them."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import common


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Server:
    """A program that serves on loopback.

    A command with {port} in it is given a free one; else its first line has to say
    "listening on http://127.0.0.1:PORT".
    """

    def __init__(self, command, errors=None):
        told = free_port() if any("{port}" in str(c) for c in command) else None
        self.process = subprocess.Popen([str(c).replace("{port}", str(told)) for c in command],
                                        stdout=subprocess.DEVNULL if told else subprocess.PIPE,
                                        stderr=errors or subprocess.DEVNULL, text=True, start_new_session=True)
        self.pid = self.process.pid
        self.port = told or self._said()
        self._wait()

    def _said(self):
        for line in self.process.stdout:
            if found := re.search(r":(\d+)/?\s*$", line):
                return int(found[1])
        self.stop()
        raise RuntimeError(f"{self.process.args} did not say where it listens")

    def _wait(self):
        deadline = time.monotonic() + 30
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.stop()
                    raise RuntimeError(f"{self.process.args} does not listen on {self.port}") from None
                time.sleep(0.05)

    def url(self, target="/"):
        return f"http://127.0.0.1:{self.port}{target}"

    def request(self, target="/"):
        return f"GET {target} HTTP/1.1\r\nHost: localhost:{self.port}\r\n\r\n".encode()

    def answer(self, target="/"):
        """(status, body, bytes in all) of a request on a connection of its own."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as peer:
            return exchange(peer, self.request(target))

    def cpu(self):
        """(user, system) seconds of all threads so far."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        tick = os.sysconf("SC_CLK_TCK")
        return int(fields[11]) / tick, int(fields[12]) / tick

    def memory(self):
        """The resident set in bytes: what the program wrote to, without its own code."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return 1024 * int(re.search(r"RssAnon:\s+(\d+)", text)[1])

    def stop(self):
        """Ends it, politely at first; gives what it said on standard error if that was asked for."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.communicate(timeout=60)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.communicate()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def exchange(peer, request):
    """Sends a request and reads one answer with a Content-Length, or with chunks."""
    peer.sendall(request)
    got = b""
    while b"\r\n\r\n" not in got:
        got += receive(peer)
    head, _, body = got.partition(b"\r\n\r\n")
    if length := re.search(rb"^content-length: *(\d+)", head, re.I | re.M):
        while len(body) < int(length[1]):
            body += receive(peer)
    else:
        while not body.endswith(b"0\r\n\r\n"):
            body += receive(peer)
    return int(head.split(b" ", 2)[1]), body, len(head) + 4 + len(body)


def receive(peer):
    piece = peer.recv(65536)
    if not piece:
        raise ConnectionError("the server closed the connection")
    return piece


# -- load ----------------------------------------------------------------------------------------------------------


class ServerLost(RuntimeError):
    """A server did not live through its load."""


def wrk(server, target, seconds, connections=64, script=None, cpu=None, under=()):
    """What a load made of a server: requests, errors, seconds, user and system seconds of the server, latencies."""
    command = [*under, *([] if cpu is None else ["taskset", "-c", str(cpu)]), "wrk", "-t1", f"-c{connections}",
               f"-d{seconds}s", "--latency", *(["-s", script] if script else []), server.url(target)]
    try:
        before = server.cpu()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        after = server.cpu()
    except (OSError, subprocess.CalledProcessError) as failure:
        raise ServerLost(f"under load {server.process.args} came to an end: {failure}") from failure
    requests, unit_seconds = re.search(r"(\d+) requests in ([\d.]+)s", said).groups()
    if requests == "0":
        raise ServerLost(f"{server.process.args} answered nothing")
    errors = re.findall(r"Socket errors.*|Non-2xx.*", said)
    scale = {"us": 1, "ms": 1e3, "s": 1e6}
    latency = {p: float(n) * scale[u] for p, n, u in re.findall(r"^ +(50|99)% +([\d.]+)(us|ms|s)$", said, re.M)}
    return {"requests": int(requests), "per_second": int(requests) / float(unit_seconds), "errors": errors,
            "user": after[0] - before[0], "system": after[1] - before[1], "latency": latency}


def cpu_per_request(load):
    """Microseconds of all threads of the server, or None for a load that was too little to say."""
    return 1e6 * (load["user"] + load["system"]) / load["requests"] if load["requests"] else None


CALLS = ("recvfrom", "recvmsg", "read", "readv", "sendto", "sendmsg", "write", "writev", "epoll_wait", "epoll_pwait",
         "epoll_ctl", "poll", "select", "futex", "timerfd_settime", "setsockopt")


def system_calls(server, target, seconds=2, **load):
    """(in all, {name: ...}) a request, counted over a whole load; by perf where it can, else by strace."""
    with tempfile.NamedTemporaryFile("r") as file:
        if perf_counts():
            events = [f"syscalls:sys_enter_{c}" for c in CALLS] + ["raw_syscalls:sys_enter"]
            counted = ["perf", "stat", "-x,", "-o", file.name, "-e", ",".join(events), "-p", str(server.pid), "--"]
            requests = wrk(server, target, seconds, under=counted, **load)["requests"]
            counts = {e.rpartition("sys_enter")[2].lstrip("_"): int(n)
                      for n, e in re.findall(r"^(\d+),,((?:raw_)?syscalls:\w+)", file.read(), re.M)}
            total = counts.pop("")
        elif shutil.which("strace"):
            tracer = subprocess.Popen(["strace", "-c", "-f", "-p", str(server.pid), "-o", file.name],
                                      stderr=subprocess.DEVNULL)
            time.sleep(0.5)  # it attaches to every thread
            requests = wrk(server, target, seconds, **load)["requests"]
            tracer.send_signal(signal.SIGINT)
            tracer.wait(timeout=30)
            lines = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +\d* +(\w+)$", file.read(), re.M)
            counts = {call: int(n) for n, call in lines}
            total = counts.pop("total", sum(counts.values()))
        else:
            return None
    return total / requests, {c: n / requests for c, n in counts.items() if n / requests >= 0.01}


def perf_counts():
    """Whether the kernel lets perf count system calls here."""
    return shutil.which("perf") is not None and subprocess.run(
        ["perf", "stat", "-e", "raw_syscalls:sys_enter,syscalls:sys_enter_read", "true"], capture_output=True,
        check=False).returncode == 0
