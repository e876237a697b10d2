"""Reads responses strictly, by RFC 9112 and nothing else: what a lenient client would forgive is a fault here."""
import datetime
import json
import re

STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-9]\d\d) ([\t \x21-\x7e]*)\Z")
FIELD_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\x21-\x7e](?:[\t \x21-\x7e]*[\x21-\x7e])?)?\Z")
DATE = "%a, %d %b %Y %H:%M:%S GMT"  # RFC 9110 5.6.7
ONCE = ("connection", "content-length", "content-type", "date", "transfer-encoding")


class Malformed(Exception):
    """What came is no HTTP/1.1 response."""


class Response:
    def __init__(self, status, fields):
        self.status = status
        self.fields = fields  # (name, value) as they came
        self.body = b""
        self.to_end = False  # its content ends with the connection

    def value(self, name):
        return next((v for n, v in self.fields if n.lower() == name.lower()), None)

    def closes(self):
        return (self.value("Connection") or "").lower() == "close"


def take_head(data):
    """The response that a head at the front of `data` begins, and where the head ends; None if it is not all there."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *lines = data[:end].split(b"\r\n")
    match = STATUS_LINE.match(first)
    if not match:
        raise Malformed(f"the status line {first!r}")
    fields = []
    for each in lines:
        found = FIELD_LINE.match(each)
        if not found:
            raise Malformed(f"the field {each!r}")
        fields.append((found[1].decode(), (found[2] or b"").decode()))
    return Response(int(match[1]), fields), end + 4


def take_chunks(data, at):
    """The content of chunks from `at` on, and where they end; None if they are not all there."""
    body = b""
    while True:
        end = data.find(b"\r\n", at)
        if end < 0:
            return None
        if not re.fullmatch(rb"[0-9a-fA-F]{1,16}", data[at:end]):
            raise Malformed(f"the chunk size {data[at:end]!r}")
        size, at = int(data[at:end], 16), end + 2
        if len(data) < at + size + 2:
            return None
        body, at = body + data[at:at + size], at + size
        if data[at:at + 2] != b"\r\n":
            raise Malformed("a chunk that does not end in CRLF")
        at += 2
        if size == 0:
            return body, at


def take(data, to_head, ended):
    """The response at the front of `data` and what is behind it; None if it is not all there."""
    found = take_head(data)
    if not found:
        return None
    answer, at = found
    length, coding = answer.value("Content-Length"), answer.value("Transfer-Encoding")
    if answer.status < 200 or answer.status in (204, 304) or to_head:
        return answer, data[at:]
    if coding is not None:
        if coding != "chunked":
            raise Malformed(f"Transfer-Encoding: {coding}")
        chunks = take_chunks(data, at)
        if not chunks:
            return None
        answer.body, at = chunks
    elif length is not None:
        if not re.fullmatch(r"\d{1,18}", length):
            raise Malformed(f"Content-Length: {length}")
        if len(data) < at + int(length):
            return None
        answer.body, at = data[at:at + int(length)], at + int(length)
    elif ended:
        answer.to_end = True
        answer.body, at = data[at:], len(data)
    else:
        return None
    return answer, data[at:]


def date_of(answer):
    """The Date as a time, if it is there and well formed."""
    text = answer.value("Date") or ""
    try:
        date = datetime.datetime.strptime(text, DATE)
    except ValueError:
        return None
    return date if date.strftime(DATE) == text else None


def problem_of(answer):
    """What is wrong with the content of an error, which is a problem (RFC 9457)."""
    if answer.value("Content-Type") != "application/problem+json":
        return "no problem"
    try:
        told = json.loads(answer.body)
    except ValueError:
        return "a problem that is no JSON"
    if told.get("status") != answer.status or not told.get("title"):
        return "a problem without status or title"
    return None


def faults(answer, to_head):
    """What no response may be, whatever it answers."""
    names = [name.lower() for name, _ in answer.fields]
    for name in ONCE:
        if names.count(name) > 1:
            yield f"{name} twice"
    framed = {"content-length", "transfer-encoding"}.intersection(names)
    if len(framed) == 2:
        yield "a length and a coding"  # RFC 9112 6.2
    if answer.status < 200:
        if framed:
            yield "framing in a 1xx"  # RFC 9110 8.6, RFC 9112 6.1
        return
    if answer.status == 204 and framed:
        yield "framing in a 204"
    if answer.status == 304 and "transfer-encoding" in names:
        yield "a coding in a 304"
    if not date_of(answer):
        yield "no valid Date"  # RFC 9110 6.6.1
    if answer.to_end and not answer.closes():
        yield "content to the end of the connection, and no word of it"
    if answer.status == 405 and answer.value("Allow") is None:
        yield "no Allow"  # RFC 9110 15.5.6
    if answer.status >= 400 and not to_head:
        wrong = problem_of(answer)
        if wrong:
            yield wrong
