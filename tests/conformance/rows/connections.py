"""What becomes of a connection (RFC 9112 9), and 100 Continue (RFC 9110 10.1.1)."""
from .row import (CHOICE, HALF, MUST, SHOULD, After, Section, answer, chunks, closes, get, opens, post, row, sized)

END = "0\r\n\r\n"
HALF_OPEN = "RFC 9112 is silent: who asked and sends no more may be waiting for the answer"
UP, LAST = answer(200, body="up\n"), answer(200, body="last\n")

PIPELINES = Section("Persistence and pipelining", (
    row("9112 9.3", MUST, "a connection persists", get(), opens(answer(200, lacks=("Connection",)))),
    row("9112 9.3", MUST, "after 404", get("/nowhere"), opens(404)),
    row("9112 9.3", MUST, "after 405", get("/put-only"), opens(405)),
    row("9112 9.3", MUST, "after 204", get("/nothing"), opens(204)),
    row("9112 9.3", MUST, "after 304", get("/unchanged"), opens(304)),
    row("9112 9.3", MUST, "after chunked content", get("/stream"), opens(200)),
    row("9112 9.3", MUST, "after a problem that a handler threw", get("/throws"), opens(409)),
    row("9112 9.3.2", MUST, "two requests at once", get() + get("/last"), opens(UP, LAST)),
    row("9112 9.3.2", MUST, "a hundred at once", get("/last") * 100, opens(*[LAST] * 100)),
    row("9112 9.3.2", MUST, "ten at once", (get() + get("/last")) * 5, opens(*[UP, LAST] * 5)),
    row("9112 9.3.2", MUST, "a slow one and two quick ones keep their order", get("/slow") + get() + get("/last"),
        opens(answer(200, body="slow\n"), UP, LAST)),
    row("9112 9.3.2", MUST, "one that is not found between others", get() + get("/nowhere") + get("/last"),
        opens(UP, 404, LAST)),
    row("9112 9.3.2", MUST, "HEAD between others", get() + get(method="HEAD") + get("/last"),
        opens(UP, answer(200, head=True), LAST)),
    row("9112 9.3.2", MUST, "chunked content between others", get() + get("/stream") + get("/last"),
        opens(UP, answer(200, body="first,second,third"), LAST)),
    row("9112 9.3.2", MUST, "behind a body", sized("abc") + get("/last"), opens(answer(200, body="abc"), LAST)),
    row("9112 9.3.2", MUST, "behind a body in pieces", sized("abc", "/pieces") + get("/last"),
        opens(answer(200, body="abc"), LAST)),
    row("9112 9.3.2", MUST, "behind chunks", chunks("3\r\nabc\r\n" + END) + get("/last"),
        opens(answer(200, body="abc"), LAST)),
    row("9112 9.3.2", MUST, "behind chunks in pieces", chunks("3\r\nabc\r\n" + END, "/pieces") + get("/last"),
        opens(answer(200, body="abc"), LAST)),
    row("9112 9.3.2", MUST, "behind trailers", chunks("0\r\nX: a\r\n\r\n") + get("/last"), opens(200, LAST)),
    row("9112 9.3.2", MUST, "behind a body that nobody wanted", sized("abc", "/ignored") + get("/last"),
        opens(200, LAST)),
    row("9112 9.3.2", MUST, "behind OPTIONS *", get("*", method="OPTIONS") + get("/last"), opens(204, LAST)),
    row("9112 2.2", SHOULD, "an empty line behind a body", sized("abc") + "\r\n" + get("/last"), opens(200, LAST)),
    row("9112 2.2", CHOICE, "a bare LF behind a body", sized("abc") + "\n" + get("/last"), closes(200, 400),
        "RFC 9112 2.2 lets a server take it for an empty line; a party that does not sees another request"),
    row("9112 2.2", CHOICE, "two empty lines behind a body", sized("abc") + "\r\n\r\n" + get("/last"),
        closes(200, 400), "one is for old clients that end a body in CRLF; nobody sends two"),
    row("9112 9.3.2", MUST, "answers before a refusal are sent", get() + get("/last") + "x\r\n", closes(UP, LAST, 400)),
    row("9112 9.3.2", MUST, "a handler that closes ends it", get("/says/close") + get("/smuggled"), closes(200)),
    row("9110 5.3", MUST, "fields do not last", get("/values", "X: a\r\n") + get("/values"),
        opens(answer(200, body="[a]"), answer(200, body=""))),
    row("9112 6.3", MUST, "lengths do not last", sized("abc") + post(), opens(answer(200, body="abc"),
                                                                             answer(200, body=""))),
    row("9112 7.1.2", MUST, "trailers do not last",
        chunks("0\r\nX: a\r\n\r\n", "/trailers") + chunks(END, "/trailers"),
        opens(answer(200, body="[a]"), answer(200, body=""))),
    row("9112 9.3.2", CHOICE, "a client that half-closes gets its answers", (get() + get("/last"), HALF),
        closes(UP, LAST, said=False), HALF_OPEN),
    row("9112 9.3.2", CHOICE, "a client that half-closes behind a body", (sized("abc"), HALF),
        closes(answer(200, body="abc"), said=False), HALF_OPEN),
))


def closing(value, what, level=MUST, why=""):
    return row("9112 9.6", level, what, get("/", f"Connection:{value}\r\n") + get("/smuggled"), closes(200), why)


def staying(value, what, level=MUST, why=""):
    return row("9110 7.6.1", level, what, get("/", f"Connection:{value}\r\n"), opens(UP), why)


CLOSE = Section("Connection", (
    closing(" close", "close"),
    closing("close", "close without a blank"),
    closing("\t close \t", "close with blanks around"),
    closing(" Close", "Close"),
    closing(" CLOSE", "CLOSE"),
    closing(" cLoSe", "cLoSe"),
    closing(" x, close", "close behind another option"),
    closing(" close, x", "close before another option"),
    closing(" x,close,y", "close between others, without blanks"),
    closing(" x ,\tclose", "close behind blanks of all kinds"),
    closing(" keep-alive, close", "close behind keep-alive"),
    closing(" close, keep-alive", "close before keep-alive"),
    closing(" , close", "close behind an empty element"),
    closing(" close,", "close before an empty element"),
    closing(" ,,\t,close, ,", "close among many empty elements"),
    closing(" close, close", "close twice"),
    closing(" keep-alive\r\nConnection: close", "close in a second field"),
    closing(" close\r\nConnection: keep-alive", "close in the first of two fields"),
    closing(" close\r\nconnection: x", "close in fields of different case"),
    row("9112 9.6", MUST, "its name in capitals", get("/", "CONNECTION: close\r\n"), closes(200)),
    row("9112 9.6", MUST, "close of a request with a body", sized("abc", fields="Connection: close\r\n"),
        closes(answer(200, body="abc"))),
    row("9112 9.6", MUST, "close of a request with chunks",
        chunks("3\r\nabc\r\n" + END, fields="Connection: close\r\n"), closes(answer(200, body="abc"))),
    row("9112 9.6", MUST, "close of a HEAD", get("/", "Connection: close\r\n", "HEAD"), closes(answer(200, head=True))),
    row("9112 9.6", MUST, "close of what is not found", get("/nowhere", "Connection: close\r\n"), closes(404)),
    row("9112 9.6", MUST, "close of 204", get("/nothing", "Connection: close\r\n"), closes(204)),
    row("9112 9.6", MUST, "close of chunked content", get("/stream", "Connection: close\r\n"),
        closes(answer(200, has=("Transfer-Encoding: chunked",)))),
    row("9112 9.6", MUST, "close of the second of two", get() + get("/last", "Connection: close\r\n"),
        closes(UP, LAST)),
    staying(" keep-alive", "keep-alive is the way it is"),
    staying(" Keep-Alive", "Keep-Alive"),
    staying("", "empty"),
    staying(" x", "an option nobody knows"),
    staying(" closed", "closed is not close"),
    staying(" clos", "clos is not close"),
    staying(" close-notify", "close-notify is not close"),
    staying(" not close", "two words are no option", CHOICE, "what is no token means nothing"),
    staying(' "close"', "quotes make another option", CHOICE, "what is no token means nothing"),
    staying(" close;q=1", "options have no parameters", CHOICE, "what is no token means nothing"),
    row("9110 7.6.1", MUST, "close in the Keep-Alive field", get("/", "Keep-Alive: close\r\n"), opens(UP)),
    row("9110 7.6.1", MUST, "close in the Proxy-Connection field", get("/", "Proxy-Connection: close\r\n"), opens(UP)),
    row("9110 7.6.1", MUST, "Host as an option changes nothing", get("/host", "Connection: Host\r\n"),
        opens(answer(200, body="a.example"))),
))


def old(fields="", target="/", body="", method="GET"):
    return f"{method} {target} HTTP/1.0\r\n{fields}\r\n{body}"


KEPT = "RFC 9112 9.3 lets a server honour it"
KEEP = "Connection: keep-alive\r\n"
KEPT_ANSWER = answer(200, has=("Connection: keep-alive",))

OLD = Section("HTTP/1.0", (
    row("9112 9.3", MUST, "an answer ends the connection", old(), closes(UP)),
    row("9112 9.3", MUST, "what is not found does so too", old(target="/nowhere"), closes(404)),
    row("9112 9.3", MUST, "a second request is not answered", old() + get("/smuggled"), closes(UP)),
    row("9112 9.3", CHOICE, "keep-alive", old(KEEP), opens(KEPT_ANSWER), KEPT),
    row("9112 9.3", CHOICE, "Keep-Alive", old("Connection: Keep-Alive\r\n"), opens(KEPT_ANSWER), KEPT),
    row("9112 9.3", CHOICE, "keep-alive in a list", old("Connection: x, keep-alive\r\n"), opens(KEPT_ANSWER), KEPT),
    row("9112 9.3", MUST, "keep-alive and close", old("Connection: keep-alive, close\r\n"), closes(UP)),
    row("9112 9.3", MUST, "a Keep-Alive field is not the option", old("Keep-Alive: 300\r\n"), closes(UP)),
    row("9112 9.3", CHOICE, "keep-alive and a body", old(f"{KEEP}Content-Length: 3\r\n", "/echo", "abc", "POST"),
        opens(answer(200, body="abc")), KEPT),
    row("9112 9.3", CHOICE, "keep-alive twice, then not", old(KEEP) + old(KEEP, "/last") + old(),
        closes(KEPT_ANSWER, KEPT_ANSWER, 200), KEPT),
    row("9112 9.3", MUST, "keep-alive, HEAD", old(KEEP, method="HEAD"), opens(answer(200, head=True))),
    row("9112 9.3", MUST, "keep-alive, but content of unknown length", old(KEEP, "/stream"),
        closes(answer(200, body="first,second,third", lacks=("Transfer-Encoding", "Content-Length")))),
    row("9112 6.1", MUST, "content of unknown length ends with the connection", old(target="/stream"),
        closes(answer(200, body="first,second,third", lacks=("Transfer-Encoding", "Content-Length")))),
    row("9112 6.3", MUST, "a body with a length", old("Content-Length: 3\r\n", "/echo", "abc", "POST"),
        closes(answer(200, body="abc"))),
    row("9112 6.3", MUST, "POST without a length has no body", old("", "/echo", "", "POST"),
        closes(answer(200, body=""))),
    row("9110 10.1.1", MUST, "100-continue is ignored",
        old("Expect: 100-continue\r\nContent-Length: 3\r\n", "/echo", "abc", "POST"), closes(answer(200, body="abc"))),
    row("9110 10.1.1", CHOICE, "other expectations are ignored too", old("Expect: x\r\n"), closes(UP),
        "HTTP/1.0 has no Expect"),
    row("9110 2.5", MUST, "it is answered as HTTP/1.1", old(), closes(200)),
    row("9112 3.2.2", MUST, "a URI for a target", old(target="http://a.example/host"),
        closes(answer(200, body="a.example"))),
    row("9110 7.8", MUST, "Upgrade is ignored", old("Connection: Upgrade\r\nUpgrade: websocket\r\n"), closes(UP)),
))

EXPECT = "Expect: 100-continue\r\n"


def asked(fields, body, target="/echo"):
    """A request whose body is sent when 100 has come."""
    return post(fields, target=target), After(1), body


THREE = "Content-Length: 3\r\n"
ABC = answer(200, body="abc")

EXPECTATIONS = Section("Expect: 100-continue", (
    row("9110 10.1.1", MUST, "100 before a body", asked(EXPECT + THREE, "abc"), opens(100, ABC)),
    row("9110 10.1.1", MUST, "100 before a body in pieces", asked(EXPECT + THREE, "abc", "/pieces"), opens(100, ABC)),
    row("9110 10.1.1", MUST, "100 before chunks", asked(EXPECT + "Transfer-Encoding: chunked\r\n",
                                                        "3\r\nabc\r\n" + END), opens(100, ABC)),
    row("9110 10.1.1", MUST, "100 before chunks in pieces",
        asked(EXPECT + "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n" + END, "/pieces"), opens(100, ABC)),
    row("9110 10.1.1", MUST, "100-Continue", asked("Expect: 100-Continue\r\n" + THREE, "abc"), opens(100, ABC)),
    row("9110 10.1.1", MUST, "100-CONTINUE", asked("EXPECT: 100-CONTINUE\r\n" + THREE, "abc"), opens(100, ABC)),
    row("9110 10.1.1", MUST, "blanks around it", asked("Expect:\t 100-continue \r\n" + THREE, "abc"), opens(100, ABC)),
    row("9110 10.1.1", MUST, "twice is once", asked(EXPECT + EXPECT + THREE, "abc"), opens(100, ABC)),
    row("9110 5.6.1", MUST, "an empty element beside it", asked("Expect: , 100-continue\r\n" + THREE, "abc"),
        opens(100, ABC)),
    row("9110 10.1.1", MUST, "a body that comes without being asked for", sized("abc", fields=EXPECT),
        opens(ABC, interim=True)),
    row("9110 10.1.1", MUST, "chunks that come without being asked for", chunks("3\r\nabc\r\n" + END, fields=EXPECT),
        opens(ABC, interim=True)),
    row("9110 10.1.1", MUST, "100 on each of two requests", asked(EXPECT + THREE, "abc") + (
        post(EXPECT + THREE), After(3), "def"), opens(100, ABC, 100, answer(200, body="def"))),
    row("9110 10.1.1", MUST, "100 keeps its place behind another answer",
        (get() + post(EXPECT + THREE), After(2), "abc"), opens(UP, 100, ABC)),
    row("9110 10.1.1", MUST, "100 keeps its place behind a slow answer",
        (get("/slow") + post(EXPECT + THREE), After(2), "abc"), opens(200, 100, ABC)),
    row("9110 10.1.1", MUST, "another request behind a body that was asked for",
        (post(EXPECT + THREE), After(1), "abc" + get("/last")), opens(100, ABC, LAST)),
    row("9110 10.1.1", MUST, "100 before a body of which a handler reads one piece",
        asked(EXPECT + THREE, "abc", "/first"), opens(100, 200)),
    row("9110 10.1.1", MUST, "100, then close", asked(EXPECT + THREE + "Connection: close\r\n", "abc"),
        closes(100, ABC)),
    row("9110 10.1.1", CHOICE, "no 100 without a body", get("/", EXPECT), opens(UP), "there is nothing to wait for"),
    row("9110 10.1.1", CHOICE, "no 100 before an empty body", post(EXPECT + "Content-Length: 0\r\n"),
        opens(answer(200, body="")), "there is nothing to wait for"),
    row("9110 10.1.1", MUST, "no 100 before 404", post(EXPECT + THREE, target="/nowhere"), closes(404)),
    row("9110 10.1.1", MUST, "no 100 before 405", post(EXPECT + THREE, target="/last"), closes(405)),
    row("9110 10.1.1", MUST, "no 100 before 413", post(EXPECT + "Content-Length: 11\r\n", target="/little"),
        closes(413)),
    row("9110 10.1.1", MUST, "no 100 before 501", post(EXPECT + "Transfer-Encoding: x, chunked\r\n"), closes(501)),
    row("9110 10.1.1", MUST, "no 100 before 400", post(EXPECT + "Content-Length: x\r\n"), closes(400)),
    row("9110 10.1.1", MUST, "no 100 where nobody wants the body", post(EXPECT + THREE, target="/ignored"),
        closes(answer(200, body="ignored\n"))),
    row("9110 10.1.1", MUST, "100, then chunks that are too large",
        asked(EXPECT + "Transfer-Encoding: chunked\r\n", "b\r\n", "/little"), closes(100, 413)),
    row("9110 10.1.1", MUST, "100, then chunks that are none",
        asked(EXPECT + "Transfer-Encoding: chunked\r\n", "x\r\n"), closes(100, 400)),
    row("9110 10.1.1", CHOICE, "another expectation", post("Expect: x\r\n" + THREE), closes(417),
        "RFC 9110 10.1.1 lets a server refuse it; who expects something should not be told it was met"),
    row("9110 10.1.1", CHOICE, "another expectation beside it", post("Expect: 100-continue, x\r\n" + THREE),
        closes(417), "as above"),
    row("9110 10.1.1", CHOICE, "another expectation in a second field", post(EXPECT + "Expect: x=y\r\n" + THREE),
        closes(417), "as above"),
    row("9110 10.1.1", CHOICE, "another number", post("Expect: 200-ok\r\n" + THREE), closes(417), "as above"),
    row("9110 10.1.1", CHOICE, "a parameter", post("Expect: 100-continue;a=b\r\n" + THREE), closes(417), "as above"),
    row("9110 10.1.1", CHOICE, "another expectation without a body", get("/", "Expect: x\r\n"), closes(417),
        "as above"),
    row("9110 10.1.1", CHOICE, "an empty one", get("/", "Expect:\r\n"), opens(UP), "it expects nothing"),
))
