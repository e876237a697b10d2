#!/usr/bin/env python3
"""Mixed load with faults for a while, every answer checked, and then stops in every phase of a request.

    run.py --server build/dev/tests/soak_service [--seconds 20] [--threads 1] [--seed 1]

The service may be built with a sanitizer, whose report is a failure. Each conversation is made from a number, which is
said when it goes wrong: run.py --server ... --replay NUMBER. Everything is on loopback and bounded in time.
WEND_SOAK_SECONDS is another way to say how long.
"""
import argparse
import asyncio
import collections
import multiprocessing
import os
import pathlib
import re
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "conformance"))
from server import Server  # noqa: E402
from stops import stop_in_every_phase  # noqa: E402
from talk import FILE, Conversation  # noqa: E402

results = {"passed": 0, "failed": 0}


def check(because, good, detail=""):
    results["passed" if good else "failed"] += 1
    print(f"{'ok  ' if good else 'FAIL'} {because}{': ' if detail else ''}{detail}", flush=True)


class Service(Server):
    """The service, what it holds, and what it says at its end."""

    def memory(self):
        """The resident set, in KiB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def last_words(self):
        return self.process.stdout.read().strip()


async def converse(address, seed, counts, wrong):
    talk = Conversation(seed)
    try:
        await asyncio.wait_for(talk.run(address), 30)
    except Exception as why:  # whatever it is, it is to be told with its number
        wrong.append(f"{seed} ({talk.fault}): {type(why).__name__}: {why}")
    counts["answers"] += talk.checked
    counts[talk.fault] += 1


async def converse_until(address, end, first, counts, wrong):
    seed = first
    while time.monotonic() < end and len(wrong) < 20:
        await converse(address, seed, counts, wrong)
        seed += 1


def client(address, seconds, at_once, first, out):
    """A process of clients, `at_once` of them."""
    counts, wrong, end = collections.Counter(), [], time.monotonic() + seconds

    async def all_of_them():
        await asyncio.gather(*(converse_until(address, end, first + n * 10**7, counts, wrong) for n in range(at_once)))

    asyncio.run(all_of_them())
    out.put((counts, wrong))


def load(service, seconds, seed, processes=2, at_once=16):
    """Load for so long. Returns the counts, what went wrong, and the memory at ten times."""
    out = multiprocessing.Queue()
    clients = [multiprocessing.Process(target=client, args=(service.address, seconds, at_once, (seed + n) * 10**9, out))
               for n in range(processes)]
    for c in clients:
        c.start()
    memory = []
    for _ in range(10):
        time.sleep(seconds / 10)
        memory.append(service.memory() if service.process.poll() is None else 0)
    counts, wrong = collections.Counter(), []
    for _ in clients:
        some, more = out.get(timeout=120)
        counts, wrong = counts + some, wrong + more
    for c in clients:
        c.join(timeout=30)
    return counts, wrong, memory


def settle(service, descriptors):
    """Waits, bounded, until the service has let go of all connections."""
    for _ in range(100):
        if service.descriptors() <= descriptors:
            break
        time.sleep(0.1)
    return service.descriptors()


def soak(start, seconds, seed):
    service = start()
    load(service, 1, seed)  # what is made at first: threads, spare sessions
    descriptors = settle(service, 0)
    counts, wrong, memory = load(service, seconds, seed + 100)
    for line in wrong:
        print(f"     {line}")
    faults = ", ".join(f"{n} {what}" for what, n in counts.most_common() if what != "answers")
    check("every answer is the one to its request", not wrong, f"{counts['answers']} answers in {seconds} s; {faults}")
    check("connections are let go", settle(service, descriptors) <= descriptors,
          f"{descriptors} descriptors before, {service.descriptors()} after")
    # a quarter of the time is for the allocator to find its size; 8 MiB are what 32 bodies of 100 KB may take at once
    check("memory does not grow", memory[-1] <= memory[2] * 1.1 + 8192, f"{memory} KiB")
    check("it stops as it should", service.stop() == 0)
    said = service.last_words()
    check("nothing is left of its handlers", said == "live 0", said)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--server", required=True)
    arguments.add_argument("--seconds", type=float, default=float(os.environ.get("WEND_SOAK_SECONDS", 20)))
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--replay", type=int)
    options = arguments.parse_args()
    # freed memory that AddressSanitizer keeps would look like growth
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"

    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "file"
        file.write_bytes(FILE)
        start = lambda: Service(options.server, options.threads, file)
        if options.replay is not None:
            service, wrong = start(), []
            asyncio.run(converse(service.address, options.replay, collections.Counter(), wrong))
            check(str(options.replay), not wrong, " ".join(wrong))
            service.stop()
        else:
            soak(start, options.seconds, options.seed)
            stop_in_every_phase(start, check)
    print(f"{results['passed']} passed, {results['failed']} failed", flush=True)
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
