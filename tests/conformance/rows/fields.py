"""Field lines (RFC 9112 5, RFC 9110 5)."""
from .row import CHOICE, HOST, MUST, SHOULD, Section, answer, closes, get, opens, row

BARE_LF = "RFC 9112 2.2 lets a server take it; a party that does not sees one line where we would see two"
CONTROL = "RFC 9110 5.5 lets it stay where that is safe; where it is not, nobody can say"


def value(text):
    """A field X with this value, blanks and all, asked back between brackets."""
    return get("/values", f"X:{text}\r\n")


def valued(text):
    return opens(answer(200, body=text))


FIELDS = Section("Fields", (
    row("9110 5.5", MUST, "a value", value(" a"), valued("[a]")),
    row("9110 5.5", MUST, "an empty value", value(""), valued("[]")),
    row("9110 5.5", MUST, "a value of blanks is empty", value(" \t "), valued("[]")),
    row("9110 5.5", MUST, "no blank before the value", value("a"), valued("[a]")),
    row("9110 5.5", MUST, "blanks around the value are not of it", value("\t  a \t"), valued("[a]")),
    row("9110 5.5", MUST, "blanks within the value are", value(" a  b\tc"), valued("[a  b\tc]")),
    row("9110 5.5", MUST, "colons in a value", value(" a:b::c"), valued("[a:b::c]")),
    row("9110 5.5", MUST, "a value that begins with a colon", value(":a"), valued("[:a]")),
    row("9110 5.5", MUST, "quotes are of the value", value(' "a b"'), valued('["a b"]')),
    row("9110 5.5", SHOULD, "bytes over 0x7F in a value", value(" \xff\xfe\x80"), valued("[\xff\xfe\x80]")),
    row("9110 5.3", MUST, "two of a name keep their order", get("/values", "X: a\r\nY: c\r\nX: b\r\n"),
        valued("[a][b]")),
    row("9110 5.1", MUST, "a name in any case", get("/values", "x: a\r\nX: b\r\n"), valued("[a][b]")),
    row("9110 5.1", MUST, "a name that is nearly another", get("/values", "X-: a\r\n-X: b\r\nXX: c\r\n"), valued("")),
    row("9110 5.6.2", MUST, "every byte that a name may have", get("/", "!#$%&'*+-.^_`|~0aZ: x\r\n"), opens(200)),
    row("9110 5.1", MUST, "a name of 200 bytes", get("/", f"{'a' * 200}: x\r\n"), opens(200)),
    row("9112 5.1", MUST, "a space before the colon", get("/", "X : a\r\n"), closes(400)),
    row("9112 5.1", MUST, "a tab before the colon", get("/", "X\t: a\r\n"), closes(400)),
    row("9112 5.1", MUST, "a space before the colon of Host", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", closes(400)),
    row("9112 5", SHOULD, "a space in a name", get("/", "X Y: a\r\n"), closes(400)),
    row("9112 5", SHOULD, "an empty name", get("/", ": a\r\n"), closes(400)),
    row("9112 5", SHOULD, "a colon alone", get("/", ":\r\n"), closes(400)),
    row("9112 5", SHOULD, "no colon", get("/", "X\r\n"), closes(400)),
    row("9112 5", SHOULD, "no colon in the last field", get("/", "A: b\r\nX\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a slash in a name", get("/", "X/Y: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a bracket in a name", get("/", "X[0]: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a parenthesis in a name", get("/", "X(Y): a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a quote in a name", get("/", '"X": a\r\n'), closes(400)),
    row("9110 5.1", SHOULD, "a comma in a name", get("/", "X,Y: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a semicolon in a name", get("/", "X;Y: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "an at sign in a name", get("/", "X@Y: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "an equals sign in a name", get("/", "X=Y: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a brace in a name", get("/", "{X}: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a backslash in a name", get("/", "X\\Y: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a byte over 0x7F in a name", get("/", "X\xe9: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a NUL in a name", get("/", "X\0: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a DEL in a name", get("/", "X\x7f: a\r\n"), closes(400)),
    row("9110 5.1", SHOULD, "a vertical tab in a name", get("/", "\x0bX: a\r\n"), closes(400)),
    row("9112 5.2", MUST, "a value that is folded", get("/", "X: a\r\n b\r\n"), closes(400)),
    row("9112 5.2", MUST, "a value that is folded with a tab", get("/", "X: a\r\n\tb\r\n"), closes(400)),
    row("9112 5.2", MUST, "a value that is folded to nothing", get("/", "X: a\r\n \r\n"), closes(400)),
    row("9112 5.2", MUST, "a value that is folded before it begins", get("/", "X:\r\n a\r\n"), closes(400)),
    row("9112 5.2", MUST, "a Host that is folded", "GET / HTTP/1.1\r\nHost:\r\n a.example\r\n\r\n", closes(400)),
    row("9112 2.2", MUST, "a blank before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", closes(400)),
    row("9112 2.2", MUST, "a line of a blank before the first field", f"GET / HTTP/1.1\r\n \r\n{HOST}\r\n",
        closes(400)),
    row("9112 2.2", CHOICE, "a bare LF between fields", get("/", "X: a\nY: b\r\n"), closes(400), BARE_LF),
    row("9112 2.2", CHOICE, "a bare LF in the last line", f"GET / HTTP/1.1\r\n{HOST}\n", closes(400), BARE_LF),
    row("9110 5.5", MUST, "a bare LF in a value", value(" a\nb"), closes(400)),
    row("9110 5.5", MUST, "a bare CR in a value", value(" a\rb"), closes(400)),
    row("9110 5.5", MUST, "a bare CR before the value", value("\ra"), closes(400)),
    row("9110 5.5", MUST, "two CRs at the end", value(" a\r"), closes(400)),
    row("9112 2.2", MUST, "a bare CR in the last line", f"GET / HTTP/1.1\r\n{HOST}\r\r\n", closes(400)),
    row("9110 5.5", MUST, "LF and CR, the wrong way round", get("/", "X: a\n\rY: b\r\n"), closes(400)),
    row("9110 5.5", MUST, "a NUL in a value", value(" a\0b"), closes(400)),
    row("9110 5.5", MUST, "a NUL alone", value(" \0"), closes(400)),
    row("9110 5.5", CHOICE, "an ESC in a value", value(" \x1b[0m"), closes(400), CONTROL),
    row("9110 5.5", CHOICE, "a backspace in a value", value(" a\x08"), closes(400), CONTROL),
    row("9110 5.5", CHOICE, "a vertical tab in a value", value(" \x0ba"), closes(400), CONTROL),
    row("9110 5.5", CHOICE, "a form feed in a value", value(" \x0ca"), closes(400), CONTROL),
    row("9110 5.5", CHOICE, "a DEL in a value", value(" \x7f"), closes(400), CONTROL),
    row("9110 5.5", CHOICE, "the byte 0x01 in a value", value(" \x01"), closes(400), CONTROL),
    row("9112 2.2", SHOULD, "an empty line ends the head, whatever follows", get() + "X: a\r\n\r\n",
        closes(200, 400)),
    row("9110 7.8", CHOICE, "an Upgrade that nobody wants", get("/", "Connection: Upgrade\r\nUpgrade: websocket\r\n"),
        opens(answer(200, lacks=("Upgrade",))), "RFC 9110 7.8: a server may ignore it"),
    row("9113 3.2", CHOICE, "an Upgrade to h2c", get("/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                                                     "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"),
        opens(answer(200, lacks=("Upgrade",))), "HTTP/2 is left to a proxy"),
))
