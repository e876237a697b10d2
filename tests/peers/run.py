#!/usr/bin/env python3
"""wend behind the proxies and in front of the clients that there are.

    run.py --server build/dev/tests/peers_service [--only nginx]

What is not installed is left out, and said to be. Everything is on loopback, on free ports, and bounded in time.
"""
import argparse
import asyncio
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
for folder in ("conformance", "browser"):  # the rows and the reader of answers; the driver of a Chromium
    sys.path.append(str(HERE.parent / folder))
import differential  # noqa: E402
import ordinary  # noqa: E402
import proxies  # noqa: E402


class Service:
    """tests/peers/service.cpp, on a port of its own."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        found = re.search(r":(\d+)$", said.strip())
        if not found:
            raise OSError(f"{program} said {said!r}, and no port")
        self.address = ("127.0.0.1", int(found[1]))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "nothing"


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, because, wrong):
        self.passed += not wrong
        self.failed += bool(wrong)
        if wrong:
            print(f"FAIL {because}: {wrong}", flush=True)


async def play(service, kind, folder, ledger, check):
    """The rows through a proxy, or to wend itself if there is no `kind`."""
    tap = proxies.Tap(service.address)
    address = await tap.start()
    proxy = None
    try:
        if kind:
            proxy = proxies.Proxy(kind, folder / "proxy", address[1])
            address = proxy.address
        rows = differential.played_rows()
        played = await differential.play_all(rows, address)
        links = list(tap.links)  # and not what ordinary use makes
        if kind:
            await asyncio.get_running_loop().run_in_executor(None, ordinary.use, kind.name, address, check)
    finally:
        if proxy:
            proxy.stop()
        await tap.stop()
    return lambda: differential.Outcome(rows, played, links, ledger)


def run_rows(program, kind, check):
    name = kind.name if kind else "no proxy"
    with tempfile.TemporaryDirectory(prefix="wend-") as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)  # a proxy that was root looks into it
        service = Service(program, folder / "ledger")
        try:
            outcome = asyncio.run(play(service, kind, folder, folder / "ledger", check))
        finally:
            end = service.stop()
        check(f"{name}: wend ends when it is told to", end != 0 and f"it ends with {end}")
        return outcome()


def run_proxies(program, only, check):
    kinds = [kind for kind in proxies.KINDS if only in kind.name]
    for missing in dict.fromkeys(filter(None, (kind.missing() for kind in kinds))):
        print(f"left out: {missing}")
    kinds = [kind for kind in kinds if not kind.missing()]
    if not kinds:
        return
    direct = run_rows(program, None, check)
    for reading in direct.readings:
        for _, why in reading.faults:
            check("no proxy", why)
    for kind in kinds:
        differential.compare(kind.name, direct, run_rows(program, kind, check), check)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--server", required=True, help="tests/peers/service.cpp, built")
    arguments.add_argument("--only", default="", help="the proxies and clients with this in their name")
    options = arguments.parse_args()
    program = os.path.abspath(options.server)
    check = Checks()
    run_proxies(program, options.only, check)
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
