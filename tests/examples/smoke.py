#!/usr/bin/env python3
"""Starts an example on a free port, asks it what <name>.http asks, stops it with SIGTERM.

    smoke.py build/dev/examples/hello [cases.http]

The cases of examples/hello.cpp stand in tests/examples/hello.http, in order, answered over one connection:

    ! args --db {dir}/notes.sqlite          more arguments for the program; {dir} is a fresh folder, and its
                                            working directory; {examples} is the folder of the sources
    # a title is needed                     why: starts a case, and is its name
    > POST /notes                           request line, fields, and after an empty `>` the body
    > Content-Type: application/json
    >
    > {"title": ""}
    < 422                                   the status; or `gone`: the client leaves when it has sent all this
    < Content-Type: application/problem+json   a field of the response; `*` stands for any text, at either end
    < no Location                           a field that is not there
    < json {"status": 422, "errors": "*"}   the body equals this JSON (to the end of the case); "*" is any value
    < text "wend is up\\n"                   the body is this string, written as JSON
    < has expected 1 to 200                 the body contains this
    < size 3000000                          the body has so many bytes
    < begins "data: 1\n"                    the body begins with this string; no more of it is read
    < empty                                 there is no body
    < files blobs: a.bin b.bin              what is in this folder then, or soon after
    < event {"id": "7", "data": "*"}        the next server-sent event has these members; data that is no string
                                            is JSON. The connection is closed after the last of them

Host and Content-Length are added unless the case has them. `{x*3000000}` in the body of a request is so many
x; with `Transfer-Encoding: chunked` each of its lines is a chunk. Besides the cases: the first line the example
prints is `listening on http://127.0.0.1:PORT`, it exits with 0 within 10 s of SIGTERM, and its source is at
most 80 lines, each file of it where it is a folder.
"""
import fnmatch
import http.client
import json
import pathlib
import queue
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"
LINES = 80
REPEAT = re.compile(r"\{(.)\*(\d+)\}")
PATIENCE = 10  # seconds for starting, answering and stopping each; sanitizers are slow


class Case:
    def __init__(self, because, line):
        self.because = because
        self.line = line  # where it stands in the file
        self.request = []
        self.response = []


def parse(path):
    """(arguments, cases) of a .http file."""
    arguments, cases, because = [], [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        mark, text = line[:1], line[2:]
        if mark == "!":
            word, _, rest = text.partition(" ")
            if word != "args":
                raise SystemExit(f"{path}:{number}: unknown directive {word}")
            arguments += shlex.split(rest)
        elif mark == "#":
            because.append(text)
        elif mark == ">":
            if because or not cases or cases[-1].response:
                cases.append(Case(" ".join(because), number))
                because = []
            cases[-1].request.append(text)
        elif mark == "<":
            if not cases:
                raise SystemExit(f"{path}:{number}: an answer without a request")
            cases[-1].response.append(text)
        elif line.strip():
            raise SystemExit(f"{path}:{number}: a line starts with one of ! # > <")
    for case in cases:
        if not case.because or not case.response:
            raise SystemExit(f"{path}:{case.line}: a case needs a `#` line that says why, and an answer")
    return arguments, cases


class Program:
    """The example, running. What it prints is read by threads, so that it never waits for a full pipe."""

    def __init__(self, command, folder):
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.first_lines = queue.Queue()
        self.errors = []
        threading.Thread(target=self._read_output, daemon=True).start()
        self._stderr = threading.Thread(target=self._read_errors, daemon=True)
        self._stderr.start()

    def _read_output(self):
        for line in self.process.stdout:
            self.first_lines.put(line)
        self.first_lines.put("")

    def _read_errors(self):
        self.errors += self.process.stderr

    def port(self):
        """Where it listens, or None with the reason."""
        try:
            line = self.first_lines.get(timeout=PATIENCE)
        except queue.Empty:
            return None, "printed nothing"
        match = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        return (int(match[1]), "") if match else (None, f"first printed {line!r}")

    def stop(self):
        """Why it did not stop as it should, or None."""
        if self.process.poll() is not None:
            return f"exited by itself with {self.process.returncode}"
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return f"still ran {PATIENCE} s after SIGTERM"
        return None if code == 0 else f"exited with {code} after SIGTERM"

    def complaints(self):
        self._stderr.join(1)
        return "".join(self.errors)


def matches(expected, actual):
    """JSON equality in which the expected string "*" is any value."""
    if expected == "*":
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(matches(v, actual[k]) for k, v in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(matches, expected, actual))
    return type(expected) is type(actual) and expected == actual


def read_events(response, count):
    """The next `count` server-sent events, as WHATWG HTML 9.2.6 reads them, each a dict of its fields."""
    events, fields = [], {}
    while len(events) < count:
        line = response.readline().decode(errors="replace")
        if not line:
            break  # the stream is over
        line = line.rstrip("\n")
        if not line and fields:
            events.append(fields)
            fields = {}
        name, _, value = line.partition(":")
        if name:  # else a comment
            value = value[value.startswith(" "):]
            fields[name] = f"{fields['data']}\n{value}" if name == "data" and name in fields else value
    return events


def same_event(expected, actual):
    """Whether the event has the expected members."""
    try:
        return all(matches(value, actual[name] if isinstance(value, str) else json.loads(actual[name]))
                   for name, value in expected.items())
    except (KeyError, ValueError):
        return False


def send(connection, case):
    method, target = case.request[0].split(" ", 1)
    blank = case.request.index("") if "" in case.request else len(case.request)
    fields = [line.split(": ", 1) for line in case.request[1:blank]]
    lines = [REPEAT.sub(lambda m: m[1] * int(m[2]), line).encode() for line in case.request[blank + 1:]]
    names = {name.lower() for name, _ in fields}
    if "transfer-encoding" in names:
        body = b"".join(b"%x\r\n%s\r\n" % (len(line), line) for line in lines + [b""])
    else:
        body = b"\n".join(lines)
    connection.putrequest(method, target, skip_host="host" in names, skip_accept_encoding=True)
    for name, value in fields:
        connection.putheader(name, value)
    if blank < len(case.request) and not names & {"content-length", "transfer-encoding"}:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body if body else None)


def receive(connection, case):
    """The response, and as much of its body as the case asks for."""
    response = connection.getresponse()
    expected = sum(line.startswith("event ") for line in case.response)
    if expected and response.status == 200:
        events = read_events(response, expected)
        response.close()  # what is still to come
        connection.close()
        return response, events
    beginning = next((line for line in case.response if line.startswith("begins ")), None)
    if beginning is None:
        return response, response.read().decode(errors="replace")
    body = response.read(len(json.loads(beginning[len("begins "):]).encode()))
    connection.close()
    return response, body.decode(errors="replace")


def files_complaint(folder, wanted):
    """Why the files in a folder are not those wanted, `folder: name name`, or None; waits for them."""
    name, _, names = wanted.partition(":")
    end = time.monotonic() + PATIENCE
    while True:
        actual = sorted(entry.name for entry in (folder / name).iterdir())
        if actual == sorted(names.split()):
            return None
        if time.monotonic() > end:
            return f"the files are {actual}"
        time.sleep(0.05)


def compare(case, response, body):
    """The complaints about one answer."""
    bad = []
    if response.status != int(case.response[0]):
        bad.append(f"status {response.status}, expected {case.response[0]}")
    lines = case.response[1:]
    events = list(body) if isinstance(body, list) else []
    for index, line in enumerate(lines):
        word, _, rest = line.partition(" ")
        if word == "json":
            wanted = json.loads("\n".join([rest] + lines[index + 1:]))
            try:
                if not matches(wanted, json.loads(body)):
                    bad.append(f"the JSON is not {json.dumps(wanted)}")
            except ValueError:
                bad.append("the body is not JSON")
            break
        if word == "text":
            if body != json.loads(rest):
                bad.append(f"the body is not {rest}")
        elif word == "begins":
            if body != json.loads(rest):
                bad.append(f"the body does not begin with {rest}")
        elif word == "size":
            if len(body.encode()) != int(rest):
                bad.append(f"the body has {len(body.encode())} bytes")
        elif word == "has":
            if rest not in body:
                bad.append(f"the body does not contain {rest!r}")
        elif word == "event":
            if not events or not same_event(json.loads(rest), events.pop(0)):
                bad.append(f"the next event is not {rest}")
        elif line == "empty":
            if body:
                bad.append("there is a body")
        elif word == "no":
            if response.getheader(rest) is not None:
                bad.append(f"{rest} is there")
        else:
            name, _, value = line.partition(": ")
            actual = response.getheader(name)
            # brackets are plain text in field values, not a set of characters as fnmatch has it
            if actual is None or not fnmatch.fnmatchcase(actual, value.replace("[", "[[]").replace("?", "[?]")):
                bad.append(f"{name} is {actual!r}, expected {value!r}")
    if bad:
        bad.append(f"it answered {response.status} {dict(response.getheaders())} {body[:2000]!r}")
    return bad


def ask(port, cases, folder):
    """Yields (name, complaints) of each case."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    for case in cases:
        name = f"{case.request[0]}: {case.because}"
        files = [line[len("files "):] for line in case.response if line.startswith("files ")]
        case.response = [line for line in case.response if not line.startswith("files ")]
        try:
            send(connection, case)
            if case.response[0] == "gone":
                connection.close()
                complaints = []
            else:
                complaints = compare(case, *receive(connection, case))
            yield name, complaints + list(filter(None, (files_complaint(folder, f) for f in files)))
        except (OSError, http.client.HTTPException) as error:
            yield name, [f"no answer: {error!r}"]
            connection.close()
    connection.close()


def run(program, path):
    """Yields (name, complaints) of everything that is checked about one example."""
    sources = sorted((EXAMPLES / program.name).glob("*.?pp")) or [EXAMPLES / f"{program.name}.cpp"]
    lines = {source: len(source.read_text(encoding="utf-8").splitlines()) for source in sources}
    yield f"at most {LINES} lines", [f"{source.name} has {n}" for source, n in lines.items() if n > LINES]

    if not path.exists():
        yield "has cases", [f"{path} does not exist"]
        return
    arguments, cases = parse(path)
    with tempfile.TemporaryDirectory(prefix="wend-") as folder:
        places = {"dir": folder, "examples": str(EXAMPLES)}
        arguments = [re.sub(r"\{(dir|examples)\}", lambda m: places[m[1]], a) for a in arguments]
        running = Program([str(program), "--port", "0", *arguments], folder)
        bad = 0
        try:
            port, why = running.port()
            yield "says where it listens", [why] if why else []
            bad += bool(why)
            if port:
                for name, complaints in ask(port, cases, pathlib.Path(folder)):
                    bad += bool(complaints)
                    yield name, complaints
        finally:
            why = running.stop()
        yield "stops on SIGTERM", [why] if why else []
        if bad or why:
            print(running.complaints(), end="", flush=True)


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    program = pathlib.Path(sys.argv[1]).resolve()
    path = pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else HERE / f"{program.name}.http"
    passed = failed = 0
    for name, complaints in run(program, path):
        passed += not complaints
        failed += bool(complaints)
        print(f"{'FAIL' if complaints else 'ok  '} {name}", flush=True)
        for complaint in complaints:
            print(f"     {complaint}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
