"""Whether a proxy and wend ever read two different things from the same bytes.

The rows of tests/conformance/ are sent to the proxy, and wend is asked the same without it. For each connection
that the proxy makes there are three readings: of the proxy, which puts a mark into every request that it knows
of, the port of the client; of strict.py, from what went through the tap; and of wend, which writes down what it
takes. wend has to take what the other two do, in order, or to refuse it and to end the connection.
"""
import asyncio
import re
import time

import answers
import proxies
import strict
from rows import SECTIONS
from rows.row import After, Flood, Half, Pause, Reset

AT_ONCE = 96  # connections
QUIET = 0.4  # seconds without a byte, after which nothing is expected to come any more
PATIENCE = 15  # seconds for an exchange
MARK = re.compile(rb"\r\nx-mark: *([^\r\n]*)\r\n", re.I)
REFUSALS = (400, 413, 414, 417, 431, 501, 505)  # of what never comes to a route

# --- rows, sent to a proxy


class Played:
    """What a client saw that sent a row."""

    def __init__(self):
        self.port = 0
        self.got = bytearray()
        self.ended = False  # by the other side

    def statuses(self):
        """Those of the answers, as far as they can be told apart without knowing the requests."""
        return [int(s) for s in re.findall(rb"HTTP/1\.[01] (\d\d\d) ", bytes(self.got))]


class Client:
    def __init__(self, row, used):
        self.row = row
        self.used = used  # ports that had a row already: they are its name
        self.played = Played()

    async def play(self, address):
        reader, writer = await proxies.connect(address, self.used)
        self.played.port = proxies.port_of(writer)
        listening = asyncio.ensure_future(self.listen(reader))
        try:
            for step in self.row.steps:
                if isinstance(step, str):
                    writer.write(step.encode("latin-1"))
                    await asyncio.wait_for(writer.drain(), PATIENCE)
                elif isinstance(step, Half):
                    writer.write_eof()
                elif isinstance(step, After):
                    await self.quiet(listening, lambda: len(self.played.statuses()) >= step.answers)
                elif isinstance(step, Reset):
                    writer.transport.abort()
            await self.quiet(listening, lambda: False)
        except (OSError, asyncio.TimeoutError):
            pass
        finally:
            listening.cancel()
            writer.transport.abort()
        return self.played

    async def listen(self, reader):
        try:
            while data := await reader.read(1 << 18):
                self.played.got += data
            self.played.ended = True
        except OSError:
            self.played.ended = True

    async def quiet(self, listening, enough):
        """Waits until there is enough, or the end, or nothing comes for a while."""
        before, end = -1, time.monotonic() + PATIENCE
        while len(self.played.got) != before and not listening.done() and time.monotonic() < end:
            before = len(self.played.got)
            for _ in range(8):
                if enough() or listening.done():
                    return
                await asyncio.sleep(QUIET / 8)


def played_rows():
    """The rows that end soon, and need no deadline to pass."""
    return [(section, row) for section in SECTIONS if not section.deadlines for row in section.rows
            if not any(isinstance(step, (Flood, Pause)) for step in row.steps)]


async def play_all(rows, address):
    used, todo, results = set(), list(enumerate(rows)), [None] * len(rows)

    async def work():
        while todo:
            nth, (_, row) = todo.pop()
            results[nth] = await Client(row, used).play(address)

    await asyncio.gather(*[work() for _ in range(AT_ONCE)])
    return results


# --- what came of it


def answers_of(link, sent):
    """The final answers on a link, read as strictly as the requests."""
    found, rest = [], bytes(link.down)
    while rest:
        to_head = len(found) < len(sent) and sent[len(found)].method == "HEAD"
        taken = answers.take(rest, to_head, True)
        if not taken:
            break  # cut short when the proxy left
        answer, rest = taken
        if answer.status >= 200:
            found.append(answer)
    return found


class Reading:
    """What strict.py and wend make of a link, and where they differ."""

    def __init__(self, link, taken):
        self.taken = taken  # by wend: (method, target, mark)
        self.faults = []  # (mark, why)
        self.refused = []  # (mark, status)
        self.sent, self.wrong = strict.requests(bytes(link.up))
        try:
            found = answers_of(link, self.sent)
        except answers.Malformed as why:
            self.faults.append(("", f"an answer is malformed: {why}"))
            return
        if len(found) > len(self.sent) + 1:
            self.faults.append(("", f"{len(found)} answers to {len(self.sent)} requests"))
        todo = list(taken)
        for nth, request in enumerate(self.sent):
            answer = found[nth] if nth < len(found) else None
            if todo and todo[0] == request.named():
                todo.pop(0)
                if answer:
                    self.compare(request, answer)
            elif answer and answer.status in REFUSALS:
                self.refused.append((request.mark(), answer.status))
                if todo or nth + 1 < len(found):
                    self.faults.append((request.mark(), f"wend refused {request.named()} and went on"))
            elif answer:
                self.faults.append((request.mark(), f"{request.named()} was answered with {answer.status}, "
                                                    "but wend says that it took none"))
        for other in todo:
            self.faults.append((other[2], f"wend took {other}, which is not what a strict origin reads"
                                          + (f" before {self.wrong}" if self.wrong else "")))
        if len(found) > len(self.sent) and found[-1].status not in REFUSALS + (408,):
            self.faults.append(("", f"an answer with {found[-1].status} to nothing"))

    def compare(self, request, answer):
        mark = answer.value("X-Mark") or ""
        if mark != request.mark() and answer.status not in REFUSALS:
            self.faults.append((request.mark(), f"{request.named()} got the answer to {mark}"))
        path = request.target.partition("?")[0]
        if answer.status == 200 and path in ("/echo", "/pieces") and request.method != "HEAD":
            if not request.whole or answer.body != request.body:
                self.faults.append((request.mark(), f"{request.named()} has another body: {answer.body[:60]!r} and "
                                                    f"{request.body[:60]!r}"))


def read_ledger(path):
    """What wend took, by the port of the peer."""
    taken = {}
    for line in path.read_bytes().decode("latin-1").splitlines():
        peer, method, target, mark = line.split("\t")
        taken.setdefault(int(peer.rpartition(":")[2]), []).append((method, target, mark))
    return taken


class Outcome:
    """All rows, played to one address, and what went through the tap meanwhile."""

    def __init__(self, rows, played, links, ledger):
        taken = read_ledger(ledger)
        self.rows = rows
        self.played = played
        self.readings = [Reading(link, taken.get(link.port, [])) for link in links]
        self.by_mark = {}
        for request in (r for some in taken.values() for r in some):
            self.by_mark.setdefault(request[2], []).append(request)
        self.by_bytes = {bytes(link.up): reading for link, reading in zip(links, self.readings)}

    def unmarked(self):
        """Requests that hid in others: wend took them, and the proxy knows nothing of them."""
        return self.by_mark.get("", [])

    def faults(self, mark=None):
        return [why for reading in self.readings for m, why in reading.faults if mark in (None, m)]


def bytes_of(row):
    return "".join(step for step in row.steps if isinstance(step, str)).encode("latin-1")


def explain(direct, through, seen_direct, seen, whole):
    """How the number of requests may differ from that without a proxy; None if it may not be so."""
    if through == direct:
        return "the same"
    if through > direct:  # the proxy repairs what wend refuses, or keeps a connection that wend ends
        return "wend ends the connection, and not so the proxy's" if seen_direct.ended else None
    if len(seen.statuses()) >= direct:
        return "the proxy answers itself"
    if seen.ended or any(s >= 400 for s in seen.statuses()):
        return "the proxy ends the connection"
    return None if whole else "the proxy waits for the rest of it"


def compare(name, direct, proxied, check):
    """Checks what came of the rows behind a proxy; `direct` is what did without."""
    how = {}
    for (section, row), seen_direct, seen in zip(proxied.rows, direct.played, proxied.played):
        mark = str(seen.port)
        wrong = proxied.faults(mark)
        foreign = {m.decode("latin-1") for m in MARK.findall(bytes(seen.got))} - {mark}
        if foreign:
            wrong.append(f"its client got the answer to {foreign}")
        if {502, 504}.intersection(seen.statuses()):  # wend left without an answer, or with one that is none
            wrong.append(f"the proxy says {seen.statuses()}")
        reading = direct.by_bytes.get(bytes_of(row))
        numbers = len(reading.taken) if reading else 0, len(proxied.by_mark.get(mark, []))
        why = explain(*numbers, seen_direct, seen, not reading or all(request.whole for request in reading.sent))
        how[why] = how.get(why, 0) + 1
        if not why:
            wrong.append(f"{numbers[0]} requests without a proxy and {numbers[1]} through it; the client saw "
                         f"{seen_direct.statuses()} and {seen.statuses()}")
        check(f"{name}: {section.title}: {row.what}", "; ".join(wrong))
    agree(name, proxied, check)
    print(f"     {name}: number of requests as without it: "
          + ", ".join(f"{n} {why}" for why, n in sorted(how.items(), key=lambda item: -item[1])), flush=True)


def agree(name, proxied, check):
    """Checks that wend and a strict origin agree about what the proxy sent."""
    refused = sum(len(reading.refused) for reading in proxied.readings)
    taken = sum(len(reading.taken) for reading in proxied.readings)
    check(f"{name}: wend takes what a strict origin does", "; ".join(proxied.faults()))
    check(f"{name}: wend takes nothing that the proxy does not know of", proxied.unmarked() and str(proxied.unmarked()))
    check(f"{name}: the proxy keeps its connections", taken < 2 * len(proxied.readings) and "it does not")
    print(f"     {name}: wend took {taken} requests and refused {refused} on {len(proxied.readings)} connections",
          flush=True)
