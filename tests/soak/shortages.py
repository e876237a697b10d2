#!/usr/bin/env python3
"""No descriptors, no room on the disk, and signals at any time: a clear answer, nothing lost, the next request served.

    shortages.py --server build/dev/tests/soak_service [--upload build/dev/examples/upload]

Everything is on loopback and bounded in time.
"""
import argparse
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

from run import Service, check, results
from server import processor_time
from stops import Peer, get
from talk import FILE

MIB = 1 << 20


def ask(address, text):
    """The answer to a request on a connection of its own."""
    return Peer(address).send(text.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n", 1)).rest()


def descriptors(program, file):
    service = Service(program, 1, file)
    pid = service.process.pid
    ask(service.address, get("/mount/a"))
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (service.descriptors() + 10, before[1]))
    peers = [Peer(service.address).send(get("/mount/a")) for _ in range(30)]
    answered = []
    for peer in peers:
        peer.socket.settimeout(0.2)
        try:
            answered.append(peer.until(b"/a").endswith(b"\r\n\r\n/a"))
        except TimeoutError:
            answered.append(None)
    served = answered.count(True)
    check("without descriptors, who was let in before is served", served >= 9 and False not in answered,
          f"{served} of 30")
    inside, outside = peers[:served], peers[served:]
    got = inside[0].send(get("/file")).until(b"}")
    check("a file that cannot be opened for want of descriptors is an error",
          b" 500 " in got and b"application/problem+json" in got, f"{got[:30]!r}")
    got = inside[0].send(get("/mount/b")).until(b"/b")
    check("and the next request on that connection is answered", got.endswith(b"\r\n\r\n/b"))
    busy = processor_time(service.process, 2)
    check("who comes waits, at no cost", busy < 0.5, f"{busy:.2f} s of processor time in 2 s")
    for peer in inside:
        peer.socket.close()
    for peer in outside[:served]:
        peer.socket.settimeout(10)
    check("and is served when others leave", all(p.until(b"/a").endswith(b"/a") for p in outside[:served]))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    for peer in outside[served:]:
        peer.socket.settimeout(10)
    check("or when there are descriptors again", all(p.until(b"/a").endswith(b"/a") for p in outside[served:]))
    check("files are sent again", ask(service.address, get("/file")).endswith(b"0019999\n"))
    check("it stops as it should", service.stop() == 0 and service.last_words() == "live 0")


def signals(program, file):
    service = Service(program, 1, file)
    over = threading.Event()

    def interrupt():
        while not over.wait(0.005):
            os.kill(service.process.pid, signal.SIGSTOP)
            os.kill(service.process.pid, signal.SIGCONT)

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    try:
        wanted = [(get("/mount/a"), b"/a"), (get("/wait/20"), b"waited 20"), (get("/sized/300"), b"n" * 1000),
                  (get("/file"), b"0019999\n"), (get("/blocking/7"), b"7\n"),
                  (get("/events/3"), b"data: 2\n\n\r\n0\r\n\r\n"),
                  (b"POST /digest HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd", b"4 3459545533")]
        wrong = [asked for _ in range(20) for asked, right in wanted if not ask(service.address, asked).endswith(right)]
        check("a process that is stopped and continued all the time answers", not wrong,
              f"{20 * len(wanted)} requests; wrong: {wrong[:2]}")
    finally:
        over.set()
        interrupting.join()
    check("it stops as it should", service.stop() == 0 and service.last_words() == "live 0")


class OnSmallDisk(Service):
    """A program on a disk of its own, of 4 MiB, in a mount namespace."""

    def __init__(self, program, folder):
        self.folder = folder
        super().__init__("unshare", "--mount", "--map-root-user", "sh", "-c",
                         'mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"', folder, program, "--folder", folder)

    def files(self):
        return sorted(os.listdir(f"/proc/{self.process.pid}/root{self.folder}"))


def put(name, size):
    return f"PUT /blobs/{name} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size


def disk(upload):
    if not shutil.which("unshare"):
        print("left out: there is no unshare")
        return
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "tmpfs", folder],
                               capture_output=True, text=True)
        if tried.returncode:
            print(f"left out: no disk can be mounted here: {tried.stderr.strip()}")
            return
        service = OnSmallDisk(upload, folder)
        try:
            check("there is room for a file", b" 201 " in ask(service.address, put("one", 2 * MIB)))
            got = ask(service.address, put("two", 3 * MIB))
            check("a file for which there is no room is refused", b" 507 " in got and b"there is no room" in got,
                  f"{got[:40]!r}")
            check("nothing of it is left", service.files() == ["one"], str(service.files()))
            got = ask(service.address, get("/blobs/one"))
            check("what was there is whole", got.endswith(b"\r\n\r\n" + b"x" * 2 * MIB))
            check("what fits is taken", b" 201 " in ask(service.address, put("three", MIB)))
            check("a file that would replace another and does not fit leaves that as it was",
                  b" 507 " in ask(service.address, put("three", 3 * MIB)) and
                  ask(service.address, get("/blobs/three")).endswith(b"\r\n\r\n" + b"x" * MIB))
            got = Peer(service.address).send(put("four", 3 * MIB) + get("/blobs/three")).rest()
            check("the rest of it is taken for nothing else", got.count(b"HTTP/1.1 ") == 1 and b" 507 " in got)
            ask(service.address, b"DELETE /blobs/one HTTP/1.1\r\nHost: x\r\n\r\n")
            check("where there is room again, it is taken", b" 201 " in ask(service.address, put("two", 2 * MIB)))
            check("it stops as it should", service.stop() == 0)
        finally:
            if service.process.poll() is None:
                service.process.kill()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--server", required=True)
    arguments.add_argument("--upload")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "file"
        file.write_bytes(FILE)
        descriptors(options.server, file)
        signals(options.server, file)
    if options.upload:
        disk(os.path.abspath(options.upload))
    print(f"{results['passed']} passed, {results['failed']} failed", flush=True)
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
