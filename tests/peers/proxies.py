"""Proxies in front of wend: their configurations, ordinary use through them, and whether they and wend ever differ.

Between proxy and service stands a tap, which passes everything on and keeps it. So for each connection that a
proxy makes there are three readings: of the proxy, which puts a mark into every request that it knows of; of
strict.py, from the same bytes; and of wend, which writes down what it takes. They have to be the same.
"""
import asyncio
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
import zlib

import answers
import strict
from rows import SECTIONS, limits
from rows.row import After, Flood, Half, Pause, Reset

AT_ONCE = 96  # connections
QUIET = 0.4  # seconds without a byte, after which nothing is expected to come any more
PATIENCE = 15  # seconds for an exchange
MARK = re.compile(rb"\r\nx-mark: *([^\r\n]*)\r\n", re.I)
REFUSALS = (400, 413, 414, 417, 431, 501, 505)  # of what never comes to a route


# --- the proxies, as they are configured

NGINX = """daemon off; pid {folder}/pid; error_log {folder}/log; {as_root}
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; server_tokens off; merge_slashes off; underscores_in_headers on; {lenient}
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
  uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  large_client_header_buffers 8 64k; client_max_body_size 0; keepalive_requests 100000;
  upstream wend {{ server 127.0.0.1:{upstream}; keepalive 32; keepalive_requests 100000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://wend; proxy_http_version 1.1; proxy_request_buffering off; proxy_buffering off;
      proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_set_header X-Mark $remote_port;
      proxy_next_upstream off;
    }}
  }}
}}
"""

HAPROXY = """global
  tune.bufsize 65536
  tune.maxrewrite 4096
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
  retries 0
listen wend
  bind 127.0.0.1:{port}
  {lenient}
  http-reuse always
  http-request set-header X-Mark %[src_port]
  server wend 127.0.0.1:{upstream}
"""

APACHE = """LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
LoadModule headers_module {modules}/mod_headers.so
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {folder}/pid
DefaultRuntimeDir {folder}
ErrorLog {folder}/log
{as_root}
{lenient}
StartServers 1
ServerLimit 4
ThreadsPerChild 64
MaxRequestWorkers 256
MaxKeepAliveRequests 0
LimitRequestLine 65536
LimitRequestFieldSize 65536
LimitRequestFields 0
AllowEncodedSlashes NoDecode
MergeSlashes Off
ProxyPreserveHost On
RequestHeader set X-Mark expr=%{{REMOTE_PORT}}
ProxyPass / http://127.0.0.1:{upstream}/ nocanon flushpackets=on
"""

MODULES = ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/libexec/apache2")
SBIN = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


class Kind:
    def __init__(self, name, programs, text, command, as_root="", lenient=""):
        self.name = name
        self.program = next(filter(None, (shutil.which(p, path=SBIN) for p in programs)), None)
        self.text = text
        self.command = command  # its arguments, before the path of the configuration
        self.as_root = as_root if os.geteuid() == 0 else ""
        self.lenient = lenient

    def missing(self):
        """What is not installed, or None."""
        if not self.program:
            return f"there is no {self.name.split()[0]}"
        if self.text is APACHE and not any(map(os.path.isdir, MODULES)):
            return "Apache's modules are not where they are looked for"
        return None


KINDS = (
    Kind("nginx", ("nginx",), NGINX, ("-c",), as_root="user root;"),
    Kind("HAProxy", ("haproxy",), HAPROXY, ("-db", "-f")),
    Kind("Apache", ("apache2", "httpd"), APACHE, ("-DFOREGROUND", "-f"), as_root="User nobody\nGroup nogroup"),
    # what each of them has for clients that are not to be refused
    Kind("nginx, lenient", ("nginx",), NGINX, ("-c",), as_root="user root;", lenient="ignore_invalid_headers off;"),
    Kind("HAProxy, lenient", ("haproxy",), HAPROXY, ("-db", "-f"), lenient="option accept-invalid-http-request"),
    Kind("Apache, lenient", ("apache2", "httpd"), APACHE, ("-DFOREGROUND", "-f"), as_root="User nobody\nGroup nogroup",
         lenient="HttpProtocolOptions Unsafe"),
)


class Proxy:
    """A proxy that runs, in a folder of its own."""

    def __init__(self, kind, folder, upstream):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.folder.chmod(0o755)
        modules = next(filter(os.path.isdir, MODULES), "")
        for _ in range(5):  # none of them takes port 0, and one that is free now may be taken in a moment
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.address = free.getsockname()
            configuration = self.folder / "conf"
            configuration.write_text(kind.text.format(
                folder=folder, port=self.address[1], upstream=upstream, as_root=kind.as_root, lenient=kind.lenient,
                modules=modules), encoding="ascii")
            self.output = open(self.folder / "output", "wb")
            self.process = subprocess.Popen([kind.program, *kind.command, str(configuration)], cwd=folder,
                                            stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output)
            if self.listens():
                return
            self.stop()
        raise OSError(f"{kind.name} does not start: {(self.folder / 'output').read_text()[-500:]}")

    def listens(self):
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(self.address, timeout=1).close()
                return True
            except OSError:
                time.sleep(0.02)
        return False

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()


# --- the tap


class Link:
    """A connection through the tap, and what went both ways."""

    def __init__(self, port):
        self.port = port  # that wend sees
        self.up = bytearray()
        self.down = bytearray()


class Tap:
    def __init__(self, upstream):
        self.upstream = upstream
        self.links = []
        self.tasks = set()

    async def start(self):
        self.server = await asyncio.start_server(self.connected, "127.0.0.1", 0, backlog=1024)
        return self.server.sockets[0].getsockname()

    async def connected(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        up_reader, up_writer = await asyncio.open_connection(*self.upstream)
        link = Link(up_writer.get_extra_info("sockname")[1])
        self.links.append(link)
        await asyncio.gather(self.pass_on(reader, up_writer, link.up), self.pass_on(up_reader, writer, link.down))
        writer.close()
        up_writer.close()
        self.tasks.discard(asyncio.current_task())

    @staticmethod
    async def pass_on(reader, writer, kept):
        try:
            while data := await reader.read(1 << 18):
                kept += data
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except OSError:
            writer.transport.abort()

    async def stop(self):
        """When everybody who connected has gone."""
        self.server.close()
        if self.tasks:
            await asyncio.wait(list(self.tasks), timeout=10)


# --- rows, sent to a proxy


class Played:
    """What a client saw that sent a row."""

    def __init__(self):
        self.port = 0
        self.got = bytearray()
        self.ended = False  # by the other side

    def statuses(self):
        """Those of the answers, as far as they can be told apart without knowing the requests."""
        return [int(s) for s in re.findall(rb"(?:^|\n)HTTP/1\.[01] (\d\d\d) ", bytes(self.got))]


class Client:
    def __init__(self, row, used):
        self.row = row
        self.used = used  # ports that had a row already: they are its name
        self.played = Played()

    async def connect(self, address):
        held = []
        while True:
            reader, writer = await asyncio.open_connection(*address)
            self.played.port = writer.get_extra_info("sockname")[1]
            if self.played.port not in self.used:
                break
            held.append(writer)
        for each in held:
            each.close()
        self.used.add(self.played.port)
        return reader, writer

    async def play(self, address):
        reader, writer = await self.connect(address)
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
            elif answer:
                self.faults.append((request.mark(), f"{request.named()} was answered with {answer.status}, "
                                                    "but wend says that it took none"))
        for other in todo:
            self.faults.append((other[2], f"wend took {other}, and a strict origin {[r.named() for r in self.sent]}"
                                          + (f", then {self.wrong}" if self.wrong else "")))
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
