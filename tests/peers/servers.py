#!/usr/bin/env python3
"""wend's own client in front of the servers of other people: nginx and Node.

    servers.py build/dev/tests/fetcher

What is not installed is left out, and said to be.
"""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
LARGE = 3 * 1024 * 1024

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 64; }}
http {{
  access_log off; types {{ text/plain txt; }}
  {temporary}
  server {{
    listen 127.0.0.1:{port}; root {folder};
    location /moved {{ return 301 /small.txt; }}
    location /short {{ keepalive_timeout 0; try_files /small.txt =404; }}
    location /wordy {{ add_header X-Long "{long}"; try_files /small.txt =404; }}
    location /ssi {{ ssi on; ssi_types *; try_files /small.txt =404; }}
  }}
}}
"""


class Fetcher:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        return self.process.wait(20)


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, name, answer, **wanted):
        wrong = {key: answer.get(key) for key, value in wanted.items() if answer.get(key) != value}
        self.passed += not wrong
        self.failed += bool(wrong)
        print(f"FAIL {name}: {answer}, not {wanted}" if wrong else f"ok   {name}", flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


def try_nginx(program, check):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wend-"))
    (folder / "small.txt").write_text("small")
    (folder / "large.txt").write_bytes(b"z" * LARGE)
    port = free_port()
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port, temporary=temporary, long="l" * 3000))
    folder.chmod(0o755)
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    server = subprocess.Popen([nginx, "-p", str(folder), "-c", str(folder / "conf"), *user],
                              stderr=subprocess.DEVNULL)
    try:
        if not wait_for(port):
            return check("nginx starts", {"listens": False}, listens=True)
        fetch, url = Fetcher(program), f"http://127.0.0.1:{port}"
        check("nginx: a file", fetch(f"GET {url}/small.txt"), status=200, begins="small", type="text/plain", idle=1)
        check("nginx: a large file", fetch(f"GET {url}/large.txt"), status=200, size=LARGE, idle=1)
        check("nginx: its head", fetch(f"HEAD {url}/large.txt"), status=200, size=0, idle=1)
        check("nginx: no file", fetch(f"GET {url}/none.txt"), status=404, type="text/html", idle=1)
        check("nginx: a redirect", fetch(f"GET {url}/moved"), status=200, begins="small")
        check("nginx: chunks", fetch(f"GET {url}/ssi"), status=200, begins="small", idle=1)
        check("nginx: a long field", fetch(f"GET {url}/wordy"), status=200, begins="small", idle=1)
        check("nginx: it closes", fetch(f"GET {url}/short"), status=200, begins="small", idle=0)
        check("nginx: a method that it does not allow", fetch(f"PUT {url}/small.txt 100000"), status=405)
        check("the client ends", {"end": fetch.close()}, end=0)
        fetch = Fetcher(program, "--pieces")
        check("nginx: a large file in pieces", fetch(f"GET {url}/large.txt"), status=200, size=LARGE, idle=1)
        check("nginx: a redirect, in pieces", fetch(f"GET {url}/moved"), status=200, size=5, idle=1)
        fetch.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
    return None


def try_node(program, check):
    server = subprocess.Popen(["node", str(HERE / "servers.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        fetch = Fetcher(program)
        check("Node: content there and back", fetch(f"POST {url}/echo {LARGE}"), status=200, size=LARGE, idle=1)
        check("Node: chunks", fetch(f"GET {url}/chunks"), status=200, size=495000, idle=1)
        check("Node: trailers", fetch(f"GET {url}/trailers"), status=200, begins="a", idle=1)
        check("Node: early hints", fetch(f"GET {url}/early"), status=200, begins="late", idle=1)
        check("Node: no content", fetch(f"DELETE {url}/nothing"), status=204, size=0, idle=1)
        check("Node: the end is that of the connection", fetch(f"GET {url}/closes"), begins="until the end", idle=0)
        check("Node: a chain of redirects", fetch(f"GET {url}/hop?n=4"), status=200, begins="GET")
        check("Node: too many of them", fetch(f"GET {url}/hop?n=9"), error="wend: there are too many redirects")
        check("Node: content goes along", fetch(f"POST {url}/post-hop 1000"), status=200, size=1000)
        check("Node: a POST becomes a GET", fetch(f"POST {url}/hop?n=0 10"), begins="GET")
        first = fetch(f"GET {url}/peer")["begins"]
        check("Node: a connection is used again", fetch(f"GET {url}/peer"), begins=first)
        time.sleep(2)  # Node closes what is idle meanwhile
        again = fetch(f"GET {url}/peer")
        check("Node: one that was closed is opened again", {"status": again.get("status"),
                                                            "same": again.get("begins") == first}, status=200, same=False)
        check("Node: an answer that breaks off", fetch(f"GET {url}/breaks"),
              error="wend: the connection ended within the response")
        check("Node: and the next one", fetch(f"GET {url}/method"), begins="GET")
        check("the client ends", {"end": fetch.close()}, end=0)
        fetch = Fetcher(program, "--pieces")
        check("Node: chunks in pieces", fetch(f"GET {url}/chunks"), status=200, size=495000, idle=1)
        check("Node: pieces that break off", fetch(f"GET {url}/breaks"),
              error="wend: the connection ended within the response")
        fetch.close()
    finally:
        server.stdin.close()
        server.wait(10)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    check = Checks()
    for name, there, attempt in (("nginx", shutil.which("nginx") or os.path.exists("/usr/sbin/nginx"), try_nginx),
                                 ("node", shutil.which("node"), try_node)):
        if there:
            attempt(os.path.abspath(sys.argv[1]), check)
        else:
            print(f"left out: there is no {name}")
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
