"""How a path becomes the one that routes see (RFC 3986 2, 3.3, 5.2.4, 6.2.2)."""
from .row import CHOICE, MUST, SHOULD, Section, answer, closes, get, opens, row

TOLD = "what would be left is another path than the client meant"
EMPTY = "an empty segment is a segment (RFC 3986 3.3)"
ROUTE = "that is for the route to say, here {segment} and {n:int}"
HIDES = "a party that decodes first sees a way up"


def seen(target, text):
    return get(target), opens(answer(200, body=text))


PATHS = Section("Paths", (
    row("3986 2.1", MUST, "an escape", *seen("/one/a%20b", "a b")),
    row("3986 6.2.2.2", MUST, "an escape of a letter is the letter", *seen("/%6c%61%73%74", "last\n")),
    row("3986 2.1", MUST, "hex in lower case", *seen("/one/%2a%2b", "*+")),
    row("3986 2.1", MUST, "hex in capitals", *seen("/one/%2A%2B", "*+")),
    row("3986 2.1", MUST, "UTF-8", *seen("/one/%C3%A9", "\xc3\xa9")),
    row("3986 2.1", MUST, "an escaped percent sign is decoded once", *seen("/one/%252e", "%2e")),
    row("3986 2.2", MUST, "an escaped question mark is of the path", *seen("/one/a%3Fb", "a?b")),
    row("3986 2.2", MUST, "an escaped number sign is of the path", *seen("/one/a%23b", "a#b")),
    row("3986 2.2", MUST, "an escaped slash does not separate", *seen("/one/a%2Fb", "a/b")),
    row("3986 2.2", MUST, "an escaped slash in lower case", *seen("/one/a%2fb", "a/b")),
    row("3986 2.2", MUST, "an escaped slash in the rest of a path", *seen("/rest/a%2Fb/c", "a/b/c")),
    row("3986 2.2", MUST, "an escaped slash is not one of a route", get("/one%2Fa"), opens(404)),
    row("3986 2.2", MUST, "an escaped backslash is a backslash", *seen("/one/a%5Cb", "a\\b")),
    row("3986 2.2", MUST, "plus is plus", *seen("/one/a+b", "a+b")),
    row("3986 3.3", MUST, "semicolons are of a segment", *seen("/one/a;b=c", "a;b=c")),
    row("3986 3.4", MUST, "escapes of a query are left to whoever reads it", *seen("/query?a=b%26c%2F", "a=b%26c%2F")),
    row("3986 7.3", CHOICE, "an escaped NUL", get("/one/a%00b"), closes(400), "no path has it, and C would end there"),
    row("3986 2.1", SHOULD, "an escape that is no hex", get("/one/%zz"), closes(400)),
    row("3986 2.1", SHOULD, "an escape of one digit", get("/one/%4"), closes(400)),
    row("3986 2.1", SHOULD, "an escape of one digit before a slash", get("/rest/%4/a"), closes(400)),
    row("3986 2.1", SHOULD, "a percent sign at the end", get("/one/a%"), closes(400)),
    row("3986 2.1", SHOULD, "two percent signs", get("/one/%%41"), closes(400)),
    row("3986 2.1", SHOULD, "an escape with a u", get("/one/%u0041"), closes(400)),
    row("3986 2.1", SHOULD, "a sign in an escape", get("/one/%+1"), closes(400)),
    row("3986 2.1", SHOULD, "a bad escape where no route is", get("/nowhere/%zz"), closes(400)),
    row("3986 6.2.2.3", SHOULD, "a dot", *seen("/rest/a/./b", "a/b")),
    row("3986 6.2.2.3", SHOULD, "two dots", *seen("/rest/a/../b", "b")),
    row("3986 6.2.2.3", SHOULD, "two dots, twice", *seen("/rest/a/b/../../c", "c")),
    row("3986 6.2.2.3", SHOULD, "two dots at the end", *seen("/rest/a/b/..", "a/")),
    row("3986 6.2.2.3", SHOULD, "a dot at the end", *seen("/rest/a/.", "a/")),
    row("3986 6.2.2.3", SHOULD, "two dots that leave the route", *seen("/one/../last", "last\n")),
    row("3986 6.2.2.3", SHOULD, "escaped dots", *seen("/rest/a/%2e%2e/b", "b")),
    row("3986 6.2.2.3", SHOULD, "escaped dots in capitals", *seen("/rest/a/%2E%2E/b", "b")),
    row("3986 6.2.2.3", SHOULD, "half escaped dots", *seen("/rest/a/.%2e/b", "b")),
    row("3986 5.2.4", MUST, "three dots are a name", *seen("/one/...", "...")),
    row("3986 5.2.4", MUST, "dots and a letter are a name", *seen("/one/..a", "..a")),
    row("3986 5.2.4", MUST, "a dot in front is a name", *seen("/one/.a", ".a")),
    row("3986 5.2.4", CHOICE, "two dots above the root", get("/../last"), closes(400), TOLD),
    row("3986 5.2.4", CHOICE, "escaped dots above the root", get("/%2e%2e/last"), closes(400), TOLD),
    row("3986 5.2.4", CHOICE, "dots above the root, further on", get("/one/../../last"), closes(400), TOLD),
    row("3986 5.2.4", CHOICE, "dots behind an escaped slash", get("/rest/a%2F../b"), closes(400), HIDES),
    row("3986 5.2.4", CHOICE, "dots between escaped slashes", get("/rest/a%2F..%2Fb"), closes(400), HIDES),
    row("3986 5.2.4", CHOICE, "dots before an escaped slash", get("/rest/..%2Fa"), closes(400), HIDES),
    row("3986 6.2.3", CHOICE, "two slashes are two", *seen("/rest/a//b", "a//b"), EMPTY),
    row("3986 6.2.3", CHOICE, "two slashes in front are another path", get("//last"), opens(404), EMPTY),
    row("3986 6.2.3", CHOICE, "two slashes within are another path", get("/int//1"), opens(404), EMPTY),
    row("3986 6.2.3", CHOICE, "two slashes alone", get("//"), opens(404), EMPTY),
    row("3986 6.2.3", CHOICE, "a slash at the end is another path", get("/last/"), opens(404),
        "an application may have it redirected to the one there is"),
    row("3986 6.2.2.1", SHOULD, "a path has a case", get("/LAST"), opens(404)),
    row("9110 15.5.5", CHOICE, "an empty segment is no capture", get("/one/"), opens(404), ROUTE),
    row("9110 15.5.5", CHOICE, "a capture that does not fit", get("/int/x"), opens(404), ROUTE),
    row("9110 15.5.5", CHOICE, "a capture that is too large", get("/int/99999999999999999999"), opens(404), ROUTE),
    row("9110 15.5.5", CHOICE, "a capture that fits", *seen("/int/-7", "-7"), ROUTE),
))
