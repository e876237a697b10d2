#!/usr/bin/env python3
"""Opens an example in a headless Chromium, and has its page do what <name>.js says.

    run.py build/dev/examples/events [--screenshot page.png]

tests/browser/events.js is run in the page of examples/events.cpp:

    // args: --period 20                      more arguments for the program
    // page: /docs                            another page than "/"
    test("the clock ticks", async () => {     one test, in a page that was opened for it
      await until(() => text("#tick") > 3);   fails after 10 s
      check(text("#missed") === "0", "no tick is missed");
    });

An exception that the page does not catch fails the test as well. The browser is driven through its
own pipe for debuggers (--remote-debugging-pipe, the DevTools protocol), so nothing but Debian's package
chromium is needed. Exits with 77 where there is no Chromium.
"""
import argparse
import base64
import fcntl
import json
import os
import pathlib
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "examples"))
from smoke import Program  # noqa: E402

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--headless", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
         "--disable-sync", "--metrics-recording-only", "--no-first-run", "--no-proxy-server",
         "--remote-debugging-pipe")
START = 30  # seconds for the browser to answer at all
TEST = 30   # and for a test

HARNESS = """
const tests = [];
const test = (name, run) => tests.push({name, run});
const element = selector => document.querySelector(selector);
const text = selector => element(selector).textContent.trim();
const sleep = ms => new Promise(done => setTimeout(done, ms));
const check = (condition, what) => { if (!condition) throw new Error("it does not hold that " + what); };
const until = async (condition, ms = 10000) => {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(10))
    if (await condition()) return;
  throw new Error("never came true: " + condition);
};
/* sets a field of a form as a person would */
const enter = (selector, value) => {
  const field = element(selector);
  field.value = value;
  for (const what of ["input", "change"]) field.dispatchEvent(new Event(what, {bubbles: true}));
};
"""


class Failed(Exception):
    pass


def find_chromium():
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A Chromium of our own, with a fresh profile."""

    def __init__(self, program, folder):
        # the browser reads from its descriptor 3 and writes to 4: ours are moved out of the way first
        theirs_in, self._out = self._pipe()
        self._in, theirs_out = self._pipe()

        def connect():
            os.dup2(theirs_in, 3)
            os.dup2(theirs_out, 4)

        command = [program, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # it refuses root otherwise
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
                                         pass_fds=(3, 4), preexec_fn=connect, start_new_session=True)
        os.close(theirs_in)
        os.close(theirs_out)
        self._buffer = b""
        self._last_id = 0
        self.events = []

    @staticmethod
    def _pipe():
        return [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in os.pipe()]

    def _next(self, deadline):
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._in], [], [], left)[0]:
                raise Failed("no answer in time")
            piece = os.read(self._in, 65536)
            if not piece:
                self._log.seek(0)
                raise Failed("the browser has ended: " + self._log.read().decode(errors="replace")[-2000:])
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, session=None, patience=TEST, **parameters):
        """The result of a command; what happens meanwhile is added to `events`."""
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + patience
        while True:
            answer = self._next(deadline)
            if answer.get("id") == self._last_id:
                if "error" in answer:
                    raise Failed(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event, session):
        deadline = time.monotonic() + TEST
        while not any(e.get("method") == event and e.get("sessionId") == session for e in self.events):
            self.events.append(self._next(deadline))

    def close(self):
        try:
            self.call("Browser.close", patience=5)
            self._process.wait(5)
        except (Failed, OSError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self._process.pid, signal.SIGKILL)  # its helpers are in its group
        except ProcessLookupError:
            pass
        self._process.wait()


class Page:
    """A page that was opened for one test."""

    def __init__(self, browser, url):
        self.browser = browser
        browser.events.clear()
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Runtime.enable")
        if failed := self.call("Page.navigate", url=url).get("errorText"):
            raise Failed(f"{url}: {failed}")
        browser.wait_for("Page.loadEventFired", self.session)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if problem := result.get("exceptionDetails"):
            raise Failed(problem.get("exception", {}).get("description", problem["text"]))
        return result["result"].get("value")

    def uncaught(self):
        """What the page itself threw and nobody caught."""
        return [e["params"]["exceptionDetails"].get("exception", {}).get("description", "an exception")
                for e in self.browser.events
                if e.get("method") == "Runtime.exceptionThrown" and e.get("sessionId") == self.session]

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)


def run(browser, url, source, screenshot):
    """Yields (name, complaint) of each test."""
    script = HARNESS + source
    lister = Page(browser, url)
    names = lister.evaluate(f"(() => {{ {script}\n return tests.map(t => t.name); }})()")
    lister.close()
    for index, name in enumerate(names):
        try:
            page = Page(browser, url)
            page.evaluate(f"(async () => {{ {script}\n await tests[{index}].run(); }})()")
            if screenshot:
                page.screenshot(screenshot)
            yield name, "".join(page.uncaught())
            page.close()
        except Failed as why:
            yield name, str(why)


def play(chromium, command, source, screenshot=None):
    """Starts a program, plays a script in its page, and stops it; how many tests passed and failed."""
    more = [word for line in re.findall(r"^// args: (.*)$", source, re.M) for word in shlex.split(line)]
    path = next(iter(re.findall(r"^// page: (.*)$", source, re.M)), "/")
    passed = failed = 0
    folder = tempfile.mkdtemp(prefix="wend-")
    try:
        running = Program([*command, "--port", "0", *more], folder)
        browser = None
        try:
            port, why = running.port()
            if not port:
                raise Failed(f"{command[0]} {why}")
            browser = Browser(chromium, folder)
            browser.call("Browser.getVersion", patience=START)
            for name, complaint in run(browser, f"http://127.0.0.1:{port}{path}", source, screenshot):
                passed += not complaint
                failed += bool(complaint)
                print(f"{'FAIL' if complaint else 'ok  '} {name}", flush=True)
                if complaint:
                    print(f"     {complaint}", flush=True)
        except Failed as why:
            failed += 1
            print(f"FAIL {why}")
        finally:
            if browser:
                browser.close()
            why = running.stop()
        passed += not why
        failed += bool(why)
        print(f"FAIL {why}" if why else "ok   stops on SIGTERM after the browser has left")
        if failed:
            print(running.complaints(), end="")
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a helper of the browser may still be ending
    return passed, failed


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program", type=pathlib.Path)
    arguments.add_argument("--screenshot", type=pathlib.Path, help="of the page after the last test")
    options = arguments.parse_args()
    chromium = find_chromium()
    if not chromium:
        print("skipped: there is no Chromium")
        return 77

    program = options.program.resolve()
    passed, failed = play(chromium, [str(program)], (HERE / f"{program.name}.js").read_text(encoding="utf-8"),
                          options.screenshot)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
