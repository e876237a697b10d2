"""The program under test, for the suites that are scripts."""
import re
import signal
import subprocess


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
