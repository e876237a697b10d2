"""Clients of others, each as it is used every day, against wend itself: the right bytes, and connections kept."""
import http.client
import importlib.util
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

from ordinary import LARGE, pattern, sum_of

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 30  # seconds for a program


class Wrong(Exception):
    """An answer is not what it should be."""


def same(got, wanted, what="it"):
    if got != wanted:
        raise Wrong(f"{what} is {got!r:.200}, not {wanted!r:.200}")


class Place:
    """Where wend is, and a folder with a large file to send."""

    def __init__(self, address, folder):
        self.address = address
        self.url = f"http://127.0.0.1:{address[1]}"
        self.folder = folder
        self.large = folder / "large"
        self.large.write_bytes(pattern(LARGE))
        self.small = folder / "small"
        self.small.write_bytes(b"small\n")

    def run(self, *command, stdin=b"", status=0, errors=False):
        """What a program prints, or what it prints as errors."""
        done = subprocess.run([str(word) for word in command], input=stdin, capture_output=True, timeout=PATIENCE,
                              cwd=self.folder, check=False)
        if done.returncode != status:
            said = (done.stderr or done.stdout).decode(errors="replace")
            raise Wrong(f"it ends with {done.returncode}: {said[-300:]}")
        return done.stderr if errors else done.stdout


# --- programs for the command line


def curl(at):
    large, url = at.large, at.url

    def ask(*words, status=0, stdin=b""):
        return at.run("curl", "-sS", "--max-time", 20, *words, status=status, stdin=stdin)

    def connects(*words):
        out = ask("-w", "<%{num_connects}>", *words)
        return sum(map(int, re.findall(rb"<(\d+)>", out)))

    def head():
        answer = ask("-I", f"{url}/").decode()
        if not answer.startswith("HTTP/1.1 200 OK\r\n") or "\r\nContent-Length: 3\r\n" not in answer:
            raise Wrong(answer)

    def many():
        out = at.folder / "many"
        out.mkdir()
        ask("-Z", "--parallel-max", 20, "-o", f"{out}/#1", f"{url}/one/[1-200]")
        same({int(f.name): int(f.read_text()) for f in out.iterdir()}, {n: n for n in range(1, 201)})

    def asked(size, target, wanted):
        """An upload that curl holds back until it is told to go on, for at most a second if it is not."""
        out = ask("-w", "\n%{http_code} %{size_upload} %{time_total}", "-H", "Expect: 100-continue",
                  "--expect100-timeout", 10, "--data-binary", f"@{large if size > 10 else at.small}", f"{url}{target}")
        status, sent, seconds = out.decode(errors="replace").rsplit("\n", 1)[1].split()
        same((status, int(sent)), (wanted, size if wanted == "200" else 0), "status and upload")
        if float(seconds) > 5:
            raise Wrong(f"it waited {seconds} s for leave to send")

    yield "GET", lambda: same(ask(f"{url}/last"), b"last\n")
    yield "-I", head
    yield "8 MiB down", lambda: same(ask(f"{url}/bytes/{LARGE}"), pattern(LARGE))
    yield "--data-binary", lambda: same(ask("--data-binary", f"@{large}", f"{url}/echo"), pattern(LARGE))
    yield "-d", lambda: same(ask("-d", "a=b&c=d", f"{url}/echo"), b"a=b&c=d")
    yield "-T", lambda: same(ask("-T", large, f"{url}/sum"), sum_of(pattern(LARGE)))
    yield "-T of a stream", lambda: same(ask("-T", "-", f"{url}/sum", stdin=pattern(LARGE)), sum_of(pattern(LARGE)))
    yield "chunks", lambda: same(ask("-H", "Transfer-Encoding: chunked", "--data-binary", f"@{large}", f"{url}/echo"),
                                 pattern(LARGE))
    yield "-F", lambda: same(ask("-o", "-", "-w", "%{http_code}", "-F", f"a=@{at.small}", f"{url}/ignored"),
                             b"ignored\n200")
    yield "-X PUT without a body", lambda: same(ask("-X", "PUT", f"{url}/echo"), b"")
    yield "--http1.0", lambda: same(ask("--http1.0", f"{url}/last", f"{url}/bytes/1000"), b"last\n" + pattern(1000))
    yield "--http1.0 with a body", lambda: same(ask("--http1.0", "-d", "abc", f"{url}/echo"), b"abc")
    yield "--http2, which is declined", lambda: same(ask("--http2", f"{url}/last", f"{url}/last"), b"last\nlast\n")
    yield "--tr-encoding and --compressed", lambda: same(ask("--tr-encoding", "--compressed", f"{url}/last"), b"last\n")
    yield "--raw", lambda: same(ask("--raw", f"{url}/drip")[-5:], b"0\r\n\r\n")
    yield "-r, which is ignored where there are no ranges", lambda: same(ask("-r", "0-1", f"{url}/last"), b"last\n")
    yield "-x", lambda: same(ask("--noproxy", "", "-x", url, "http://a.example:81/host"), b"a.example:81")
    yield "--request-target '*'", lambda: same(ask("-X", "OPTIONS", "--request-target", "*", "-w", "%{http_code}", url),
                                               b"204")
    yield "--fail", lambda: ask("--fail", f"{url}/nowhere", status=22)
    yield "-Z", many
    yield "one connection for many", lambda: same(connects(*[f"{url}/one/x"] * 20), 1, "the number of connections")
    yield "one connection for 204, 304, HEAD-less errors and streams", lambda: same(
        connects("-o", "/dev/null", f"{url}/nothing", f"{url}/unchanged", f"{url}/nowhere", f"{url}/drip", f"{url}/"),
        1, "the number of connections")
    yield "one connection for uploads", lambda: same(
        connects("-T", large, f"{url}/sum", "-T", large, f"{url}/sum", "-T", at.small, f"{url}/echo"), 1,
        "the number of connections")
    yield "Expect, for a body that is read", lambda: asked(6, "/echo", "200")
    yield "Expect, for a large body in pieces", lambda: asked(LARGE, "/sum", "200")
    yield "Expect, for a body that is too large", lambda: asked(LARGE, "/little", "413")
    yield "Expect, for nothing that is there", lambda: asked(LARGE, "/nowhere", "404")
    yield "a body that is refused while it is sent", lambda: same(
        ask("-H", "Expect:", "--data-binary", f"@{large}", "-o", "/dev/null", "-w", "%{http_code}", f"{url}/little"),
        b"413")


def wget(at):
    def ask(*words, status=0):
        return at.run("wget", "-q", "--tries=1", "--timeout=20", "-O", "-", *words, status=status)

    def reused():
        said = at.run("wget", "-O", "-", *[f"{at.url}/one/{n}" for n in range(20)], errors=True)
        same(said.count(b"Reusing existing connection"), 19, "the number of reuses")

    yield "GET", lambda: same(ask(f"{at.url}/last"), b"last\n")
    yield "8 MiB down", lambda: same(ask(f"{at.url}/bytes/{LARGE}"), pattern(LARGE))
    yield "--post-file", lambda: same(ask(f"--post-file={at.large}", f"{at.url}/sum"), sum_of(pattern(LARGE)))
    yield "--post-data", lambda: same(ask("--post-data=abc", f"{at.url}/echo"), b"abc")
    yield "--method=PUT", lambda: same(ask("--method=PUT", "--body-data=abc", f"{at.url}/echo"), b"abc")
    yield "--spider", lambda: same(ask("--spider", f"{at.url}/last"), b"")
    yield "an error", lambda: ask(f"{at.url}/nowhere", status=8)
    yield "one connection for many", reused


def ab(at):
    def load(target, *words, kept=True):
        out = at.run("ab", "-q", "-n", 2000, "-c", 8, *words, f"{at.url}{target}").decode()
        found = {name: re.search(rf"^{name}:? +(\d+)", out, re.M) for name in
                 ("Complete requests", "Failed requests", "Non-2xx responses", "Keep-Alive requests", "Write errors")}
        numbers = {name: int(match[1]) for name, match in found.items() if match and int(match[1])}
        same(numbers, {"Complete requests": 2000, **({"Keep-Alive requests": 2000} if kept else {})})

    yield "-k", lambda: load("/last", "-k")
    yield "without -k", lambda: load("/last", kept=False)
    yield "-k -p", lambda: load("/echo", "-k", "-p", at.small, "-T", "text/plain")
    yield "-k -i", lambda: load("/last", "-k", "-i")


def wrk(at):
    script = at.folder / "pipeline.lua"
    script.write_text('init = function() local all = {}; for i = 1, 16 do all[i] = wrk.format("GET", "/one/" .. i) end;'
                      ' batch = table.concat(all) end\nrequest = function() return batch end\n', encoding="ascii")
    posts = at.folder / "post.lua"
    posts.write_text('wrk.method = "POST"; wrk.body = string.rep("x", 5000)\n', encoding="ascii")

    def load(target, *words):
        out = at.run("wrk", "-t", 1, "-c", 16, "-d", "1s", *words, f"{at.url}{target}").decode()
        wrong = re.search(r"Socket errors.*|Non-2xx.*", out)
        if wrong or int(re.search(r"(\d+) requests in", out)[1]) < 100:
            raise Wrong(out)

    yield "GET", lambda: load("/last")
    yield "POST", lambda: load("/echo", "-s", posts)
    yield "16 requests at once", lambda: load("/", "-s", script)


def h2load(at):
    def load(target, *words):
        out = at.run("h2load", "--h1", "-n", 2000, "-c", 8, *words, f"{at.url}{target}").decode()
        same(re.search(r"^requests: .*", out, re.M)[0],
             "requests: 2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout")

    yield "GET", lambda: load("/last")
    yield "-d", lambda: load("/echo", "-d", at.small)
    yield "eight requests at once", lambda: load("/last", "-m", 8)


# --- libraries


def python(at):
    def connection():
        return http.client.HTTPConnection(*at.address, timeout=PATIENCE)

    def answer(peer, *request, **more):
        peer.request(*request, **more)
        got = peer.getresponse()
        return got.status, got.read()

    def kept():
        peer = connection()
        same(answer(peer, "GET", "/last"), (200, b"last\n"))
        socket = peer.sock
        for method, target, wanted in (("HEAD", "/last", (200, b"")), ("GET", "/nothing", (204, b"")),
                                       ("GET", "/unchanged", (304, b"")), ("GET", "/drip", (200, b"first\nsecond\n"))):
            same(answer(peer, method, target), wanted, target)
        same(answer(peer, "POST", "/echo", body=b"abc"), (200, b"abc"))
        same(answer(peer, "POST", "/echo", body=iter([b"abc", b"", b"def"]), encode_chunked=True,
                    headers={"Transfer-Encoding": "chunked"}), (200, b"abcdef"))
        same(answer(peer, "GET", "/nowhere")[0], 404)
        same(answer(peer, "POST", "/sum", body=open(at.large, "rb")), (200, sum_of(pattern(LARGE))))
        same(answer(peer, "GET", f"/bytes/{LARGE}"), (200, pattern(LARGE)))
        same(peer.sock is socket, True, "that the connection is the same")
        peer.close()

    def closes():
        peer = connection()
        same(answer(peer, "GET", "/says/close"), (200, b"said\n"))
        same(peer.sock, None, "the connection")
        same(answer(peer, "GET", "/last"), (200, b"last\n"))
        peer.close()

    def opened(request):
        with urllib.request.urlopen(request, timeout=PATIENCE) as got:
            return got.read()

    def missing():
        try:
            opened(f"{at.url}/nowhere")
        except urllib.error.HTTPError as why:
            same((why.code, json.load(io.BytesIO(why.read()))["status"]), (404, 404))

    yield "http.client, on one connection", kept
    yield "http.client and a handler that closes", closes
    yield "urllib", lambda: same(opened(f"{at.url}/last"), b"last\n")
    yield "urllib with a body", lambda: same(opened(urllib.request.Request(f"{at.url}/echo", b"abc")), b"abc")
    yield "urllib and an error", missing


def script(at, *command):
    """What a script finds, which prints "ok NAME", or "FAIL NAME: WHY", for each thing that it tries."""
    found = []
    for line in at.run(*command).decode().splitlines():
        word, _, rest = line.partition(" ")
        name, _, why = rest.partition(": ")
        found.append((name, None if word == "ok" else why or line))
    if not found:
        raise Wrong("it says nothing")
    return found


def node(at):
    return script(at, "node", HERE / "node.js", at.url, LARGE)


def interpreter(module):
    """A Python that has this module: the one that runs this, or the system's."""
    for program in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(program) and subprocess.run([program, "-c", f"import {module}"], capture_output=True,
                                                      check=False).returncode == 0:
            return program
    return None


def module_of_tests(path):
    sys.path.append(str(HERE.parent / "examples"))  # what it imports itself
    spec = importlib.util.spec_from_file_location("tests_browser", HERE.parent / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def chromium(at):
    browser = module_of_tests("browser/run.py")
    there = browser.Browser(next(filter(None, map(shutil.which, CHROMIUM))), at.folder / "profile")
    try:
        there.call("Browser.getVersion", patience=browser.START)
        return list(browser.run(there, f"{at.url}/page", (HERE / "page.js").read_text(encoding="utf-8"), None))
    finally:
        there.close()


# --- all of them

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROGRAMS = {"curl": curl, "wget": wget, "ab": ab, "wrk": wrk, "h2load": h2load}
MODULES = ("requests", "httpx", "aiohttp")


def all_of_them():
    """(name, function, why it is left out); the function gives (what, run) or, if it is done, (what, wrong)."""
    for name, client in PROGRAMS.items():
        yield name, client, not shutil.which(name) and f"there is no {name}"
    yield "Python", python, None
    for module in MODULES:
        program = interpreter(module)
        yield (module, lambda at, p=program, m=module: script(at, p, HERE / "packages.py", at.url, LARGE, m),
               not program and f"there is no Python that has {module}")
    yield "Node", node, not shutil.which("node") and "there is no node"
    yield "Chromium", chromium, not any(map(shutil.which, CHROMIUM)) and "there is no Chromium"


def use(at, name, client, check):
    try:
        for what, run in client(at):
            wrong = run
            if callable(run):
                try:
                    run()
                    wrong = None
                except (Wrong, OSError, subprocess.SubprocessError, http.client.HTTPException) as why:
                    wrong = f"{type(why).__name__}: {why}"
            check(f"{name}: {what}", wrong)
    except (Wrong, OSError, subprocess.SubprocessError) as why:
        check(name, why)
