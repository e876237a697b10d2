"""Proxies as they are configured here, and the tap between them and wend, which passes everything on and keeps it."""
import asyncio
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time


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
  option http-no-delay
  http-reuse always
  http-request set-header X-Mark %[src_port]
  server wend 127.0.0.1:{upstream}
"""

APACHE = """LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule authz_core_module {modules}/mod_authz_core.so
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
            return f"there is no {self.name.partition(',')[0]}"
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
                                            stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output,
                                            start_new_session=True)
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
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # Apache takes 10 s if a client has left before its answer was there
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # its workers are in its group
        except ProcessLookupError:
            pass
        self.process.wait()
        self.output.close()


# --- the tap


class Link:
    """A connection through the tap, and what went both ways."""

    def __init__(self, port):
        self.port = port  # that wend sees
        self.up = bytearray()
        self.down = bytearray()


def port_of(writer):
    return writer.get_extra_info("sockname")[1]


async def connect(address, used):
    """A connection from a port that had none before, which is used from now on."""
    held = []
    while True:
        reader, writer = await asyncio.open_connection(*address)
        if port_of(writer) not in used:
            break
        held.append(writer)
    for each in held:
        each.close()
    used.add(port_of(writer))
    return reader, writer


class Tap:
    def __init__(self, upstream):
        self.upstream = upstream
        self.links = []
        self.ports = set()  # that wend saw already: a link is known by its port
        self.tasks = set()

    async def start(self):
        self.server = await asyncio.start_server(self.connected, "127.0.0.1", 0, backlog=1024)
        return self.server.sockets[0].getsockname()

    async def connected(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        up_reader, up_writer = await connect(self.upstream, self.ports)
        link = Link(port_of(up_writer))
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
