"""What a row is, and short ways to write requests.

    row("9112 3", SHOULD, "two spaces after the method", line("GET  / HTTP/1.1"), closes(400))

Texts are bytes as ISO 8859-1 has them: "\\xff" is one byte. What is sent may be several steps, see below.
"""
import dataclasses

MUST = "MUST"  # the RFC demands it of a server, or of every recipient
SHOULD = "SHOULD"  # the RFC recommends it; there has to be a reason to do otherwise
CHOICE = "choice"  # the RFC leaves it open, or is silent, and the row says why we do what we do


@dataclasses.dataclass(frozen=True)
class Answer:
    """What is looked at in one response, beside all that is looked at in every one."""

    statuses: tuple  # one of these
    head: bool = False  # it answers a HEAD, so nothing follows the fields
    body: str = None  # exactly this
    has: tuple = ()  # fields with these values: "Allow: GET, HEAD, OPTIONS"; no colon: with any value
    lacks: tuple = ()  # fields that are not there

    def __str__(self):
        return " or ".join(map(str, self.statuses))


@dataclasses.dataclass(frozen=True)
class Expected:
    answers: tuple
    then: str  # "open", "closed", or "gone": the client went away, and others are served as before
    said: bool = True  # the last answer says "Connection: close" if the connection closes
    interim: bool = False  # a 100 may come or not: it depends on when the body does

    def __str__(self):
        if self.then == "gone":
            return "others are answered"
        return f"{', '.join(map(str, self.answers)) or 'no answer'}; {self.then}"


@dataclasses.dataclass(frozen=True)
class Row:
    rfc: str  # "9112 2.2"
    level: str
    what: str
    steps: tuple
    expected: Expected
    why: str = ""

    def __post_init__(self):
        if (self.level == CHOICE) != bool(self.why):
            raise ValueError(f"{self.what}: a choice has a reason, and nothing else has one")

    def size(self):
        return sum(len(step) for step in self.steps if isinstance(step, str))


@dataclasses.dataclass(frozen=True)
class Section:
    title: str
    rows: tuple
    split: bool = True  # also sent in two pieces, at every place
    deadlines: bool = False  # of a server whose deadlines are short


def row(rfc, level, what, sent, expected, why=""):
    return Row(rfc, level, what, sent if isinstance(sent, tuple) else (sent,), expected, why)


# --- what comes back


def answer(*statuses, **checks):
    return Answer(statuses, **checks)


def _answers(statuses):
    return tuple(s if isinstance(s, Answer) else Answer(tuple(s) if isinstance(s, set) else (s,)) for s in statuses)


def opens(*answers, **more):
    """These answers, in order, and another request on the connection is answered as well."""
    return Expected(_answers(answers), "open", **more)


def closes(*answers, **more):
    """These answers, in order, and the end of the connection."""
    return Expected(_answers(answers), "closed", **more)


GONE = Expected((), "gone")


# --- steps of what is sent, beside texts


@dataclasses.dataclass(frozen=True)
class After:
    """Nothing more is sent before so many answers have come, a 100 counted as one."""

    answers: int


@dataclasses.dataclass(frozen=True)
class Pause:
    seconds: float


@dataclasses.dataclass(frozen=True)
class Flood:
    """So many bytes, sent while the answer is read, or before it is."""

    size: int
    deaf: bool = False


class Half:
    """The client sends no more, and reads on."""


class Reset:
    """The client goes away without a word."""


HALF = Half()
RESET = Reset()


def drip(text, seconds):
    """The text, byte by byte, with a pause after each."""
    return tuple(step for c in text for step in (c, Pause(seconds)))


# --- requests

HOST = "Host: a.example\r\n"


def line(request_line):
    """A request that is fine but for its first line, perhaps."""
    return f"{request_line}\r\n{HOST}\r\n"


def get(target="/", fields="", method="GET", version="HTTP/1.1"):
    return f"{method} {target} {version}\r\n{HOST}{fields}\r\n"


def with_host(fields, target="/"):
    return f"GET {target} HTTP/1.1\r\n{fields}\r\n"


def post(fields="", body="", target="/echo", version="HTTP/1.1"):
    return f"POST {target} {version}\r\n{HOST}{fields}\r\n{body}"


def sized(body, target="/echo", fields=""):
    return post(f"Content-Length: {len(body)}\r\n{fields}", body, target)


def coded(coding, body="0\r\n\r\n"):
    return post(f"Transfer-Encoding:{coding}\r\n", body)


def chunks(body, target="/echo", fields=""):
    return post(f"Transfer-Encoding: chunked\r\n{fields}", body, target)


SMUGGLED = get("/smuggled")  # no row may have this answered
