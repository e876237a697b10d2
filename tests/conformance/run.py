#!/usr/bin/env python3
"""Plays the rows of rows/ against a server, over sockets, and holds docs/CONFORMANCE.md to what it answers.

    run.py --server build/dev/tests/conformance_service [--write-table] [--only TEXT]

Each row is sent all at once, byte by byte if it is short, and in two pieces, split at every place. However it
is sent, the answers are the same, and the connection is in the same state behind them.
"""
import argparse
import asyncio
import collections
import datetime
import os
import pathlib
import re
import socket
import struct
import sys
import tempfile

import answers
from rows import SECTIONS
from rows.row import MUST, After, Flood, Half, Pause, closes, get, row
from server import Server

TABLE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "CONFORMANCE.md"
AT_ONCE = 64  # connections
PATIENCE = 20  # seconds for an exchange
DEADLINE = 1500  # milliseconds, of the server that the slow ones are sent to
SHORT = 300  # bytes, up to which a row is sent byte by byte and split everywhere
FEW = 20  # places where a longer one is split
LAST = get("/last", "Connection: close\r\n").encode()
PROBE = row("", MUST, "", (), closes(200))


class Way:
    """A way to send a row: bytes in one piece, each for itself, or in two pieces."""

    def __init__(self, name, at=None):
        self.name = name
        self.at = at  # where the two pieces meet

    def pieces(self, data, sent):
        """The pieces of some of the bytes, of which so many were sent before."""
        if self.name == "byte by byte":
            return [data[i:i + 1] for i in range(len(data))]
        cut = 0 if self.at is None else self.at - sent
        return [data[:cut], data[cut:]] if 0 < cut < len(data) else [data]

    def __str__(self):
        return self.name if self.at is None else f"{self.name} {self.at}"


def ways(section, row):
    """All but the first: that is "at once", and nothing else is tried if it fails."""
    size = row.size()
    if section.deadlines or size < 2:
        return
    if size <= SHORT:
        yield Way("byte by byte")
    if section.split:
        for at in range(1, size, 1 if size <= SHORT else size // FEW):
            yield Way("split at", at)


class Peer:
    """A client: sends what a row says, and reads what is no more than the answers."""

    def __init__(self, row):
        self.row = row
        self.loop = asyncio.get_running_loop()
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = []
        self.rest = b""
        self.ended = False  # by the server
        self.wrong = None

    async def send(self, data):
        try:
            await self.loop.sock_sendall(self.socket, data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # what was answered before can be read all the same, if it was not lost

    async def play(self, way):
        """Sends the row, in this way."""
        sent = 0
        for step in self.row.steps:
            if isinstance(step, str):
                data = step.encode("latin-1")
                for i, piece in enumerate(way.pieces(data, sent)):
                    if i > 0:
                        await asyncio.sleep(0.001 if way.at else 0)
                    await self.send(piece)
                sent += len(data)
            elif isinstance(step, Flood):
                for _ in range(step.size // 65536):
                    await self.send(b"x" * 65536)
            elif isinstance(step, Pause):
                await asyncio.sleep(step.seconds)
            elif isinstance(step, Half):
                self.socket.shutdown(socket.SHUT_WR)
            elif isinstance(step, After):
                await self.read(step.answers)

    def take(self):
        """Takes off answers that are complete."""
        expected = self.row.expected
        while self.rest:
            nth = len(self.got)
            to_head = nth < len(expected.answers) and expected.answers[nth].head
            found = answers.take(self.rest, to_head, self.ended)
            if not found:
                return
            answer, self.rest = found
            if expected.interim and answer.status == 100:
                continue
            self.got.append(answer)
            self.wrong = self.wrong or next(answers.faults(answer, to_head), None)

    async def read(self, count=None):
        """Reads until there are so many answers, or to the end of the connection."""
        while not self.ended and not self.wrong and (count is None or len(self.got) < count):
            try:
                data = await self.loop.sock_recv(self.socket, 65536)
            except ConnectionResetError:
                self.wrong = "reset"
                return
            self.ended = not data
            self.rest += data
            try:
                self.take()
            except answers.Malformed as why:
                self.wrong = str(why)

    def close(self):
        """Leaves no trace of the connection, on either side."""
        if self.socket.fileno() < 0:
            return
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


async def is_served(address):
    """Whether a new client is answered."""
    peer = Peer(PROBE)
    try:
        await peer.loop.sock_connect(peer.socket, address)
        await peer.send(LAST)
        await peer.read()
        return len(peer.got) == 1 and peer.got[0].body == b"last\n"
    finally:
        peer.close()


async def look_back(address):
    """The answer that says how many requests that were not to be answered reached their handler."""
    peer = Peer(PROBE)
    await peer.loop.sock_connect(peer.socket, address)
    await peer.send(get("/smuggled/count").encode())
    await peer.read(1)
    peer.close()
    return peer.got[0]


async def exchange(peer, way, address):
    """Plays a row and says what became of the connection."""
    expected = peer.row.expected
    await peer.loop.sock_connect(peer.socket, address)
    # what is long may be answered, and the answers have to be read, before all of it is sent
    long = peer.row.size() > SHORT or any(isinstance(step, (Flood, Pause)) for step in peer.row.steps)
    count = len(expected.answers) if expected.then == "open" else None
    deaf = any(isinstance(step, Flood) and step.deaf for step in peer.row.steps)
    if long and not deaf and expected.then != "gone":
        await asyncio.gather(peer.play(way), peer.read(count))
    else:
        await peer.play(way)
    if expected.then == "gone":
        peer.close()
        return "others are answered" if await is_served(address) else "nobody is answered"
    await peer.read(count)
    if peer.ended or peer.wrong:
        return "closed"
    before = len(peer.got)  # if it is open, one more request is answered, and nothing else comes before
    await peer.send(LAST)
    await peer.read()
    last = peer.got[before:]
    del peer.got[before:]
    if len(last) == 1 and last[0].body == b"last\n":
        return "open"
    return "open, with something else behind it" if last else "closed"


def misses(expected, got):
    """What a row looks at in an answer and does not find."""
    if got.status not in expected.statuses:
        yield f"{got.status}"
    if expected.body is not None and got.body != expected.body.encode("latin-1"):
        yield f"the content {got.body[:80]!r}"
    for wanted in expected.has:
        name, _, value = wanted.partition(": ")
        if got.value(name) is None or (value and got.value(name) != value):
            yield f"{name}: {got.value(name)}"
    for name in expected.lacks:
        if got.value(name) is not None:
            yield f"{name}: {got.value(name)}"


def judge(peer, then):
    """What is wrong, or None."""
    expected = peer.row.expected
    if peer.wrong:
        return peer.wrong
    if peer.rest:
        return f"{peer.rest[:80]!r} behind the answers"
    if then != expected.then and expected.then != "gone":
        return "it is " + then
    if then == "nobody is answered":
        return then
    if len(peer.got) != len(expected.answers):
        return "another number of answers"
    for each, answer in zip(expected.answers, peer.got):
        for miss in misses(each, answer):
            return miss
    for i, answer in enumerate(peer.got):
        closes = expected.said and expected.then == "closed" and i == len(peer.got) - 1
        if answer.status >= 200 and answer.closes() != closes:
            return "no Connection: close" if closes else "Connection: close"
    return None


class Result:
    """What became of a row."""

    def __init__(self, section, row):
        self.section = section
        self.row = row
        self.answered = ""  # as the table has it
        self.failures = []

    async def play(self, way, address):
        peer = Peer(self.row)
        then = "neither open nor closed"
        try:
            then = await asyncio.wait_for(exchange(peer, way, address), PATIENCE)
            wrong = judge(peer, then)
        except asyncio.TimeoutError:
            wrong = f"no end after {PATIENCE} s"
        except OSError as why:
            wrong = str(why)
        finally:
            peer.close()
        if self.row.expected.then != "gone":
            then = f"{', '.join(str(a.status) for a in peer.got) or 'no answer'}; {then}"
        self.answered = self.answered or then
        if wrong is None and then != self.answered:
            wrong = "another answer than at once"
        if wrong:
            self.failures.append(f"{way}: {wrong} ({then})")


async def play_all(results, address_of):
    """Plays all rows in all ways, some of them at a time, the slow ones first."""
    async def work(queue):
        while queue:
            result, way = queue.popleft()
            if not result.failures:
                await result.play(way, address_of(result.section))

    for todo in (collections.deque((r, Way("at once")) for r in sorted(results, key=lambda r: not r.section.deadlines)),
                 collections.deque((r, way) for r in results for way in ways(r.section, r.row))):
        played = len(todo)
        await asyncio.gather(*[work(todo) for _ in range(AT_ONCE)])
        print(f"{played} exchanges", flush=True)


# --- the table

INTRODUCTION = """# Conformance

What wend answers to which bytes. This file is made: `tests/conformance/run.py` plays the rows below, which are
written in `tests/conformance/rows/`, over sockets against a server with the limits that wend has by default (but
for deadlines), and fails if a line here is not what came back. Each row is sent at once, byte by byte if it is
short, and in two pieces, split at every place; the answers have to be the same.

Beside what a row says, every response is looked at: its status line and fields are well formed, it is framed in
one way and ends where that says, nothing is behind it, it has a Date; an error is a problem (RFC 9457), a 405
has Allow. A response has "Connection: close" if, and only if, the connection ends behind it, and it ends so that
the client can read all of it, whatever it still sends.

- **MUST**, **SHOULD**: the RFC demands it, or recommends it, of a server or of every recipient.
- **choice**: the RFC leaves it open, and the row says why it is done so. The rule behind most of them: what two
  parties could read differently is refused, for that is how requests are smuggled.
- **open**: another request on the connection was answered. **closed**: the connection ended, in order, and
  nothing else was answered.

"""


def cell(text):
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "\\<").replace("_", "\\_")


def table_of(results):
    """The text of docs/CONFORMANCE.md."""
    out = [INTRODUCTION, "| section | rows | MUST | SHOULD | choice |\n|---|---|---|---|---|\n"]
    by_section = {section: [r for r in results if r.section is section] for section in SECTIONS}
    levels = ("MUST", "SHOULD", "choice")

    def count(name, some):
        numbers = [len(some)] + [sum(r.row.level == level for r in some) for level in levels]
        return f"| {name} | {' | '.join(map(str, numbers))} |\n"

    for section, some in by_section.items():
        anchor = re.sub(r"[^a-z0-9 -]", "", section.title.lower()).replace(" ", "-")
        out.append(count(f"[{section.title}](#{anchor})", some))
    out.append(count("all", results))
    for section, some in by_section.items():
        out.append(f"\n## {section.title}\n\n| RFC | | what | expected | wend |\n|---|---|---|---|---|\n")
        for r in some:
            what = cell(r.row.what) + (f" (*{cell(r.row.why)}*)" if r.row.why else "")
            out.append(f"| {r.row.rfc} | {r.row.level} | {what} | {r.row.expected} | {r.answered} |\n")
    return "".join(out)


# --- all of it


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--server", required=True, help="tests/conformance/service/main.cpp, built")
    arguments.add_argument("--write-table", action="store_true", help="write docs/CONFORMANCE.md")
    arguments.add_argument("--only", help="rows and sections with this in their title; the table is left alone")
    options = arguments.parse_args()
    checks = {"passed": 0, "failed": 0}

    def check(because, wrong):
        checks["failed" if wrong else "passed"] += 1
        if wrong:
            print(f"FAIL {because}: {wrong}", flush=True)

    results = [Result(s, r) for s in SECTIONS for r in s.rows
               if not options.only or options.only in s.title or options.only in r.what]
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"a file of 23 bytes now\n")
        file.flush()
        program = os.path.abspath(options.server)
        server = Server(program, file.name)
        hasty = Server(program, file.name, str(DEADLINE))
        try:
            asyncio.run(play_all(results, lambda section: hasty.address if section.deadlines else server.address))
            last = asyncio.run(look_back(server.address))
            now = datetime.datetime.utcnow()
        finally:
            ends = [server.stop(), hasty.stop()]
    for r in results:
        check(f"{r.section.title}: {r.row.what} (RFC {r.row.rfc})", "; ".join(r.failures))
    check("no request that hid in another reached a handler", last.body != b"0" and f"{last.body!r} did")
    away = abs((now - answers.date_of(last)).total_seconds())
    check("Date is the time of the day", away > 3 and f"it is {away:.0f} s away")
    check("the servers end when they are told to", ends != [0, 0] and f"they end with {ends}")
    if not options.only:
        table = table_of(results)
        if options.write_table:
            TABLE.parent.mkdir(exist_ok=True)
            TABLE.write_text(table, encoding="utf-8")
        there = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
        check("docs/CONFORMANCE.md is true", there != table and "it is not; --write-table writes it anew")
    print(f"{checks['passed']} passed, {checks['failed']} failed")
    return 1 if checks["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
