"""What all benchmarks share: the build, servers, load, tables, and RESULTS.md."""
import argparse
import datetime
import os
import pathlib
import platform
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "bench"
PROGRAMS = BUILD / "benchmarks"
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
LEFT_OUT = 77  # the exit status of what cannot be done here


def say(text=""):
    print(text, flush=True)


def leave_out(why):
    say(f"left out: {why}")
    sys.exit(LEFT_OUT)


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            leave_out(f"there is no {program}")


def options(doc, *names, **more):
    """The command line of a benchmark; `names` are numbers with a default, as name=default."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--no-results", action="store_true", help="leave RESULTS.md as it is")
    for name, (default, what) in more.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default,
                            help=f"{what} (default {default})")
    for name, what in names:
        parser.add_argument(f"--{name}", action="append", default=[], help=what)
    return parser.parse_args()


# -- the build -----------------------------------------------------------------------------------------------------


def build(*targets):
    """Builds targets with the preset `bench`; False for one that was left out at configure time."""
    if not (BUILD / "build.ninja").exists():
        output(["cmake", "--preset", "bench"])
    output(["cmake", "--build", BUILD, "--target", "rebuild_cache"])  # there may be new packages
    known = output(["ninja", "-C", BUILD, "-t", "targets", "all"])
    there = [t for t in targets if re.search(rf"^{re.escape(t)}: phony", known, re.M)]
    if there:
        say(f"building {' '.join(there)}")
        jobs = os.environ.get("WEND_JOBS", str(os.cpu_count()))
        output(["cmake", "--build", BUILD, "-j", jobs, "--target", *there])
    return {t: t in there for t in targets}


def output(command, **more):
    """What a command prints; all of it is shown when it fails."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          **more)
    if done.returncode:
        say(done.stdout)
        sys.exit(f"failed: {shlex.join(map(str, command))}")
    return done.stdout


# -- servers -------------------------------------------------------------------------------------------------------


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Server:
    """A program that serves on loopback.

    A command with {port} in it is given a free one; else its first line has to say
    "listening on http://127.0.0.1:PORT".
    """

    def __init__(self, command, errors=None):
        told = free_port() if any("{port}" in str(c) for c in command) else None
        self.process = subprocess.Popen([str(c).replace("{port}", str(told)) for c in command],
                                        stdout=subprocess.DEVNULL if told else subprocess.PIPE,
                                        stderr=errors or subprocess.DEVNULL, text=True, start_new_session=True)
        self.pid = self.process.pid
        self.port = told or self._said()
        self._wait()

    def _said(self):
        for line in self.process.stdout:
            if found := re.search(r":(\d+)/?\s*$", line):
                return int(found[1])
        self.stop()
        raise RuntimeError(f"{self.process.args[0]} did not say where it listens")

    def _wait(self):
        deadline = time.monotonic() + 30
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.stop()
                    raise RuntimeError(f"{self.process.args[0]} does not listen on {self.port}") from None
                time.sleep(0.05)

    def url(self, target="/"):
        return f"http://127.0.0.1:{self.port}{target}"

    def request(self, target="/"):
        return f"GET {target} HTTP/1.1\r\nHost: localhost:{self.port}\r\n\r\n".encode()

    def answer(self, target="/"):
        """(status, body, bytes in all) of a request on a connection of its own."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as peer:
            return exchange(peer, self.request(target))

    def cpu(self):
        """(user, system) seconds of all threads so far."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        tick = os.sysconf("SC_CLK_TCK")
        return int(fields[11]) / tick, int(fields[12]) / tick

    def memory(self):
        """The resident set in bytes: what the program wrote to, without its own code."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return 1024 * int(re.search(r"RssAnon:\s+(\d+)", text)[1])

    def stop(self):
        """Ends it, politely at first; gives what it said on standard error if that was asked for."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.communicate(timeout=60)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.communicate()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def exchange(peer, request):
    """Sends a request and reads one answer with a Content-Length, or with chunks."""
    peer.sendall(request)
    got = b""
    while b"\r\n\r\n" not in got:
        got += receive(peer)
    head, _, body = got.partition(b"\r\n\r\n")
    if length := re.search(rb"^content-length: *(\d+)", head, re.I | re.M):
        while len(body) < int(length[1]):
            body += receive(peer)
    else:
        while not body.endswith(b"0\r\n\r\n"):
            body += receive(peer)
    return int(head.split(b" ", 2)[1]), body, len(head) + 4 + len(body)


def receive(peer):
    piece = peer.recv(65536)
    if not piece:
        raise ConnectionError("the server closed the connection")
    return piece


# -- what is printed and kept --------------------------------------------------------------------------------------


def table(header, rows):
    """A table in Markdown, padded so as to be read as it is. Numbers stand to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    right = [bool(rows) and all(re.match(r"[-+]?[\d.]|$", row[i]) for row in rows) for i in range(len(header))]

    def line(cells):
        return "| " + " | ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right)) + " |"

    rule = "|" + "|".join("-" * (w + 1) + (":" if r else "-") for w, r in zip(widths, right)) + "|"
    return "\n".join([line(header), rule, *map(line, rows)])


def commit():
    short = output(["git", "rev-parse", "--short", "HEAD"]).strip()
    changed = output(["git", "status", "--porcelain", "--", "include", "benchmarks/*.cpp", "benchmarks/*/*.cpp"])
    return short + (" and changes" if changed.strip() else "")


def compiler(name="g++"):
    return output([name, "--version"]).splitlines()[0]


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return (f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, "
            f"{platform.system()} {platform.release()}, {compiler()}")


HEAD = """# Results

Written by `./tools/bench`: every section has the command that wrote it, when, from which commit, and where. Times move
by tens of per cent from hour to hour on a shared machine, so compare figures of one section only; instructions,
system calls and bytes hold. The work on speed is not done: these are figures on the way.
"""


def publish(stage, body, settings):
    """Prints a section, and puts it in its place in RESULTS.md."""
    say(f"\n{body}")
    if settings.no_results:
        return
    given = [a for a in sys.argv[1:] if a != "--no-results"]
    command = shlex.join(["./tools/bench", stage, *given])
    today = datetime.date.today().isoformat()
    made = f"`{command}`, {today}, commit {commit()}; {machine()}"
    section = f"## {stage}\n\n{made}\n\n{body.strip()}\n"
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    sections = {s.split("\n", 1)[0]: f"## {s.strip()}\n" for s in text.split("\n## ")[1:]}
    sections[stage] = section
    order = re.findall(r'^  "(\w+): ', (ROOT / "tools" / "bench").read_text(encoding="utf-8"), re.M)
    places = sorted(sections, key=lambda s: (order.index(s) if s in order else len(order), s))
    RESULTS.write_text(HEAD + "\n" + "\n".join(sections[s] for s in places), encoding="utf-8")
