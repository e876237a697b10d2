"""Reads requests strictly, by RFC 9112 and nothing else: an origin that forgives nothing, to hold wend's reading to."""
import re

REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~\x80-\xff]+) HTTP/1\.([0-9])\Z")
FIELD_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\0\r\n]*?)[ \t]*\Z")
CHUNK_LINE = re.compile(rb"([0-9a-fA-F]+)(?:[ \t]*;[\t -~\x80-\xff]*)?\Z")


class Malformed(Exception):
    """What came is no HTTP/1.1 request."""


class Request:
    def __init__(self, method, target, minor, fields):
        self.method = method
        self.target = target
        self.minor = min(minor, 1)
        self.fields = fields  # (name in lower case, value)
        self.body = b""
        self.whole = False  # all of the body came

    def values(self, name):
        return [value for n, value in self.fields if n == name]

    def words(self, name):
        return [word.strip().lower() for value in self.values(name) for word in value.split(",")]

    def mark(self):
        """What the proxy calls the connection that the request came on; "" for a request it does not know of."""
        return ",".join(self.values("x-mark"))

    def last(self):
        """Whether nothing may follow it."""
        words = self.words("connection")
        return "close" in words or (self.minor == 0 and "keep-alive" not in words)

    def named(self):
        return (self.method, self.target, self.mark())


def line(data, at):
    """A line and where the next one begins; None if it is not all there."""
    end = data.find(b"\r\n", at)
    found = data[at:] if end < 0 else data[at:end]
    if b"\n" in found or b"\r" in found[:-1] or b"\0" in found or (end >= 0 and found.endswith(b"\r")):
        raise Malformed(f"a bare CR, LF or NUL in {found[:60]!r}")
    return None if end < 0 else (found, end + 2)


def field_lines(data, at):
    """The fields from `at` on, and where they end; None if they are not all there."""
    fields = []
    while next_line := line(data, at):
        found, at = next_line
        if not found:
            return fields, at
        match = FIELD_LINE.match(found)
        if not match:
            raise Malformed(f"the field {found[:60]!r}")
        fields.append((match[1].decode("latin-1").lower(), match[2].decode("latin-1")))
    return None


def chunks(data, at):
    """The content of chunks, and where they end; None for the end if they are not all there."""
    body = []
    while next_line := line(data, at):
        found, at = next_line
        match = CHUNK_LINE.match(found)
        size = int(match[1], 16) if match else 1 << 64
        if size >= 1 << 63:
            raise Malformed(f"the chunk size {found[:60]!r}")
        if size == 0:
            trailers = field_lines(data, at)
            return b"".join(body), trailers and trailers[1]
        body.append(data[at:at + size])
        if len(data) < at + size + 2:
            break
        if data[at + size:at + size + 2] != b"\r\n":
            raise Malformed("a chunk that does not end in CRLF")
        at += size + 2
    return b"".join(body), None


def framing(request):
    """The length of the body, or "chunked"."""
    codings, lengths = request.words("transfer-encoding"), request.values("content-length")
    if request.minor == 1 and len(request.values("host")) != 1:
        raise Malformed(f"Host: {request.values('host')}")
    if codings:
        if codings != ["chunked"] or lengths or request.minor == 0:
            raise Malformed(f"Transfer-Encoding: {codings}, Content-Length: {lengths}, HTTP/1.{request.minor}")
        return "chunked"
    if lengths and (len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0])):
        raise Malformed(f"Content-Length: {lengths}")
    return int(lengths[0]) if lengths else 0


def head(data, at):
    """A request whose body is still to be read, and where that begins; None if its head is not all there."""
    if data[at:at + 2] == b"\r\n":
        at += 2  # one empty line in front (RFC 9112 2.2)
    first = line(data, at)
    if not first:
        return None
    match = REQUEST_LINE.match(first[0])
    if not match:
        raise Malformed(f"the request line {first[0][:60]!r}")
    fields = field_lines(data, first[1])
    return fields and (Request(match[1].decode(), match[2].decode("latin-1"), int(match[3]), fields[0]), fields[1])


def requests(data):
    """All requests that somebody sent on a connection, and what is wrong behind them, or None."""
    found, at = [], 0
    try:
        while at is not None and at < len(data):
            read = head(data, at)
            if not read:
                break
            request, at = read
            length = framing(request)
            found.append(request)  # from here on it may be taken, even if its body goes wrong
            if length == "chunked":
                request.body, at = chunks(data, at)
            else:
                request.body = data[at:at + length]
                at = at + length if at + length <= len(data) else None
            request.whole = at is not None
            if request.last():
                break
    except Malformed as why:
        return found, str(why)
    return found, None
