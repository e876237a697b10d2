"""The program under test, and the checks of it."""
import os
import pathlib
import re
import signal
import socket
import subprocess

results = {"passed": 0, "failed": 0}


def check(because, good, detail=""):
    results["passed" if good else "failed"] += 1
    print(f"{'ok  ' if good else 'FAIL'} {because}{': ' if detail else ''}{detail}\n", end="", flush=True)


class Service:
    """The program under test, listening where `address` says."""

    def __init__(self, program, address="127.0.0.1", inherit=(), arguments=()):
        self.process = subprocess.Popen([program, address, *arguments], stdout=subprocess.PIPE, text=True,
                                        pass_fds=inherit)
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)$", line.strip())
        self.port = int(found.group(1)) if found else None

    def memory(self):
        """The resident set in KiB, now and at its highest."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return (int(re.search(r"VmRSS:\s+(\d+)", text).group(1)), int(re.search(r"VmHWM:\s+(\d+)", text).group(1)))

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def get(self, path):
        with self.connect() as peer:
            peer.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            answer = b""
            while piece := peer.recv(65536):
                answer += piece
        return answer.partition(b"\r\n\r\n")[2].decode()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


class Activated(Service):
    """The same behind systemd-socket-activate: that listens, and becomes the program when somebody connects."""

    def __init__(self, program):
        said = {"SYSTEMD_LOG_LEVEL": "info", "SYSTEMD_LOG_TARGET": "console", "SYSTEMD_LOG_COLOR": "0"}
        for _ in range(10):  # it takes no port 0, and one that is free now may be taken before it listens there
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
            self.process = subprocess.Popen(
                ["systemd-socket-activate", "--listen", f"127.0.0.1:{self.port}", program, "systemd"],
                env={**os.environ, **said}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if "Listening on" in self.process.stderr.readline():
                return
            self.process.wait(timeout=30)
        raise OSError("systemd-socket-activate does not listen")

    def runs(self):
        """The program that the process is now."""
        return os.path.basename(os.readlink(f"/proc/{self.process.pid}/exe"))
