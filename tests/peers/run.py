#!/usr/bin/env python3
"""wend behind the proxies and in front of the clients that there are.

    run.py --server build/dev/tests/peers_service [--only nginx]

What is not installed is left out, and said to be. Everything is on loopback, on free ports, and bounded in time.
"""
import argparse
import asyncio
import os
import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "conformance"))  # the rows, and the reader of answers
import clients  # noqa: E402
import differential  # noqa: E402
import ordinary  # noqa: E402
import proxies  # noqa: E402
from server import Server  # noqa: E402


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, because, wrong):
        self.passed += not wrong
        self.failed += bool(wrong)
        if wrong:
            print(f"FAIL {because}: {wrong}", flush=True)


async def play(service, kind, folder, todo):
    """Has something done at a proxy, or at wend itself if there is no `kind`; and what went through the tap."""
    tap = proxies.Tap(service.address)
    address = await tap.start()
    proxy = None
    try:
        if kind:
            proxy = proxies.Proxy(kind, folder / "proxy", address[1])
            address = proxy.address
        return await todo(address), tap.links
    finally:
        if proxy:
            proxy.stop()
        await tap.stop()


def outcome_of(program, kind, rows, todo, check):
    with tempfile.TemporaryDirectory(prefix="wend-") as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)  # a proxy that was root looks into it
        service = Server(program, folder / "ledger")
        try:
            played, links = asyncio.run(play(service, kind, folder, todo))
        finally:
            end = service.stop(within=40)
        check(f"{kind.name if kind else 'no proxy'}: wend ends when it is told to", end != 0 and f"it ends with {end}")
        return differential.Outcome(rows, played, links, folder / "ledger")


def run_rows(program, kind, check):
    rows = differential.played_rows()
    return outcome_of(program, kind, rows, lambda address: differential.play_all(rows, address), check)


def run_ordinary(program, kind, check):
    async def todo(address):
        await asyncio.get_running_loop().run_in_executor(None, ordinary.use, kind.name, address, check)

    differential.agree(kind.name, outcome_of(program, kind, (), todo, check), check)


def run_proxies(program, only, check):
    kinds = [kind for kind in proxies.KINDS if only in kind.name]
    for missing in dict.fromkeys(filter(None, (kind.missing() for kind in kinds))):
        print(f"left out: {missing}")
    kinds = [kind for kind in kinds if not kind.missing()]
    if not kinds:
        return
    direct = run_rows(program, None, check)
    check("no proxy: wend takes what a strict origin does", "; ".join(direct.faults()))
    for kind in kinds:
        if not kind.lenient:  # that makes no difference to it
            run_ordinary(program, kind, check)
        differential.compare(kind.name, direct, run_rows(program, kind, check), check)


def run_clients(program, only, check):
    folder = tempfile.mkdtemp(prefix="wend-")
    service = Server(program)
    try:
        place = clients.Place(service.address, pathlib.Path(folder))
        for name, client, why in clients.all_of_them():
            if only not in name:
                continue
            if why:
                print(f"left out: {why}")
                continue
            before = check.passed
            clients.use(place, name, client, check)
            print(f"     {name}: {check.passed - before} uses", flush=True)
    finally:
        end = service.stop(within=40)
        shutil.rmtree(folder, ignore_errors=True)  # a helper of the browser may still be ending
    check("wend ends when its clients have left", end != 0 and f"it ends with {end}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--server", required=True, help="tests/peers/service.cpp, built")
    arguments.add_argument("--only", default="", help="the proxies and clients with this in their name")
    options = arguments.parse_args()
    program = os.path.abspath(options.server)
    check = Checks()
    run_proxies(program, options.only, check)
    run_clients(program, options.only, check)
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
