"""Requests whose answers are known, and conversations made of them."""
import asyncio
import itertools
import json
import random
import socket
import string
import struct

FILE = b"".join(b"%07d\n" % i for i in range(20_000))  # what the service has as its file


WAITING = ("wait", "never", "around", "blocking", "lines", "events", "digest", "fails/later", "fails/blocking", "fails/stream")


class Wrong(Exception):
    """An answer that is not the one to its request."""


class Request:
    """The bytes of a request, and what its answer has to be.

    `body` is the content, or a function that says whether one is right; `cut` says that the connection
    breaks off within the answer, `last` that it ends with it."""

    def __init__(self, line, fields=(), content=b"", status=200, body=b"", cut=False, last=False, has=()):
        self.line, self.status, self.body, self.has = line, status, body, list(has)
        self.cut, self.last = cut, cut or last
        self.fields, self.content, self.close = list(fields), content, False
        # what waits is cancelled when its peer ends the connection
        self.waits = any(f" /{way}" in line for way in WAITING)

    def bytes(self):
        fields = self.fields + (["Connection: close"] if self.close else [])
        return "\r\n".join([f"{self.line} HTTP/1.1", "Host: soak", *fields, "", ""]).encode() + self.content


def is_problem(status):
    return lambda content: json.loads(content)["status"] == status


def fnv(content):
    value = 2166136261
    for byte in content:
        value = (value ^ byte) * 16777619 & 0xffffffff
    return value


def chunked(r, content, trailers=()):
    out, at = b"", 0
    while at < len(content):
        n = r.randint(1, max(1, len(content) // 3))
        out += b"%x%s\r\n%s\r\n" % (len(content[at:at + n]), r.choice([b"", b";a=b", b' ; q="x"']), content[at:at + n])
        at += n
    return out + b"0\r\n" + b"".join(b"X-T: %s\r\n" % t for t in trailers) + b"\r\n"


def with_body(r, line, content, extra=(), trailers=(), **answer):
    if trailers or r.random() < 0.4:
        return Request(line, [*extra, "Transfer-Encoding: chunked"], chunked(r, content, trailers), **answer)
    return Request(line, [*extra, f"Content-Length: {len(content)}"], content, **answer)


def lines(n):
    return "".join(f"{i}\n" for i in range(n)).encode()


def letters(n):
    return b"".join(bytes([97 + i % 26]) * 1000 for i in range(n))


def some_request(r):
    """One of all there are."""
    n = r.randint(0, 40)
    word = "".join(r.choices(string.ascii_letters, k=r.randint(1, 30)))
    blob = r.randbytes(r.choice([0, 1, 100, 5_000, 20_000, 100_000]))
    a, b = r.randint(-10**6, 10**6), r.randint(-10**6, 10**6)
    mark = f"{r.getrandbits(40):x}"
    problem = lambda line, status, **more: Request(line, status=status, body=is_problem(status), **more)
    as_json = ["Content-Type: application/json"]
    made = r.choice([
        lambda: Request(f"GET /sum/{a}/{b}", body=json.dumps({"a": a, "b": b, "result": a + b}, separators=(",", ":")).encode()),
        lambda: with_body(r, f"PUT /notes/{n}", json.dumps({"text": word, "tags": [word] * n}).encode(), as_json,
                          body=f"{n}{word}{n}".encode()),
        lambda: with_body(r, f"PUT /notes/{n}", json.dumps({"text": "", "tags": 1}).encode(), as_json,
                          status=422, body=lambda content: len(json.loads(content)["errors"]) == 2),
        lambda: with_body(r, f"PUT /notes/{n}", b'{"text": ', as_json, status=400, body=is_problem(400)),
        lambda: Request(f"GET /search?q={word}%20%2F&page={1 + n % 9}", [f"Cookie: a=b; who={mark}"],
                        body=f"{word} /|{1 + n % 9}|{mark}".encode()),
        lambda: problem(f"GET /search?page={n + 10}", 400),
        lambda: with_body(r, "POST /order", f"name={word}&count={n}".encode(),
                          ["Content-Type: application/x-www-form-urlencoded"], body=f"{word}{n}".encode()),
        lambda: with_body(r, "POST /echo", blob, body=blob),
        lambda: with_body(r, "POST /digest", blob, body=f"{len(blob)} {fnv(blob)}".encode()),
        lambda: with_body(r, "POST /trailers", blob, trailers=[b"one", mark.encode()], body=blob + f"|one|{mark}".encode()),
        lambda: Request(f"GET /lines/{n * n}", body=lines(n * n)),
        lambda: Request(f"GET /letters/{n}", body=letters(n)),
        lambda: Request(f"GET /sized/{n}", body=letters(n)),
        lambda: Request(f"HEAD /sized/{n}", has=[f"Content-Length: {n * 1000}"]),
        lambda: Request("GET /file", body=FILE),
        lambda: Request(f"GET /events/{n}", body="".join(f"data: {i}\n\n" for i in range(n)).encode()),
        lambda: Request(f"GET /blocking/{n}", body=f"{n}\n".encode()),
        lambda: Request(f"GET /blocking-lines/{n * 10}", body=lines(n * 10)),
        lambda: Request(f"GET /wait/{n % 10}", body=f"waited {n % 10}".encode()),
        lambda: Request(f"GET /around/{n}", body=str(n).encode(), has=["X-Around: yes"]),
        lambda: Request(f"GET /around/wait/{n}", body=str(n).encode(), has=["X-Around: yes"]),
        lambda: Request(f"GET /mount/{word}", body=f"/{word}".encode()),
        lambda: problem("GET /fails/" + r.choice(["handler", "later", "blocking", "before", "after"]), 500),
        lambda: Request("GET /fails/stream", body=b"begun", cut=True),
        lambda: problem("GET /never", 503, last=True) if n == 0 else problem("GET /notes/x", 404),
        lambda: problem(f"GET /{word}", 404),
        lambda: problem("DELETE /file", 405, has=["Allow: GET, HEAD, OPTIONS"]),
        lambda: Request("OPTIONS /file", status=204, has=["Allow: GET, HEAD, OPTIONS"]),
    ])()
    made.fields.insert(0, f"X-Mark: {mark}")
    made.has.append(f"X-Stamp: {mark}")
    return made


# what is no request, and the status that it gets
REFUSED = [
    (b"GET  / HTTP/1.1\r\n\r\n", 400), (b"GET / HTTP/1.1\r\n\r\n", 400), (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
    (b"GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", 400), (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
    (b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    (b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", 413),
    (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
    (b"POST /echo HTTP/1.1\r\nHost: x\r\nExpect: the-unexpected\r\nContent-Length: 1\r\n\r\n", 417),
]


async def read_head(reader):
    text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *fields = text[:-4].split("\r\n")
    return int(line.split(" ")[1]), fields


async def read_content(reader, request, status, fields):
    said = {name.lower(): value for name, _, value in (f.partition(": ") for f in fields)}
    if request.line.startswith("HEAD ") or status in (204, 304):
        return b""
    if said.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(said["content-length"]))
    out = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        out += await reader.readexactly(size)
        if await reader.readexactly(2) != b"\r\n":
            raise Wrong("a chunk without its end")
    if await reader.readexactly(2) != b"\r\n":
        raise Wrong("content without its end")
    return out


async def check_answer(reader, request):
    """Reads the answer to `request`. Raises Wrong, or IncompleteReadError when it breaks off."""
    status, fields = await read_head(reader)
    if status != request.status:
        raise Wrong(f"{request.line}: {status}, not {request.status}")
    for field in request.has:
        if field not in fields:
            raise Wrong(f"{request.line}: no {field} in {fields}")
    try:
        content = await read_content(reader, request, status, fields)
    except asyncio.IncompleteReadError:
        if request.cut:
            return
        raise
    if request.cut:
        raise Wrong(f"{request.line}: ended well")
    if not (request.body(content) if callable(request.body) else content == request.body):
        raise Wrong(f"{request.line}: {content[:80]!r} ({len(content)} bytes)")
    if "Connection: close" in fields and not request.close and not request.last:
        raise Wrong(f"{request.line}: closes for no reason")


class Reader(asyncio.StreamReader):
    """What came before a reset can be read, as it can from a socket; then it is an end."""

    def set_exception(self, why):
        self.feed_eof()


async def connect(address):
    loop = asyncio.get_running_loop()
    reader = Reader(limit=1 << 16)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.create_connection(lambda: protocol, *address)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


class Conversation:
    """A pipeline of requests over one connection, and perhaps a fault in it."""

    FAULTS = ("none", "none", "reset", "end early", "refused", "deaf", "drip", "leave during the answer")

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.requests = []
        for _ in range(self.r.choice([1, 1, 2, 5, 16])):
            self.requests.append(some_request(self.r))
            if self.requests[-1].last:
                break  # nothing is answered behind it
        self.fault = self.r.choice(self.FAULTS)
        if self.fault == "none":
            self.requests[-1].close = self.r.random() < 0.5
        self.text = b"".join(request.bytes() for request in self.requests)
        if self.fault == "refused":
            self.refused, self.refused_status = self.r.choice(REFUSED)
            self.text += self.refused
        self.whole = len(self.requests)  # so many of them arrive
        if self.fault in ("end early", "reset"):
            self.text = self.text[:self.r.randrange(len(self.text) + 1)]
            ends = itertools.accumulate(len(request.bytes()) for request in self.requests)
            self.whole = sum(end <= len(self.text) for end in ends)
        self.checked = 0

    async def run(self, address):
        reader, writer = await connect(address)
        sending = asyncio.ensure_future(self.send(writer))
        try:
            await self.read(reader)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            writer.close()
            await asyncio.gather(writer.wait_closed(), return_exceptions=True)

    async def send(self, writer):
        text = self.text
        if self.fault == "drip":
            head, text = text[:300], text[300:]
            for at in range(0, len(head), 10):
                writer.write(head[at:at + 10])
                await asyncio.sleep(0.002)
        while text:
            n = self.r.choice([1, 10, 1000, 100_000, len(text)])
            writer.write(text[:n])
            await writer.drain()
            text = text[n:]
            if self.r.random() < 0.3:
                await asyncio.sleep(self.r.random() / 100)
        if self.fault == "end early":
            writer.write_eof()
        if self.fault == "reset":
            await asyncio.sleep(self.r.random() / 50)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def read(self, reader):
        if self.fault == "deaf":
            await asyncio.sleep(self.r.random() * 2)
        leaving = self.r.randrange(len(self.requests)) if self.fault == "leave during the answer" else None
        for n, request in enumerate(self.requests[:self.whole]):
            if n == leaving:
                await reader.read(self.r.choice([1, 1000, 10_000]))
                return
            try:
                await check_answer(reader, request)
            except asyncio.IncompleteReadError:
                if self.fault == "reset" or (self.fault == "end early" and request.waits):
                    return
                raise
            self.checked += 1
            if request.last:
                return
        if self.whole < len(self.requests):
            rest = await reader.read()  # a part of a request: it is refused, or there is nothing to say
            if rest and (not rest.startswith(b"HTTP/1.1 400 ") or rest.count(b"HTTP/1.1") > 1):
                raise Wrong(f"a part of a request: {rest[:80]!r}")
            return
        if self.fault == "refused":
            status, _ = await read_head(reader)
            if status != self.refused_status:
                raise Wrong(f"{self.refused[:60]!r}: {status}, not {self.refused_status}")
            self.checked += 1
        if self.fault in ("refused", "end early") or self.requests[-1].close:
            rest = await reader.read()
            if self.fault != "refused" and rest:
                raise Wrong(f"more than was asked for: {rest[:80]!r}")
            if self.fault == "refused" and b"HTTP/1.1" in rest:
                raise Wrong("an answer behind a refusal")
