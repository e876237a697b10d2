"""Ordinary use of wend, through whatever stands in front of it."""
import select
import socket
import time
import zlib

import answers

PATIENCE = 20  # seconds
LARGE = 8 << 20  # bytes


def pattern(size):
    """What /bytes/{size} sends."""
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def sum_of(data):
    """What /sum says of it."""
    return f"{len(data)} {zlib.crc32(data)}\n".encode()


class Conversation:
    """A connection whose client is this file, and nobody's library."""

    def __init__(self, address):
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def send(self, data):
        self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)

    def receive(self):
        data = self.socket.recv(1 << 18)
        self.rest += data
        return data

    def answer(self, to_head=False):
        """The next answer, a 100 as well."""
        ended = False
        while True:
            found = answers.take(self.rest, to_head, ended)
            if found:
                answer, self.rest = found
                return answer
            if ended:
                raise OSError(f"the connection ended after {self.rest[:80]!r}")
            ended = not self.receive()
            while not ended and select.select([self.socket], [], [], 0.002)[0]:
                ended = not self.receive()  # all there is, as the answer is read from its beginning again

    def ask(self, method, target, fields="", body=b"", version="HTTP/1.1"):
        self.send(f"{method} {target} {version}\r\nHost: a.example\r\n{fields}\r\n".encode() + body)
        return self.answer(method == "HEAD")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def sized(body):
    return f"Content-Length: {len(body)}\r\n"


def chunked(body, size):
    pieces = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def expect(answer, status, body=None):
    if answer.status != status or (body is not None and answer.body != body):
        raise AssertionError(f"{answer.status} {answer.fields} {answer.body[:80]!r}")


def get(address):
    with Conversation(address) as peer:
        expect(peer.ask("GET", "/"), 200, b"up\n")
        expect(peer.ask("GET", "/query?a=b%20c&d"), 200, b"a=b%20c&d")
        expect(peer.ask("GET", "/one/%C3%A9%2F+"), 200, b"\xc3\xa9/+")
        expect(peer.ask("GET", "/host"), 200, b"a.example")
        expect(peer.ask("GET", "/host/name"), 200, b"a")  # of a route for {name}.example


def head(address):
    with Conversation(address) as peer:
        answer = peer.ask("HEAD", "/")
        expect(answer, 200, b"")
        assert answer.value("Content-Length") == "3", answer.fields
        expect(peer.ask("HEAD", "/bytes/100000"), 200, b"")
        expect(peer.ask("GET", "/last"), 200, b"last\n")


def post(address):
    with Conversation(address) as peer:
        for size in (0, 1, 5000, 100_000):
            body = pattern(size)
            expect(peer.ask("POST", "/echo", sized(body), body), 200, body)
            expect(peer.ask("PUT", "/sum", sized(body), body), 200, sum_of(body))


def post_chunked(address):
    with Conversation(address) as peer:
        for size in (1, 7, 4096, 100_000):
            body = pattern(3 * size)
            coded = chunked(body, size)
            expect(peer.ask("POST", "/echo", "Transfer-Encoding: chunked\r\n", coded), 200, body)
            expect(peer.ask("POST", "/pieces", "Transfer-Encoding: chunked\r\n", coded), 200, body)
        coded = b"3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n"
        expect(peer.ask("POST", "/echo", "Transfer-Encoding: chunked\r\nTrailer: X\r\n", coded), 200, b"abc")
        expect(peer.ask("GET", "/last"), 200, b"last\n")


def large(address):
    body = pattern(LARGE)
    with Conversation(address) as peer:
        expect(peer.ask("POST", "/sum", sized(body), body), 200, sum_of(body))
        expect(peer.ask("POST", "/sum", "Transfer-Encoding: chunked\r\n", chunked(body, 65536)), 200, sum_of(body))
        expect(peer.ask("GET", f"/bytes/{LARGE}"), 200, body)
        expect(peer.ask("GET", "/last"), 200, b"last\n")


def streamed(address):
    with Conversation(address) as peer:
        peer.send("GET /drip HTTP/1.1\r\nHost: a.example\r\n\r\n")
        while b"first\n" not in peer.rest:
            assert peer.receive(), "the connection ended"
        first = time.monotonic()
        assert b"second" not in peer.rest, "the first piece waited for the second"
        expect(peer.answer(), 200, b"first\nsecond\n")
        assert time.monotonic() - first > 0.2, "the pieces came together"


def empty(address):
    with Conversation(address) as peer:
        for _ in range(3):
            expect(peer.ask("GET", "/nothing"), 204, b"")
            answer = peer.ask("GET", "/unchanged", 'If-None-Match: "1"\r\n')
            expect(answer, 304, b"")
            assert answer.value("ETag") == '"1"', answer.fields
        expect(peer.ask("GET", "/last"), 200, b"last\n")


def errors(address):
    with Conversation(address) as peer:
        expect(peer.ask("GET", "/nowhere"), 404)
        expect(peer.ask("GET", "/throws"), 409)
        assert peer.ask("DELETE", "/last").value("Allow"), "a 405 lost its Allow"
    with Conversation(address) as peer:
        expect(peer.ask("POST", "/little", sized(b"a" * 11), b"a" * 11), 413)
    with Conversation(address) as peer:
        expect(peer.ask("GET", "/says/close"), 200, b"said\n")


def keep_alive(address):
    with Conversation(address) as peer:
        for nth in range(100):
            expect(peer.ask("GET", f"/one/{nth}"), 200, str(nth).encode())


def pipelined(address):
    with Conversation(address) as peer:
        peer.send("".join(f"GET /one/{n} HTTP/1.1\r\nHost: a.example\r\n\r\n"
                          f"POST /echo HTTP/1.1\r\nHost: a.example\r\nContent-Length: 2\r\n\r\n{n:02}"
                          for n in range(20)))
        for nth in range(20):
            expect(peer.answer(), 200, str(nth).encode())
            expect(peer.answer(), 200, f"{nth:02}".encode())


def continued(address):
    with Conversation(address) as peer:
        for target in ("/echo", "/pieces"):
            expect(peer.ask("POST", target, "Expect: 100-continue\r\nContent-Length: 5\r\n"), 100)
            peer.send("abcde")
            expect(peer.answer(), 200, b"abcde")


def old(address):
    with Conversation(address) as peer:
        expect(peer.ask("GET", "/last", version="HTTP/1.0"), 200, b"last\n")
        assert not peer.receive(), "the connection stays open"
    with Conversation(address) as peer:
        expect(peer.ask("GET", "/bytes/1000", version="HTTP/1.0"), 200, pattern(1000))
    with Conversation(address) as peer:
        expect(peer.ask("POST", "/echo", sized(b"abc"), b"abc", version="HTTP/1.0"), 200, b"abc")


def leaving(address):
    for target in ("/slow", "/drip", f"/bytes/{1 << 30}"):
        with Conversation(address) as peer:
            peer.send(f"GET {target} HTTP/1.1\r\nHost: a.example\r\n\r\n")
    with Conversation(address) as peer:
        peer.send("POST /sum HTTP/1.1\r\nHost: a.example\r\nContent-Length: 100000\r\n\r\nabc")
    with Conversation(address) as peer:
        expect(peer.ask("GET", "/last"), 200, b"last\n")


USES = {
    "GET": get, "HEAD": head, "POST with a length": post, "POST in chunks": post_chunked,
    "8 MiB up and down": large, "a streamed answer": streamed, "204 and 304": empty, "errors": errors,
    "100 requests on a connection": keep_alive, "40 requests at once": pipelined, "100-continue": continued,
    "HTTP/1.0": old, "clients that leave": leaving,
}


def use(name, address, check):
    for what, run in USES.items():
        try:
            run(address)
            wrong = None
        except (OSError, AssertionError, answers.Malformed) as why:
            wrong = f"{type(why).__name__}: {why}"
        check(f"{name}: {what}", wrong)
