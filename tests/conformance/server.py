"""The program under test, for the suites that are scripts."""
import os
import pathlib
import re
import signal
import subprocess
import time


class Server:
    """A program that serves, on the port that it says."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        found = re.search(r":(\d+)$", said.strip())
        if not found:
            raise OSError(f"{program} said {said!r}, and no port")
        self.address = ("127.0.0.1", int(found[1]))

    def stop(self, within=30):
        """Its exit status, or "nothing" when it has not drained after so many seconds."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "nothing"


def processor_time(process, seconds):
    """Seconds of a processor that a process takes in so many seconds."""
    def now():
        text = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii")
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    began = now()
    time.sleep(seconds)
    return now() - began
