"""A stop in each phase of a connection: what was asked for is answered, and the service ends in time."""
import signal
import socket
import time

DRAIN = 3  # seconds, as in service.cpp


class Peer:
    def __init__(self, address, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(30)
        self.socket.connect(address)

    def send(self, text):
        self.socket.sendall(text)
        return self

    def until(self, mark):
        got = b""
        while mark not in got:
            piece = self.socket.recv(65536)
            if not piece:
                break
            got += piece
        return got

    def rest(self):
        got = b""
        try:
            while piece := self.socket.recv(65536):
                got += piece
        except ConnectionResetError:
            got += b"<reset>"
        return got


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def idle(address):
    peer = Peer(address).send(get("/mount/a"))
    peer.until(b"/a")
    return peer, lambda got: got == b""


def idle_from_the_start(address):
    return Peer(address), lambda got: got == b""


def in_a_head(address):
    peer = Peer(address).send(b"GET /mount/a HTTP/1.1\r\nHost:")
    time.sleep(0.1)
    peer.later = b" x\r\n\r\n"
    return peer, lambda got: got.endswith(b"\r\n\r\n/a") and b"Connection: close" in got


def in_a_body(address):
    peer = Peer(address).send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
    time.sleep(0.1)
    peer.later = b"67890"
    return peer, lambda got: got.endswith(b"\r\n\r\n1234567890") and b"Connection: close" in got


def in_a_body_in_pieces(address):
    peer = Peer(address).send(b"POST /digest HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
    time.sleep(0.1)
    peer.later = b"cd"
    return peer, lambda got: got.endswith(b"\r\n\r\n4 3459545533")


def in_a_handler(address):
    return Peer(address).send(get("/wait/800")), lambda got: got.endswith(b"\r\n\r\nwaited 800")


def in_middleware(address):
    return Peer(address).send(get("/around/wait/7")), lambda got: got.endswith(b"\r\n\r\n7")


def in_a_blocking_handler(address):
    peer = Peer(address).send(get("/blocking/1") * 200)
    return peer, lambda got: got.count(b"HTTP/1.1 200 OK") >= 1


def in_a_handler_that_never_ends(address):
    return Peer(address).send(get("/never")), lambda got: got.startswith(b"HTTP/1.1 503 ")


def in_an_answer(address):
    peer = Peer(address, 4096).send(get("/sized/1000"))
    time.sleep(0.2)
    return peer, lambda got: len(got.partition(b"\r\n\r\n")[2]) == 1_000_000


def in_a_stream(address):
    peer = Peer(address, 4096).send(get("/lines/100000"))
    time.sleep(0.2)
    return peer, lambda got: got.endswith(b"\r\n0\r\n\r\n")


def in_a_file(address):
    peer = Peer(address, 4096).send(get("/file"))
    time.sleep(0.2)
    return peer, lambda got: got.endswith(b"0019999\n")


def in_an_answer_that_nobody_reads(address):
    peer = Peer(address, 4096).send(get("/letters/100000"))
    peer.deaf = True
    return peer, lambda got: True


def lingering(address):
    peer = Peer(address).send(b"GET  / HTTP/1.1\r\n\r\n")
    peer.until(b"}")
    return peer, lambda got: got == b""


PHASES = [idle, idle_from_the_start, in_a_head, in_a_body, in_a_body_in_pieces, in_a_handler, in_middleware,
          in_a_blocking_handler, in_a_handler_that_never_ends, in_an_answer, in_a_stream, in_a_file,
          in_an_answer_that_nobody_reads, lingering]


def ended(service, within):
    try:
        return service.process.wait(timeout=within)
    except Exception:
        service.process.kill()
        return "nothing"


def stop_in(phase, start, check):
    service = start()
    peer, is_right = phase(service.address)
    service.process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    time.sleep(0.05)
    if later := getattr(peer, "later", None):
        peer.send(later)
    got = b"" if getattr(peer, "deaf", False) else peer.rest()
    code = ended(service, 10 * DRAIN)
    took = time.monotonic() - began
    name = phase.__name__.replace("_", " ")
    check(f"a stop {name}: the peer gets what it asked for", is_right(got), f"{got[:60]!r} {len(got)} bytes")
    check(f"a stop {name}: the service ends", code == 0 and service.last_words() == "live 0" and took < DRAIN + 5,
          f"{code} after {took:.1f} s")


def second_signal(start, check):
    service = start()
    peer = Peer(service.address).send(get("/wait/100000"))
    time.sleep(0.1)
    for _ in range(2):
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
    began = time.monotonic()
    code = ended(service, 10 * DRAIN)
    check("a second signal ends it at once", code == 0 and time.monotonic() - began < 1, f"{code}, {peer.rest()!r}")


def stop_in_every_phase(start, check):
    for phase in PHASES:
        stop_in(phase, start, check)
    second_signal(start, check)
